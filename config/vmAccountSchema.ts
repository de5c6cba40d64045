import * as z from "zod";
import { strict, text } from "./fields.ts";
import { quote } from "./problems.ts";

/** A text that is never quoted, even if it is invalid. */
const secretText = z.custom<string>((value) => typeof value === "string" && value !== "", {
  error: "must be a non-empty string; a number needs quotes",
});

const KEY = "-----BEGIN RSA PRIVATE KEY-----\n…\n-----END RSA PRIVATE KEY-----\n";

const host = strict({
  host: z
    .union([z.ipv4(), z.ipv6(), z.string().regex(z.regexes.hostname)], {
      error: ({ input }) => `${quote(input)} is neither a host name nor an IP`,
    })
    .meta({
      description: "Host name or IP of a machine, as reached from the machine that runs Pulumi.",
      examples: ["203.0.113.11"],
    }),
  port: z
    .int()
    .min(1)
    .max(65_535)
    .default(22)
    .meta({ description: "Port of its sshd.", examples: [2222] }),
  user: text.default("root").meta({
    description: "User to log in as: root, or a user with sudo without a password.",
    examples: ["ncloud"],
  }),
  privateKey: secretText.exactOptional().meta({
    type: "string",
    "x-default": "none, `password` holds",
    "x-secret": true,
    description: "That user's private key, PEM or OpenSSH's own format, without a passphrase. Secret.",
    examples: [KEY],
  }),
  password: secretText.exactOptional().meta({
    type: "string",
    "x-default": "none, `privateKey` holds",
    "x-secret": true,
    description: "That user's password, if there is no key. Secret.",
    examples: ["…"],
  }),
  hostKey: text
    .regex(/^(ssh-ed25519|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/]{40,}={0,2}( .*)?$/, {
      error: ({ input }) =>
        `${quote(input)} is not an Ed25519 or ECDSA host key, such as "ssh-ed25519 AAAA…"; see: ssh-keyscan -t ed25519 HOST`,
    })
    .meta({
      description:
        "The machine's public key, without its name before it: `ssh-keyscan -t ed25519 HOST` shows it, `cat /etc/ssh/ssh_host_ed25519_key.pub` there confirms it. A machine with another one is refused. RSA host keys cannot be used, because current versions of sshd do not offer the signatures that the plugin supports.",
      examples: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI…"],
    }),
  holdsKey: z
    .boolean()
    .default(false)
    .meta({
      description:
        "Whether the account's private key is stored on this machine, as `.ssh/id_rsa`. Only the machine on which the portal's installer runs needs it.",
      examples: [true],
    }),
}).refine(({ privateKey, password }) => (privateKey === undefined) !== (password === undefined), {
  error: "needs either privateKey or password",
});

/** `vmAccount`: an account that is the same on several machines beside the clusters. */
export const vmAccountSchema = strict({
  name: text
    .max(32, "must be at most 32 characters long")
    .regex(/^[a-z_][a-z0-9_-]*$/, {
      error: ({ input }) => `${quote(input)} is not an account name (lower case letters, digits, "-" and "_")`,
    })
    .default("ubuntu")
    .meta({ description: "Name of the account. A changed name creates another account.", examples: ["ncloud"] }),
  hosts: z
    .array(host)
    .min(1, "needs at least one machine; without machines, remove vmAccount")
    .meta({ description: "The machines.", examples: [[{ host: "203.0.113.11", hostKey: "ssh-ed25519 AAAA…" }]] }),
  rsaBits: z
    .union([z.literal(2048), z.literal(3072), z.literal(4096)], {
      error: ({ input }) => `must be one of 2048, 3072, 4096, got ${quote(input)}`,
    })
    .default(4096)
    .meta({ description: "Size in bits of the RSA key that the program creates.", examples: [2048] }),
  privateKey: secretText.exactOptional().meta({
    type: "string",
    "x-default": "one is made",
    "x-secret": true,
    description: "Your own RSA key for the account, PEM without a passphrase. Secret.",
    examples: [KEY],
  }),
});

export type VmAccountSettings = z.output<typeof vmAccountSchema>;
