// Checks which istiod, of which version, serves which proxies. The gates of an upgrade need this besides the errors of
// `status`.
import { plainVersion } from "../mesh/istioLines.ts";
import { isNextIstiod } from "../mesh/nextIstiod.ts";
import { GATEWAY, SYSTEM_NAMESPACE } from "../mesh/ownership.ts";
import { type IstiodFacts, isSeen } from "../status/facts.ts";
import type { MeshStatus } from "../status/lookAtMesh.ts";
import { hasNewVersion, type IstioState } from "./upgrade.ts";

interface ObstacleBase {
  readonly severity: "error";
  readonly cluster: string;
  readonly peer: "";
}

export type UpgradeObstacle = ObstacleBase &
  (
    | { readonly id: "istiodVersion"; readonly wanted: string; readonly found: string }
    /** Pods as `namespace/name`. */
    | { readonly id: "notServed" | "stillServed"; readonly pods: readonly string[] }
    | { readonly id: "nextMissing" | "nextThere" }
  );

const OF_UPGRADE = ["istiodVersion", "notServed", "stillServed", "nextMissing", "nextThere"];

export const isOfUpgrade = (obstacle: { readonly id: string }): obstacle is UpgradeObstacle =>
  OF_UPGRADE.includes(obstacle.id);

/** @param gateways Deployments of the program's own gateways in the cluster */
export function upgradeObstacles(
  { looks }: Pick<MeshStatus, "looks">,
  state: IstioState,
  gateways: readonly string[] = [GATEWAY],
): UpgradeObstacle[] {
  const { cluster, level, from, to, isBack } = state;
  const facts = looks.filter(isSeen).find(({ name }) => name === cluster);
  if (facts === undefined) return [];
  const about = { severity: "error", cluster, peer: "" } as const;
  const next = facts.istiods.filter(({ pod }) => isNextIstiod(pod));
  const own = facts.istiods.filter(({ pod }) => !isNextIstiod(pod));
  const found: UpgradeObstacle[] = [];

  const wanted = hasNewVersion(level) ? to : from;
  const other = own.find(({ version }) => plainVersion(version) !== plainVersion(wanted));
  if (own.length === 0 || other) found.push({ id: "istiodVersion", ...about, wanted, found: other?.version ?? "-" });

  const isNextThere = next.length > 0 || facts.notReady.istiod.some((pod) => isNextIstiod(pod.split("/")[1] ?? ""));
  const isNextWanted = level >= 1 && level <= 5;
  if (isNextWanted && !next.some(({ version }) => plainVersion(version) === plainVersion(to)))
    found.push({ id: "nextMissing", ...about });
  if (!isNextWanted && isNextThere) found.push({ id: "nextThere", ...about });

  if (level === 3 || level === 4) {
    const elsewhere = gateways.flatMap((gateway) => {
      const pods = podsAt(own).filter((pod) => isPodOf(gateway, pod));
      const isServed = podsAt(next).some((pod) => isPodOf(gateway, pod));
      return pods.length > 0 || isServed ? pods : [`${SYSTEM_NAMESPACE}/${gateway}`];
    });
    if (elsewhere.length > 0) found.push({ id: "notServed", ...about, pods: elsewhere });
  }
  // The next state deletes the second istiod.
  if (level === 5 || (level === 1 && isBack)) {
    const pods = podsAt(next);
    if (pods.length > 0) found.push({ id: "stillServed", ...about, pods });
  }
  return found;
}

const podsAt = (istiods: readonly IstiodFacts[]) =>
  [...new Set(istiods.flatMap(({ proxies }) => proxies.map(({ pod }) => pod)))].toSorted();

/** Compares the whole name, because Deployments of others may have names with the same beginning. */
const isPodOf = (deployment: string, pod: string) =>
  new RegExp(`^${SYSTEM_NAMESPACE}/${deployment}-[^-]+-[^-]+$`).test(pod);
