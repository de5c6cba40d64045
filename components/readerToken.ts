import * as pulumi from "@pulumi/pulumi";
import { RandomId } from "@pulumi/random/randomId.js";
import { programError } from "../i18n/programError.ts";
import { READER, TOKEN_SECRET } from "../mesh/ownership.ts";
import * as k8s from "./kubernetes.ts";
import { ours } from "./ours.ts";

/** Address and credentials with which a peer's istiod watches a cluster. */
export interface RemoteAccess {
  /** The cluster's name in the mesh. */
  readonly clusterName: string;
  /** URL of its API server, as peers reach it. */
  readonly server: string;
  /** Server name in its certificate. @default the URL's host */
  readonly tlsServerName?: string | undefined;
  /** Proxy that peers use to reach it. @default none */
  readonly proxyUrl?: pulumi.Output<string> | undefined;
  /** PEM of the API server's CA in base64. @default the public CAs */
  readonly caData?: pulumi.Output<string> | undefined;
  /** Secret. It does not expire. */
  readonly token: pulumi.Output<string>;
}

export interface ReaderTokenArgs {
  readonly clusterName: string;
  /** Changing this number replaces the token: the new one is created at once, and the old one is deleted last. */
  readonly generation: number;
  readonly namespace: pulumi.Input<string>;
  /** The Release of the chart `base`: without its ServiceAccount the API server deletes the token. */
  readonly base: pulumi.Resource;
}

/**
 * An entry of a token Secret, in base64. Pulumi's plugin waits five seconds for the token controller to fill the
 * Secret, and then continues even if it is empty.
 *
 * @throws Error if the entry is missing or empty
 */
export function tokenEntry(
  cluster: string,
  secret: string,
  data: Readonly<Record<string, string>>,
  key: "token" | "ca.crt",
): string {
  const value = data[key];
  if (value) return value;
  throw programError(
    `${cluster}: Secret ${secret} has no "${key}", without which the other clusters cannot watch this one. ` +
      `Check that ServiceAccount ${READER} exists and that kube-controller-manager issues tokens, then run again`,
  );
}

/**
 * A non-expiring token of istiod's reader ServiceAccount, in a Secret like that of `istioctl create-remote-secret`.
 * Each generation has its own name. Therefore Pulumi creates the new Secret, updates all remote secrets, and deletes
 * the old Secret last. This revokes the old token, at the end of a run without errors.
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
    // In a preview the Secret may be known, but not the data that the cluster adds to it.
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
