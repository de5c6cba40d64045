import * as pulumi from "@pulumi/pulumi";
import * as k8s from "./kubernetes.ts";

/** ServiceAccount of the chart `base` whose role, of the chart `istiod`, may read what a peer's istiod watches. */
const READER = "istio-reader-service-account";

/** Name that `istioctl create-remote-secret` gives the Secret with its token. */
const TOKEN_SECRET = `${READER}-istio-remote-secret-token`;

/** Where a cluster is and the credentials with which a peer's istiod may watch it. */
export interface RemoteAccess {
  /** The cluster's name in the mesh. */
  readonly clusterName: string;
  /** URL of its API server, as its peers reach it. */
  readonly server: string;
  /** The API server's CA, in base64 of PEM. */
  readonly caData: pulumi.Output<string>;
  /** Secret. It does not expire. */
  readonly token: pulumi.Output<string>;
}

export interface ReaderTokenArgs {
  readonly clusterName: string;
  readonly server: string;
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
export function tokenEntry(cluster: string, data: Readonly<Record<string, string>>, key: "token" | "ca.crt"): string {
  const value = data[key];
  if (value) return value;
  throw new Error(
    `${cluster}: Secret ${TOKEN_SECRET} has no "${key}", and without it the cluster's peers cannot watch it. ` +
      `See whether ServiceAccount ${READER} exists and kube-controller-manager issues tokens, then run again`,
  );
}

/** A lasting token of istiod's reader ServiceAccount, in the Secret that `istioctl create-remote-secret` would make. */
export class ReaderToken extends pulumi.ComponentResource {
  readonly caData: pulumi.Output<string>;
  readonly token: pulumi.Output<string>;

  constructor(name: string, args: ReaderTokenArgs, opts?: pulumi.ComponentResourceOptions) {
    super("csp-mesh:index:ReaderToken", name, {}, opts);
    const secret = new k8s.Secret(
      `${name}-secret`,
      {
        type: "kubernetes.io/service-account-token",
        metadata: {
          name: TOKEN_SECRET,
          namespace: args.namespace,
          annotations: { "kubernetes.io/service-account.name": READER },
        },
      },
      { parent: this, dependsOn: args.base },
    );
    // A preview may know the Secret but not yet what the cluster will put into it.
    const entry = (key: "token" | "ca.crt") =>
      secret.data.apply((data) =>
        pulumi.runtime.isDryRun() ? (data?.[key] ?? "") : tokenEntry(args.clusterName, data ?? {}, key),
      );
    this.caData = entry("ca.crt");
    this.token = pulumi.secret(entry("token").apply((base64) => Buffer.from(base64, "base64").toString("utf8")));

    this.registerOutputs();
  }
}
