import { Command } from "@pulumi/command/remote/command.js";
import { Logging } from "@pulumi/command/types/enums/remote/index.js";
import * as pulumi from "@pulumi/pulumi";
import { PrivateKey } from "@pulumi/tls/privateKey.js";
import { sshPublicKey } from "./sshPublicKey.ts";
import { undoable } from "./undoable.ts";
import { asRoot, vmAccountScript } from "./vmAccountScript.ts";

/** A machine, and the login as root or as a user with passwordless sudo. */
export interface VmHost {
  /** Hostname or IP. */
  readonly host: string;
  /** @default 22 */
  readonly port?: number;
  /** @default root */
  readonly user?: string;
  /** PEM or OpenSSH format; treated as secret. */
  readonly privateKey?: pulumi.Input<string>;
  /** Used instead of a key; treated as secret. */
  readonly password?: pulumi.Input<string>;
  /** The machine's public key, `ssh-ed25519 AAAA…`. A machine with another key is refused. */
  readonly hostKey: string;
  /** Whether the account gets the private key as its `.ssh/id_rsa`, as on the installer's machine. @default false */
  readonly holdsKey?: boolean;
}

export interface VmAccountArgs {
  /** Name of the account. Changing it creates another account and deletes the first. @default ubuntu */
  readonly name?: string;
  readonly hosts: readonly VmHost[];
  /** Size of the generated key. @default 4096 */
  readonly rsaBits?: number;
  /** An existing RSA key, PEM without a passphrase; treated as secret. @default a key is generated */
  readonly privateKey?: pulumi.Input<string> | undefined;
}

/**
 * An account with sudo and an RSA key on machines beside the clusters, as the portal's installer requires. Deletion
 * removes only what was created: an account that existed before loses our key and our sudo rule, and stays.
 */
export class VmAccount extends pulumi.ComponentResource {
  /** PEM (PKCS #1). Secret. */
  readonly privateKey: pulumi.Output<string>;
  /** In the format of `authorized_keys`. */
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
              // Changing the account's name replaces the command.
              triggers: [account],
              // This would need an SSH server that accepts environment variables. The script finds everything on the
              // machine itself.
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
