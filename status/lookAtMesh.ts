// Reads the state of a live mesh once and derives findings. Changes nothing.
import type { MeshConfig } from "../config/parse.ts";
import { type ApiServer, apiServer, succeeded } from "../kube/apiServer.ts";
import { open } from "../kube/cluster.ts";
import { shown } from "../kube/shown.ts";
import type { StatusFinding } from "../mesh/statusFindings.ts";
import { askSample } from "./askSample.ts";
import type { Look, SampleAnswers } from "./facts.ts";
import { judge } from "./judge.ts";
import { type LiveCluster, lookAtCluster } from "./lookAtCluster.ts";

/** Longest wait for an API server's first answer, in ms. The time of a credentials command does not count. */
const FIRST_ANSWER_WITHIN = 1_200;

export interface LookOptions {
  /** Longest wait for an API server's first answer, in ms. @default 1.2 s */
  readonly timeout?: number | undefined;
  /** Whether to query every proxy and istiod for its certificates. @default only gateways */
  readonly certificates?: boolean | undefined;
  /** Clusters in which to query the istiods' intermediate and the certificates of the sample. @default none */
  readonly issuers?: readonly string[] | undefined;
  /** Aborts with its reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface MeshStatus {
  /** In the order of the config. */
  readonly looks: readonly Look[];
  /** A cluster without a ready caller has no entry; undefined without a sample. */
  readonly sampleAnswers: readonly SampleAnswers[] | undefined;
  readonly findings: readonly StatusFinding[];
}

/** @throws the signal's reason */
export async function lookAtMesh(
  config: MeshConfig,
  { timeout, issuers = [], certificates, signal }: LookOptions = {},
): Promise<MeshStatus> {
  const opened = await Promise.all(config.clusters.map((cluster) => openCluster(cluster, timeout, signal)));
  const live = opened.filter((one) => "server" in one);
  try {
    const sample = config.sample.enabled ? config.sample.namespace : undefined;
    const issuerOf = (name: string) => (issuers.includes(name) ? { sample } : undefined);
    const [looks, sampleAnswers] = await Promise.all([
      Promise.all(
        opened.map((one) =>
          "server" in one ? lookAtCluster(one, signal, { issuer: issuerOf(one.name), certificates }) : one,
        ),
      ),
      config.sample.enabled ? askSampleOf(config, live, signal) : undefined,
    ]);
    return { looks, sampleAnswers, findings: judge(looks, sampleAnswers) };
  } finally {
    for (const { server } of live) server.close();
  }
}

function askSampleOf({ sample, clusters }: MeshConfig, live: readonly LiveCluster[], signal?: AbortSignal) {
  const { namespace, traffic } = sample;
  const answering = clusters
    .filter(({ name }) => live.some((one) => one.name === name))
    .filter(({ sampleVersion }) => traffic.kind !== "weights" || traffic.weights[`v${sampleVersion}`])
    .map(({ name }) => name);
  const expected = (from: string) => (traffic.kind === "failover" ? [from] : answering);
  return askSample(
    live.map(({ cluster }) => cluster),
    { namespace, expected },
    signal,
  );
}

/**
 * Connects to a cluster, whose connection the caller closes, or returns why that failed.
 *
 * @throws the signal's reason
 */
export async function openCluster(
  { name, network, kubeconfig, context }: MeshConfig["clusters"][number],
  timeout = FIRST_ANSWER_WITHIN,
  signal?: AbortSignal,
): Promise<LiveCluster | { readonly name: string; readonly network: string; readonly failure: string }> {
  let server: ApiServer | undefined;
  try {
    server = await apiServer(kubeconfig, context, { signal });
    const answer = await server.get("/version", { timeout, within: timeout, tries: 1 });
    const { gitVersion } = succeeded<{ gitVersion: string }>(answer);
    return { name, network, server, cluster: open(name, server), kubernetes: shown(gitVersion) };
  } catch (error) {
    server?.close();
    signal?.throwIfAborted();
    return { name, network, failure: shown((error as Error).message.split("\n")[0] ?? "", 200) };
  }
}
