// Reads the actual state of one live cluster: istiods, gateways and proxies.
import { parseClusterz } from "../istiod/clusterz.ts";
import { debugCommand } from "../istiod/debug.ts";
import { endpointsByCluster } from "../istiod/endpointShards.ts";
import { issuerEnds } from "../istiod/issuer.ts";
import { gatewaysByNetwork } from "../istiod/networkz.ts";
import { servedProxies } from "../istiod/syncz.ts";
import { type ApiServer, itemsOf, succeeded } from "../kube/apiServer.ts";
import type { Cluster, Pod } from "../kube/cluster.ts";
import { queryOf } from "../kube/selection.ts";
import { GATEWAY, SYSTEM_NAMESPACE, TOKEN_SECRET } from "../mesh/ownership.ts";
import { FORGOT_ROOT } from "../mesh/rootPhases.ts";
import { fingerprintsIn, inspectChain, trustedRoot } from "../proof/certificates.ts";
import { accounts, callee, caller } from "../proof/sample.ts";
import { type Exec, execOn, liveSecrets } from "./exec.ts";
import type { ClusterFacts, GatewayFacts, IstiodFacts } from "./facts.ts";
import { LIMITS } from "./limits.ts";
import { unloadedIn } from "./lookAtIssuer.ts";
import { podsOfMesh } from "./podsOfMesh.ts";
import { proxiesOf, proxyPods } from "./trust.ts";

export interface LiveCluster {
  readonly name: string;
  readonly network: string;
  readonly server: ApiServer;
  readonly cluster: Cluster;
  /** Version of its API server. */
  readonly kubernetes: string;
}

/** @param issuer additional queries, with the sample's namespace if there is one @default none */
export async function lookAtCluster(
  { name, network, server, cluster, kubernetes }: LiveCluster,
  signal?: AbortSignal,
  {
    issuer,
    certificates = false,
  }: {
    readonly issuer?: { readonly sample: string | undefined } | undefined;
    readonly certificates?: boolean | undefined;
  } = {},
): Promise<ClusterFacts> {
  const unanswered: string[] = [];
  async function withFallback<Facts>(facts: Promise<Facts>, fallback: Facts): Promise<Facts> {
    try {
      return await facts;
    } catch (error) {
      signal?.throwIfAborted();
      unanswered.push((error as Error).message);
      return fallback;
    }
  }
  const podsOf = (labels: string, namespace = SYSTEM_NAMESPACE) => withFallback(cluster.pods(namespace, labels), []);
  const [istiods, gateways, tokens, pods, hasWebhook] = await Promise.all([
    podsOf("app=istiod"),
    podsOf("istio=ingressgateway"),
    withFallback(tokensOf(server), []),
    withFallback(podsOfMesh(server), { withSidecar: [], withoutSidecar: [] }),
    withFallback(webhookIn(server), true),
  ]);
  const exec = execOn(cluster, signal);
  const ready = (found: readonly Pod[]) => found.filter((pod) => pod.ready);
  const proxyFacts = (pod: Pod, serviceAccount: string) =>
    withFallback<GatewayFacts | undefined>(proxyFactsOf(pod, serviceAccount, exec), undefined);
  async function issuerFacts(sample: string | undefined) {
    const proxies = async (app: keyof typeof accounts) =>
      sample === undefined
        ? []
        : Promise.all(ready(await podsOf(`app=${app}`, sample)).map((pod) => proxyFacts(pod, accounts[app])));
    const [unloaded, ...found] = await Promise.all([
      withFallback(unloadedIn(server, ready(istiods), exec), []),
      proxies(caller),
      proxies(callee),
    ]);
    return { unloaded, proxies: found.flat().filter((facts) => facts !== undefined) };
  }
  const [istiodFacts, gatewayFacts, ofIssuer] = await Promise.all([
    Promise.all(
      ready(istiods).map((pod) =>
        withFallback<IstiodFacts | undefined>(istiodFactsOf(pod, exec, certificates), undefined),
      ),
    ),
    Promise.all(ready(gateways).map((pod) => proxyFacts(pod, GATEWAY))),
    issuer === undefined ? undefined : issuerFacts(issuer.sample),
  ]);
  async function trustFacts() {
    const served = istiodFacts.flatMap((facts) => facts?.proxies.map(({ pod }) => pod) ?? []);
    const [found, former] = await Promise.all([
      withFallback(proxyPods(server, new Set(served)), { all: pods.withSidecar, withoutAgent: [] }),
      // Include terminating pods, because they still answer.
      podsOf(`app=istiod,!${FORGOT_ROOT}`),
    ]);
    return {
      proxies: await proxiesOf(found.all, exec, signal),
      withoutAgent: found.withoutAgent,
      notRestarted: former.map(({ name }) => name),
    };
  }
  const trust = certificates ? await trustFacts() : {};
  const names = (found: readonly Pod[]) =>
    found.filter((pod) => !pod.ready).map((pod) => `${pod.namespace}/${pod.name}`);
  return {
    name,
    network,
    kubernetes,
    istiods: istiodFacts.filter((facts) => facts !== undefined),
    gateways: gatewayFacts.filter((facts) => facts !== undefined),
    notReady: { istiod: names(istiods), gateway: names(gateways) },
    tokens,
    ...pods,
    ...trust,
    hasWebhook,
    ...(ofIssuer && { issuer: ofIssuer }),
    unanswered,
  };
}

async function istiodFactsOf(pod: Pod, exec: Exec, certificates: boolean): Promise<IstiodFacts> {
  const get = (path: string) => exec(pod, "discovery", debugCommand(path));
  const [version, clusterz, networkz, shards, syncz] = await Promise.all(
    ["/version", "/debug/clusterz", "/debug/networkz", "/debug/endpointShardz", "/debug/syncz"].map(get),
  );
  const ends = certificates ? issuerEnds(await get("/metrics")) : undefined;
  return {
    pod: pod.name,
    ...(ends && { signerEnds: ends.signer, rootEnds: ends.root }),
    // The version is reported as `1.31.0-<commit>-Clean`.
    version: /^\d+\.\d+\.\d+(-(alpha|beta|rc)\.\d+)?/.exec(version ?? "")?.[0] ?? (version ?? "").trim(),
    watched: Object.fromEntries(
      parseClusterz(clusterz ?? "")
        .filter(({ secretName }) => secretName !== "")
        .map(({ id, syncStatus }) => [id, syncStatus]),
    ),
    networks: gatewaysByNetwork(networkz ?? ""),
    endpoints: endpointsByCluster(shards ?? ""),
    proxies: servedProxies(syncz ?? ""),
  };
}

async function proxyFactsOf(pod: Pod, serviceAccount: string, exec: Exec): Promise<GatewayFacts> {
  const secrets = await liveSecrets(pod, exec);
  const trusted = fingerprintsIn(secrets.trusted);
  const root = trustedRoot(secrets);
  if (root === undefined) {
    const problems = [
      secrets.chain === "" ? "the proxy holds no certificate" : "its chain leads to no root that it trusts",
    ];
    return { pod: pod.name, problems, daysLeft: { leaf: 0, intermediate: 0, root: 0 }, root: "", trusted };
  }
  const expected = { root, namespace: pod.namespace, serviceAccount, now: Date.now() };
  return { pod: pod.name, ...inspectChain(secrets, expected), root: root.fingerprint256, trusted };
}

/** Creation times of the tokens with which peers watch the cluster, in ms since the epoch. */
async function tokensOf(server: ApiServer): Promise<number[]> {
  const path = `/api/v1/namespaces/${SYSTEM_NAMESPACE}/secrets?${queryOf({ fields: "type=kubernetes.io/service-account-token" })}`;
  const secrets = itemsOf<{ metadata: { name: string; creationTimestamp: string } }>(
    await server.get(path, { ...LIMITS, metadata: "list" }),
  );
  return secrets
    .filter(({ metadata }) => metadata.name.startsWith(TOKEN_SECRET))
    .map(({ metadata }) => Date.parse(metadata.creationTimestamp));
}

async function webhookIn(server: ApiServer): Promise<boolean> {
  const path = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/istio-sidecar-injector";
  const answer = await server.get(path, { ...LIMITS, metadata: "object" });
  if (answer.status !== 404) succeeded(answer);
  return answer.status !== 404;
}
