// What a fault of the mesh is to an operation that is to begin. Pure.
import type { OperationRecord } from "../config/operationSchema.ts";
import type { StatusFinding } from "../mesh/statusFindings.ts";
import type { Obstacle } from "./gate.ts";
import { isOfRoot } from "./rootGate.ts";
import { isOfUpgrade } from "./upgradeGate.ts";

/**
 * `hinders`: the operation needs what is broken, or could make it worse. `heals`: it may be what mends the fault, so its gate waits for
 * that. `unrelated`: it changes nothing about it.
 */
export type Concern = "hinders" | "heals" | "unrelated";

/** Nothing can be changed in the cluster, or nothing be seen of what a change does. */
const CONTROL: readonly StatusFinding["id"][] = ["clusterSilent", "noIstiod", "notAsked"];
/** istiod was seen to lose more of these when a token is exchanged: istio#60920, istio#61043. */
const LOST: readonly StatusFinding["id"][] = ["gatewayUnregistered", "endpointsMissing"];
/** What a token that is refused looks like. */
const UNWATCHED: readonly StatusFinding["id"][] = ["peerUnknown", "peerNotSynced"];

export function concernOf(record: OperationRecord, finding: StatusFinding): Concern {
  const { id, cluster, peer } = finding;
  switch (record.kind) {
    case "rotate-tokens": {
      if (CONTROL.includes(id)) return "hinders";
      if (!record.tokens.some((token) => token.cluster === peer)) return "unrelated";
      return LOST.includes(id) ? "hinders" : UNWATCHED.includes(id) ? "heals" : "unrelated";
    }
    case "renew-intermediates": {
      if (finding.id === "certificateEnds" && finding.role === "root") return "unrelated";
      if (!record.intermediates.some((each) => each.cluster === cluster || each.cluster === peer)) return "unrelated";
      return id === "certificateEnds" ? "heals" : "hinders";
    }
    // No direction between the others is changed.
    case "add":
      return CONTROL.includes(id) ? "hinders" : "unrelated";
    default:
      return "hinders";
  }
}

/** What keeps an operation from beginning, and the faults that it goes on with. */
export function weighed(record: OperationRecord, obstacles: readonly Obstacle[], isForced: boolean) {
  const of = (obstacle: Obstacle) =>
    obstacle.id === "notLooked" || obstacle.id === "notForgotten" || isOfRoot(obstacle) || isOfUpgrade(obstacle)
      ? undefined
      : concernOf(record, obstacle);
  const isHindrance = (obstacle: Obstacle) => of(obstacle) === undefined || (of(obstacle) === "hinders" && !isForced);
  return {
    hindrances: obstacles.filter(isHindrance),
    known: obstacles.filter((obstacle) => !isHindrance(obstacle) && of(obstacle) !== "heals"),
  };
}
