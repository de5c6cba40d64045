import type { Cluster, ExecResult, Pod } from "../../../kube/cluster.ts";
import { SCALED_TO_NONE } from "../../../mesh/ownership.ts";
import type { Mesh } from "../../../proof/mesh.ts";
import { type Issued, makeIntermediate, makeLeaf, makeRoot, secretDump } from "./authority.ts";

/** Behaviour of one cluster in the fake mesh. Tests change it to cause failures. */
export interface FakeCluster {
  /** Replicas of its gateway, desired and ready. */
  gateway: number;
  /** All values to which the gateway was scaled. */
  readonly scaled: number[];
  /** Replicas of its reviews, and all values to which they were scaled. */
  reviews: number;
  readonly reviewsScaled: number[];
  /** The marks on its gateway and its reviews. */
  mark?: string | undefined;
  reviewsMark?: string | undefined;
  /** Every patch of a Deployment, in order. */
  readonly patches: { readonly name: string; readonly patch: Patch }[];
  /** Deployments that were restarted. */
  readonly restarted: string[];
  /** Answer of /debug/clusterz by istiod pod. */
  istiods: Record<string, string>;
  /** Envoy's secrets by app. */
  secrets: Record<string, string>;
  /** The caller in the logs of its reviews. */
  peer: string;
  /** Clusters whose reviews answer requests from here; undefined for all with a gateway. */
  answeredBy?: readonly string[];
  /** Termination grace period of its gateway's pods, in seconds. */
  graceSeconds: number;
  /** Whether scaling fails from now on. */
  scalingFails?: boolean;
  /** Called with each exec. */
  onExec?: (command: readonly string[]) => void;
}

interface Patch {
  readonly metadata?: { readonly annotations: Readonly<Record<string, string | null>> };
  readonly spec?: { readonly replicas: number };
}

export interface FakeMesh {
  readonly mesh: Mesh;
  readonly clusters: Record<string, FakeCluster>;
  readonly connect: (entry: { readonly name: string }) => Cluster;
}

export const agentIdentity = "spiffe://cluster.local/ns/sample/sa/sleep";

/** A healthy in-memory mesh: requests reach all clusters with a gateway, and the caller's own cluster. */
export async function makeFakeMesh(names: readonly string[] = ["ncloud", "nhn"]): Promise<FakeMesh> {
  const root = await makeRoot();
  const clusters: Record<string, FakeCluster> = {};
  for (const name of names) clusters[name] = await makeCluster(name, names, root);
  const logs: Record<string, string[]> = Object.fromEntries(
    names.map((name) => [name, ["not JSON", '{"agent":"other"}']]),
  );

  const mesh: Mesh = {
    id: "mesh1",
    rootCertificate: root.pem,
    clusters: names.map((name, index) => ({
      name,
      network: name,
      kubeconfig: "/kubeconfig",
      context: `nks_kr_${name}`,
      gatewayAddress: `192.0.2.${index + 1}`,
    })),
    sample: {
      namespace: "sample",
      traffic: { kind: "none" },
      versions: Object.fromEntries(names.map((name, index) => [name, `v${index + 1}`])),
    },
  };

  function of(name: string): FakeCluster {
    const cluster = clusters[name];
    if (!cluster) throw new Error(`the fake has no cluster ${name}`);
    return cluster;
  }

  function answering(source: string): readonly string[] {
    const open = names.filter((name) => (name === source || of(name).gateway > 0) && of(name).reviews > 0);
    const localFirst = mesh.sample?.traffic.kind === "failover";
    return localFirst && open.includes(source) ? [source] : open;
  }

  function request(source: string, count: number, agent: string): string {
    const targets = of(source).answeredBy ?? answering(source);
    return Array.from({ length: count }, (_, index) => {
      const target = targets[index % targets.length];
      if (target === undefined) return "no healthy upstream\n503 --answered-- 0\n";
      const { peer } = of(target);
      const xfcc = `By=spiffe://cluster.local/ns/sample/sa/bookinfo-reviews;Hash=ab;Subject="O=x,CN=y";URI=${peer}`;
      logs[target]?.push(JSON.stringify({ agent, peer, xfcc, path: "/reviews/1", code: 200 }));
      return `{"id":"1","podname":"reviews-${target}"}\n200 --answered-- 0\n`;
    }).join("");
  }

  function exec(name: string, pod: Pod, command: readonly string[]): ExecResult {
    const cluster = of(name);
    cluster.onExec?.(command);
    const done = (stdout: string) => ({ stdout, stderr: "", exitCode: 0 });
    if (command[0] === "sh") return done(request(name, Number(command[5]), String(command[7])));
    if (command[0] === "curl") return done(request(name, names.length, "curl"));
    if (command[0] === "pilot-discovery") return done(cluster.istiods[pod.name] ?? "");
    return done(cluster.secrets[pod.name.split("-")[0] ?? ""] ?? "");
  }

  const connect = ({ name }: { readonly name: string }): Cluster => ({
    name,
    async pods(namespace, selector) {
      const pod = (podName: string): Pod => ({ namespace, name: podName, ready: true });
      if (selector === "app=istiod") return Object.keys(of(name).istiods).map(pod);
      if (selector.startsWith("app=")) return [pod(`${selector.slice("app=".length)}-${name}`)];
      if (selector === "which=reviews") return Array.from({ length: of(name).reviews }, () => pod("reviews"));
      return Array.from({ length: of(name).gateway }, (_, index) => pod(`gateway-${index}`));
    },
    async exec(pod, _container, command, { signal, onStdout }) {
      signal?.throwIfAborted();
      const result = exec(name, pod, command);
      onStdout?.(result.stdout);
      signal?.throwIfAborted();
      return result;
    },
    logs: async () => logs[name]?.join("\n") ?? "",
    async deployment(_namespace, deployment) {
      const { gateway, reviews, mark, reviewsMark, graceSeconds } = of(name);
      const seen = (replicas: number, former: string | undefined) => ({
        replicas,
        readyReplicas: replicas,
        formerReplicas: former === undefined ? undefined : Number(former),
      });
      return deployment.startsWith("reviews-")
        ? { ...seen(reviews, reviewsMark), selector: "which=reviews", graceSeconds: 0 }
        : { ...seen(gateway, mark), selector: "istio=ingressgateway", graceSeconds };
    },
    async patchDeployment(_namespace, deployment, patch: Patch) {
      const cluster = of(name);
      if (cluster.scalingFails) throw new Error(`cluster ${name}: refused`);
      cluster.patches.push({ name: deployment, patch });
      const reviews = deployment.startsWith("reviews-");
      const mark = patch.metadata?.annotations[SCALED_TO_NONE];
      if (mark !== undefined) cluster[reviews ? "reviewsMark" : "mark"] = mark ?? undefined;
      if (patch.spec === undefined) return;
      cluster[reviews ? "reviewsScaled" : "scaled"].push(patch.spec.replicas);
      cluster[reviews ? "reviews" : "gateway"] = patch.spec.replicas;
    },
    async restart(_namespace, deployment) {
      of(name).restarted.push(deployment);
    },
  });
  return { mesh, clusters, connect };
}

async function makeCluster(name: string, names: readonly string[], root: Issued): Promise<FakeCluster> {
  const intermediate = await makeIntermediate(root, name);
  const dump = async (account: string) =>
    secretDump((await makeLeaf(intermediate, account)).pem + intermediate.pem, root.pem);
  const clusterz = JSON.stringify(
    names.map((id) => ({
      id,
      secretName: id === name ? "" : `istio-system/istio-remote-secret-${id}`,
      syncStatus: "synced",
    })),
  );
  return {
    gateway: 2,
    scaled: [],
    graceSeconds: 0,
    reviews: 1,
    reviewsScaled: [],
    patches: [],
    restarted: [],
    istiods: { [`istiod-${name}`]: clusterz },
    secrets: { sleep: await dump("sleep"), reviews: await dump("bookinfo-reviews") },
    peer: agentIdentity,
  };
}
