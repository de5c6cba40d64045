import { Command } from "@pulumi/command/remote/command.js";
import { Logging } from "@pulumi/command/types/enums/remote/index.js";
import * as pulumi from "@pulumi/pulumi";
import { PrivateKey } from "@pulumi/tls/privateKey.js";
import { sshPublicKey } from "./sshPublicKey.ts";
import { undoable } from "./undoable.ts";
import { asRoot, vmAccountScript } from "./vmAccountScript.ts";

/** A machine, and how to log in to it as root or as somebody who has sudo without a password. */
export interface VmHost {
  /** Hostname or IP. */
  readonly host: string;
  /** @default 22 */
  readonly port?: number;
  /** @default root */
  readonly user?: string;
  /** PEM or OpenSSH's own format; treated as secret. */
  readonly privateKey?: pulumi.Input<string>;
  /** Instead of a key; treated as secret. */
  readonly password?: pulumi.Input<string>;
  /** The machine's public key, `ssh-ed25519 AAAA…`: a machine with another one is refused. */
  readonly hostKey: string;
  /** Whether the account has the private key as its `.ssh/id_rsa`, as on the machine of the installer. @default false */
  readonly holdsKey?: boolean;
}

export interface VmAccountArgs {
  /** Name of the account. Another one later is another account; the first then goes. @default ubuntu */
  readonly name?: string;
  readonly hosts: readonly VmHost[];
  /** Size of the key that is made. @default 4096 */
  readonly rsaBits?: number;
  /** An RSA key of one's own, PEM without a passphrase; treated as secret. @default one is made */
  readonly privateKey?: pulumi.Input<string> | undefined;
}

/**
 * One account with sudo and an RSA key on machines beside the clusters, as the portal's installer wants it. On deletion goes
 * what it made and nothing else: an account that was there before loses our key and our sudo rule, and stays.
 */
export class VmAccount extends pulumi.ComponentResource {
  /** PEM (PKCS #1). Secret. */
  readonly privateKey: pulumi.Output<string>;
  /** As in `authorized_keys`. */
  readonly publicKey: pulumi.Output<string>;

  constructor(name: string, args: VmAccountArgs, opts?: pulumi.ComponentResourceOptions) {
    super("csp-mesh:index:VmAccount", name, {}, opts);
    const child = { parent: this };
    const { name: account = "ubuntu", rsaBits = 4096 } = args;

    if (args.privateKey === undefined) {
      const key = new PrivateKey(`${name}-key`, { algorithm: "RSA", rsaBits }, child);
      this.privateKey = pulumi.secret(key.privateKeyPem);
      this.publicKey = key.publicKeyOpenssh.apply((line) => line.trim());
    } else {
      this.privateKey = pulumi.secret(args.privateKey);
      this.publicKey = pulumi.unsecret(this.privateKey.apply(sshPublicKey));
    }

    for (const { host, port = 22, holdsKey = false, ...login } of args.hosts) {
      const stdin = pulumi
        .all([this.publicKey, holdsKey ? this.privateKey : ""])
        .apply(([publicKey, privateKey]) => vmAccountScript({ name: account, publicKey, privateKey }));
      undoable(
        (part, only, options) =>
          new Command(
            part,
            {
              connection: pulumi.secret({ host, port, ...login }),
              [only]: asRoot(only),
              stdin,
              // An account of another name is another account.
              triggers: [account],
              // It would need a server that accepts variables, and each machine tells all there is to know.
              addPreviousOutputInEnv: false,
              logging: Logging.Stderr,
            },
            options,
          ),
        port === 22 ? `${name}-${host}` : `${name}-${host}-${port}`,
        child,
      );
    }

    this.registerOutputs({ publicKey: this.publicKey });
  }
}
