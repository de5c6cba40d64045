// What was seen of each direction between two clusters.
import { type AskedFacts, type ClusterFacts, isSeen, isSilent, type Look } from "./facts.ts";
import type { MeshStatus } from "./lookAtMesh.ts";

/** When each cluster was last answered by another, in ms since the epoch. Keys are `from to`. */
export type LastAnswers = Map<string, number>;

export interface Direction {
  readonly from: string;
  readonly to: string;
  /** Whether the API server of `to` answers this machine. */
  readonly apiServer: boolean;
  /** Replicas of istiod that have synced `to`, of all. */
  readonly synced: number;
  readonly replicas: number;
  /** As every replica of istiod knows them, `host:port`. */
  readonly gateways: readonly string[];
  readonly endpoints: number;
  /** Those that its own istiod knows; null where it was not asked. */
  readonly expectedEndpoints: number | null;
  /** Of the sample; null where it was not asked for. */
  readonly answers: number | null;
  /** In ms since the epoch; null where none was seen. */
  readonly lastAnswer: number | null;
}

/** @param last is brought up to date */
export function directionsOf({ looks, asked }: MeshStatus, last: LastAnswers, now: number): Direction[] {
  return looks
    .filter(isSeen)
    .flatMap((from) =>
      looks.filter((to) => to.name !== from.name).map((to) => direction(from, to, asked ?? [], last, now)),
    );
}

function direction(
  from: ClusterFacts,
  to: Look,
  asked: readonly AskedFacts[],
  last: LastAnswers,
  now: number,
): Direction {
  const { istiods } = from;
  const answers = asked.find((one) => one.from === from.name && one.expected.includes(to.name));
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
