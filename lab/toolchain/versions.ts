// What the lab runs, in which version. Pulumi's part follows package.json: the engine and its plugins are those of the
// SDKs. The rest are pinned here and, as far as it is built, in modules/*/go.mod.
import manifest from "../../package.json" with { type: "json" };

export const versions = {
  /** The newest line that Istio supports (1.32 to 1.36) and that runs on containerd 1, which Debian 12 has. */
  kubernetes: "1.35.4",
  istio: "1.31.0",
  /** That of Istio's own go.mod. */
  gatewayApi: "1.6.0",
  etcd: "3.5.21",
  coredns: "1.12.0",
  metricsServer: "0.7.2",
  /** The CNCF's registry. */
  registry: "3.1.2",
  /** That of Pulumi's plugin. */
  helm: "3.18.6",
  go: "1.26.8",
  pulumi: manifest.dependencies["@pulumi/pulumi"],
  pulumiKubernetes: manifest.dependencies["@pulumi/kubernetes"],
  pulumiTls: manifest.dependencies["@pulumi/tls"],
  pulumiRandom: manifest.dependencies["@pulumi/random"],
  pulumiCommand: manifest.dependencies["@pulumi/command"],
} as const;

/** Further versions that clusters can run, each built when it is first asked for: the oldest that Istio supports, and one between. */
export const otherKubernetes = ["1.34.4", "1.32.2"] as const;

/** Every line of Istio that the lab can run, with the line of Envoy that it is built from. The second is for upgrades and takeovers. */
export const envoyOf = { [versions.istio]: "1.39.3", "1.29.1": "1.37.0" } as const;

/** The processor as Go names it; preflight refuses others. */
export const goArch = process.arch === "x64" ? "amd64" : process.arch;
