// The documented procedure with the real istioctl, kubectl and openssl, cluster after cluster, as in the guide's
// script. docs/bench.md compares it with the guide line by line.
import { mkdir, realpath, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { MeshConfig } from "../config/parse.ts";
import { kubeconfigPath } from "../kube/kubeconfigPaths.ts";
import { goEnvironment } from "../lab/goEnvironment.ts";
import { ISTIO_SETTINGS } from "../mesh/ciliumSettings.ts";
import type { Mesh } from "../proof/mesh.ts";
import { certificateFiles, makeIntermediate, makeRoot, rootCertificate } from "./certificates.ts";
import { type ExportedStack, istioOperator, meshManifest, objectsOf, sampleManifest } from "./manifests.ts";
import type { Side } from "./side.ts";
import { stepRecorder } from "./steps.ts";

export interface ProcedureArgs {
  readonly config: MeshConfig;
  /** Clusters with Cilium. */
  readonly cilium: ReadonlySet<string>;
  /** The stack that `pulumi up` created from the same config. */
  readonly stack: ExportedStack;
  readonly istioctl: string;
  readonly kubectl: string;
  /** Folder for its files, including keys. */
  readonly folder: string;
}

type Cluster = MeshConfig["clusters"][number];

const SYSTEM = ["--namespace", "istio-system"];
const CILIUM = ["--namespace", "kube-system"];
const DAEMON_SET = "daemonset/cilium";
const RESTARTED_AT = "kubectl.kubernetes.io/restartedAt";

/** Writes the files that exist before the measurement: settings, but no keys. */
export async function istioctlProcedure(args: ProcedureArgs): Promise<Side> {
  const { config, folder } = args;
  const { clusters, sample } = config;
  const certificates = join(folder, "certs");
  const { run, take } = stepRecorder();
  const file = (cluster: Cluster, name: string) => join(folder, `${cluster.name}-${name}.yaml`);

  // kubectl does not follow a link to a folder.
  const definitions = config.gatewayApi.source && (await realpath(config.gatewayApi.source));

  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const cluster of clusters) {
    const objects = objectsOf(args.stack, cluster.name);
    await writeFile(file(cluster, "istio"), istioOperator(config, cluster, objects));
    await writeFile(file(cluster, "mesh"), meshManifest(objects));
    await writeFile(file(cluster, "sample"), sampleManifest(objects, sample.namespace));
  }

  const tool = async (program: string, { kubeconfig, context }: Cluster, line: readonly string[], input?: string) => {
    // The caches stay in the folder, so they are warm, like those of a person who has used the clusters before.
    const env = { ...goEnvironment, KUBECONFIG: kubeconfigPath(kubeconfig), KUBECACHEDIR: join(folder, "cache") };
    const stdin = input === undefined ? ({ stdin: "ignore" } as const) : { input };
    return (await execa(program, ["--context", context, ...line], { cwd: folder, env, ...stdin })).stdout;
  };
  const kubectl = (cluster: Cluster, ...line: string[]) => tool(args.kubectl, cluster, line);
  const istioctl = (cluster: Cluster, ...line: string[]) => tool(args.istioctl, cluster, line);
  const on = (cluster: Cluster, what: string, work: () => Promise<unknown>) => run(`${cluster.name}: ${what}`, work);
  const withCilium = clusters.filter(({ name }) => args.cilium.has(name));

  async function patchCilium(cluster: Cluster, settings: Readonly<Record<string, string | null>>): Promise<void> {
    const patch = JSON.stringify({ data: settings });
    await kubectl(cluster, "patch", "configmap", "cilium-config", ...CILIUM, "--type", "merge", "--patch", patch);
  }

  async function installIstio(cluster: Cluster): Promise<void> {
    const { name, network } = cluster;
    await on(cluster, "intermediate CA", () => makeIntermediate(certificates, name));
    await on(cluster, "namespace and cacerts", async () => {
      await kubectl(cluster, "create", "namespace", "istio-system");
      await kubectl(cluster, "label", "namespace", "istio-system", `topology.istio.io/network=${network}`);
      const files = Object.entries(certificateFiles(join(certificates, name)));
      const from = files.map(([key, path]) => `--from-file=${key}=${path}`);
      await kubectl(cluster, "create", "secret", "generic", "cacerts", ...SYSTEM, ...from);
    });
    await on(cluster, "istioctl install", () => istioctl(cluster, "install", "-y", "-f", file(cluster, "istio")));
    await on(cluster, "gateway for the other networks", () => kubectl(cluster, "apply", "-f", file(cluster, "mesh")));
    if (definitions !== undefined) await on(cluster, "Gateway API", () => kubectl(cluster, "apply", "-f", definitions));
  }

  async function link(source: Cluster, target: Cluster): Promise<void> {
    await run(`${source.name} to ${target.name}: remote secret`, async () => {
      const secret = await istioctl(source, "create-remote-secret", "--name", source.name);
      await tool(args.kubectl, target, ["apply", "-f", "-"], secret);
    });
  }

  async function removeIstio(cluster: Cluster): Promise<void> {
    await on(cluster, "sample", () => kubectl(cluster, "delete", "namespace", sample.namespace));
    await on(cluster, "istioctl uninstall", () => istioctl(cluster, "uninstall", "-y", "--purge"));
    await on(cluster, "istio-system", () => kubectl(cluster, "delete", "namespace", "istio-system"));
    await on(cluster, "definitions", async () => {
      const names = (await kubectl(cluster, "get", "crd", "-o", "name")).split("\n");
      const own = names.filter((name) => name.endsWith(".istio.io"));
      if (own.length > 0) await kubectl(cluster, "delete", ...own);
    });
    if (definitions !== undefined)
      await on(cluster, "Gateway API", () => kubectl(cluster, "delete", "-f", definitions));
    await on(cluster, "what istiod left", async () => {
      for (const name of ["istio-ca-root-cert", "istio-ca-crl"]) {
        const selection = ["--all-namespaces", "--field-selector", `metadata.name=${name}`];
        await kubectl(cluster, "delete", "configmap", ...selection);
      }
    });
  }

  return {
    name: "istioctl",
    steps: take,
    async install() {
      for (const cluster of withCilium) {
        await on(cluster, "Cilium", async () => {
          await patchCilium(cluster, ISTIO_SETTINGS);
          await kubectl(cluster, "rollout", "restart", DAEMON_SET, ...CILIUM);
          await kubectl(cluster, "rollout", "status", DAEMON_SET, ...CILIUM);
        });
      }
      await run("root CA", () => makeRoot(certificates));
      for (const cluster of clusters) await installIstio(cluster);
      for (const source of clusters) {
        for (const target of clusters) if (target !== source) await link(source, target);
      }
      for (const cluster of clusters) {
        await on(cluster, "sample", () => kubectl(cluster, "apply", "-f", file(cluster, "sample")));
      }
    },
    async mesh(): Promise<Mesh> {
      return {
        id: config.istio.meshId,
        rootCertificate: await rootCertificate(certificates),
        clusters: clusters.map((cluster) => ({ ...cluster, gatewayAddress: "" })),
        sample: { namespace: sample.namespace, traffic: sample.traffic, versions: {} },
      };
    },
    async remove() {
      for (const cluster of clusters) await removeIstio(cluster);
      for (const cluster of withCilium) {
        await on(cluster, "Cilium", async () => {
          await patchCilium(cluster, CILIUM_BEFORE);
          // Removing the restart annotation causes a restart.
          const annotations = { [RESTARTED_AT]: null };
          const patch = JSON.stringify({ spec: { template: { metadata: { annotations } } } });
          await kubectl(cluster, "patch", DAEMON_SET, ...CILIUM, "--type", "merge", "--patch", patch);
          await kubectl(cluster, "rollout", "status", DAEMON_SET, ...CILIUM);
        });
      }
      await rm(certificates, { recursive: true });
    },
  };
}

/** Values of the lab's providers; see `lab/addons.ts`. */
const CILIUM_BEFORE = { "bpf-lb-sock-hostns-only": null, "cni-exclusive": null, "enable-l7-proxy": "true" };
