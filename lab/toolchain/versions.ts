// Versions of the lab's tools. Pulumi's engine and plugins have the versions of the SDKs in package.json. The others
// are pinned here and, if they are built, in modules/*/go.mod.
import manifest from "../../package.json" with { type: "json" };

export const versions = {
  /** The newest version that Istio supports (1.32 to 1.36) and that runs on containerd 1, which Debian 12 has. */
  kubernetes: "1.35.4",
  istio: "1.31.0",
  /** The version in Istio's own go.mod. */
  gatewayApi: "1.6.0",
  etcd: "3.5.21",
  coredns: "1.12.0",
  metricsServer: "0.7.2",
  /** Version of the CNCF's registry. */
  registry: "3.1.2",
  /** The version in Pulumi's plugin. */
  helm: "3.18.6",
  go: "1.26.8",
  pulumi: manifest.dependencies["@pulumi/pulumi"],
  pulumiKubernetes: manifest.dependencies["@pulumi/kubernetes"],
  pulumiTls: manifest.dependencies["@pulumi/tls"],
  pulumiRandom: manifest.dependencies["@pulumi/random"],
  pulumiCommand: manifest.dependencies["@pulumi/command"],
} as const;

/**
 * Additional versions for clusters, each built when first needed: the oldest that Istio supports, and one in between.
 */
export const otherKubernetes = ["1.34.4", "1.32.2"] as const;

/**
 * Istio versions that the lab can run, each with its Envoy version. The second one is for tests of upgrades and
 * takeovers.
 */
export const envoyOf = { [versions.istio]: "1.39.3", "1.29.1": "1.37.0" } as const;

/** The processor architecture in Go's notation. preflight refuses others. */
export const goArch = process.arch === "x64" ? "amd64" : process.arch;
