// The state of each direction between two clusters.
import { type ClusterFacts, isSeen, isSilent, type Look, type SampleAnswers } from "./facts.ts";
import type { MeshStatus } from "./lookAtMesh.ts";

/** Time of the last answer for each direction, in ms since the epoch. Keys are `from to`. */
export type LastAnswers = Map<string, number>;

export interface Direction {
  readonly from: string;
  readonly to: string;
  /** Whether the API server of `to` answers this machine. */
  readonly apiServer: boolean;
  /** Number of istiod replicas that have synced `to`, of all replicas. */
  readonly synced: number;
  readonly replicas: number;
  /** Addresses that every replica of istiod knows, `host:port`. */
  readonly gateways: readonly string[];
  readonly endpoints: number;
  /** Endpoints that the peer's own istiod knows; null if it was not queried. */
  readonly expectedEndpoints: number | null;
  /** Answers of the sample; null if it was not tested. */
  readonly answers: number | null;
  /** In ms since the epoch; null if there was none. */
  readonly lastAnswer: number | null;
}

/** @param last is updated */
export function directionsOf({ looks, sampleAnswers }: MeshStatus, last: LastAnswers, now: number): Direction[] {
  return looks
    .filter(isSeen)
    .flatMap((from) =>
      looks.filter((to) => to.name !== from.name).map((to) => direction(from, to, sampleAnswers ?? [], last, now)),
    );
}

function direction(
  from: ClusterFacts,
  to: Look,
  sampleAnswers: readonly SampleAnswers[],
  last: LastAnswers,
  now: number,
): Direction {
  const { istiods } = from;
  const answers = sampleAnswers.find((one) => one.from === from.name && one.expected.includes(to.name));
  const count = answers?.answered.get(to.name) ?? 0;
  const key = `${from.name} ${to.name}`;
  if (count > 0) last.set(key, now);
  const known = istiods.map(({ networks }) => networks[to.network] ?? []);
  return {
    from: from.name,
    to: to.name,
    apiServer: !isSilent(to),
    synced: istiods.filter(({ watched }) => watched[to.name] === "synced").length,
    replicas: istiods.length,
    gateways: (known[0] ?? []).filter((address) => known.every((addresses) => addresses.includes(address))),
    endpoints: istiods.length === 0 ? 0 : Math.min(...istiods.map(({ endpoints }) => endpoints[to.name] ?? 0)),
    expectedEndpoints:
      isSilent(to) || to.istiods.length === 0
        ? null
        : Math.min(...to.istiods.map(({ endpoints }) => endpoints[to.name] ?? 0)),
    answers: answers === undefined ? null : count,
    lastAnswer: last.get(key) ?? null,
  };
}
