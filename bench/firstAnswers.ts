// The end of both measurements: the callers of every cluster have got an answer from every other cluster.
import type { Cluster } from "../kube/cluster.ts";
import { until } from "../kube/until.ts";
import { calleeUrl, caller, clustersByPod, readyPods } from "../proof/sample.ts";

export interface FirstAnswersOptions {
  readonly clusters: readonly Cluster[];
  /** Namespace of the sample. */
  readonly namespace: string;
  /** Longest wait, in ms. */
  readonly deadline: number;
  readonly signal: AbortSignal;
}

/** Longest time for one request, in s. Some requests hang until the mesh is ready. */
const REQUEST = 1;
/** Interval between two looks for a caller, in ms. */
const LOOK = 1_000;
/** Requests per exec. Afterwards the names of pods are looked up again. */
const REQUESTS = 100;

/** One process and one exec for many requests, because the measurement should use little processor time. */
const requests = (namespace: string): string[] => {
  const urls = `${calleeUrl(namespace)}?[1-${REQUESTS}]`;
  // A new connection for each request: one that was opened before Envoy knew the service would keep its endpoint.
  const each = ["--header", "Connection: close", "--max-time", `${REQUEST}`, "--rate", "10/s"];
  return ["curl", "--silent", "--no-buffer", ...each, urls];
};

/** @throws Error that names the directions without an answer */
export async function firstAnswers(options: FirstAnswersOptions): Promise<void> {
  const missing = await Promise.all(options.clusters.map((source) => directionsLeft(options, source)));
  if (missing.flat().length > 0) {
    throw new Error(`no answer within ${options.deadline / 1_000} s: ${missing.flat().join(", ")}`);
  }
}

async function directionsLeft(
  { clusters, namespace, deadline, signal }: FirstAnswersOptions,
  source: Cluster,
): Promise<string[]> {
  const silent = new Set(clusters.map(({ name }) => name).filter((name) => name !== source.name));
  // A failed look, for example before a caller exists, changes nothing.
  await until(
    async () => {
      const [pod] = await readyPods(source, namespace, caller);
      const clusterOf = await clustersByPod({ clusters, namespace });
      if (new Set(clusterOf.values()).size < clusters.length) return;
      const answered = new AbortController();
      let stdout = "";
      const onStdout = (text: string) => {
        stdout += text;
        for (const [, name = ""] of stdout.matchAll(/"podname": *"([^"]+)"/g)) silent.delete(clusterOf.get(name) ?? "");
        if (silent.size === 0) answered.abort();
      };
      const options = {
        timeout: (REQUESTS * REQUEST + 10) * 1_000,
        signal: AbortSignal.any([signal, answered.signal]),
        onStdout,
      };
      await source.exec(pod, caller, requests(namespace), options).catch((error: unknown) => {
        if (!answered.signal.aborted) throw error;
      });
    },
    () => silent.size === 0,
    { deadline, interval: LOOK, signal },
  );
  return [...silent].map((peer) => `${source.name} to ${peer}`);
}
