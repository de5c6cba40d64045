import * as pulumi from "@pulumi/pulumi";
import { RandomId } from "@pulumi/random/randomId.js";
import { READER, TOKEN_SECRET } from "../mesh/ownership.ts";
import * as k8s from "./kubernetes.ts";
import { ours } from "./ours.ts";

/** Where a cluster is and the credentials with which a peer's istiod may watch it. */
export interface RemoteAccess {
  /** The cluster's name in the mesh. */
  readonly clusterName: string;
  /** URL of its API server, as its peers reach it. */
  readonly server: string;
  /** Name in the certificate that answers there. @default the URL's host */
  readonly tlsServerName?: string | undefined;
  /** Proxy through which they reach it. @default none */
  readonly proxyUrl?: pulumi.Output<string> | undefined;
  /** The API server's CA, in base64 of PEM. @default the public ones */
  readonly caData?: pulumi.Output<string> | undefined;
  /** Secret. It does not expire. */
  readonly token: pulumi.Output<string>;
}

export interface ReaderTokenArgs {
  readonly clusterName: string;
  /** Another number is another token: the new one is made at once, the old one is deleted last. */
  readonly generation: number;
  readonly namespace: pulumi.Input<string>;
  /** The Release of the chart `base`: without its ServiceAccount the API server deletes the token again. */
  readonly base: pulumi.Resource;
}

/**
 * An entry, in base64, of a cluster's token Secret. The Kubernetes provider waits five seconds for the token controller to
 * fill it, then goes on with what there is.
 *
 * @throws Error where the entry is missing or empty
 */
export function tokenEntry(
  cluster: string,
  secret: string,
  data: Readonly<Record<string, string>>,
  key: "token" | "ca.crt",
): string {
  const value = data[key];
  if (value) return value;
  throw new Error(
    `${cluster}: Secret ${secret} has no "${key}", and without it the cluster's peers cannot watch it. ` +
      `See whether ServiceAccount ${READER} exists and kube-controller-manager issues tokens, then run again`,
  );
}

/**
 * A lasting token of istiod's reader ServiceAccount, in a Secret as `istioctl create-remote-secret` would make it.
 * Each generation has a name of its own, so Pulumi makes the new Secret, updates all that holds the token, and deletes the
 * old one, which revokes its token, at the very end of a run in which nothing failed.
 */
export class ReaderToken extends pulumi.ComponentResource {
  readonly caData: pulumi.Output<string>;
  readonly token: pulumi.Output<string>;

  constructor(name: string, args: ReaderTokenArgs, opts?: pulumi.ComponentResourceOptions) {
    super("csp-mesh:index:ReaderToken", name, {}, opts);
    const id = new RandomId(
      `${name}-id`,
      { byteLength: 4, keepers: { generation: String(args.generation) } },
      { parent: this },
    );
    const secret = new k8s.Secret(
      `${name}-secret`,
      {
        type: "kubernetes.io/service-account-token",
        metadata: ours({
          name: pulumi.interpolate`${TOKEN_SECRET}-${id.hex}`,
          namespace: args.namespace,
          annotations: { "kubernetes.io/service-account.name": READER },
        }),
      },
      { parent: this, dependsOn: args.base },
    );
    // A preview may know the Secret but not yet what the cluster will put into it.
    const entry = (key: "token" | "ca.crt") =>
      pulumi
        .all([secret.data, secret.metadata.name])
        .apply(([data, secretName]) =>
          pulumi.runtime.isDryRun() ? (data?.[key] ?? "") : tokenEntry(args.clusterName, secretName, data ?? {}, key),
        );
    this.caData = entry("ca.crt");
    this.token = pulumi.secret(entry("token").apply((base64) => Buffer.from(base64, "base64").toString("utf8")));

    this.registerOutputs();
  }
}
