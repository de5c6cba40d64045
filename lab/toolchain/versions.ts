// What the lab runs, in which version. Pulumi's part follows package.json: the engine and its plugins are those of the
// SDKs. The rest are pinned here and, as far as it is built, in modules/*/go.mod.
import manifest from "../../package.json" with { type: "json" };

export const versions = {
  kubernetes: "1.32.2",
  /** Supports Kubernetes 1.31 to 1.35. */
  istio: "1.29.1",
  /** The Envoy line that Istio 1.29 is built from. */
  envoy: "1.37.0",
  gatewayApi: "1.2.1",
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

/** The processor as Go names it; preflight refuses others. */
export const goArch = process.arch === "x64" ? "amd64" : process.arch;
