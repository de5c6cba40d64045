// How an existing fault of the mesh affects an operation that is about to start. Pure.
import { exchangesRoot, type OperationRecord } from "../config/operationSchema.ts";
import type { StatusFinding } from "../mesh/statusFindings.ts";
import type { Obstacle } from "./gate.ts";
import { isOfRoot } from "./rootGate.ts";
import { isOfUpgrade } from "./upgradeGate.ts";

/**
 * `hinders`: the operation needs the broken part, or could make the fault worse. `heals`: the operation may fix the
 * fault, so its gate waits for this. `unrelated`: the operation does not affect the fault.
 */
export type Concern = "hinders" | "heals" | "unrelated";

/** With these faults, the cluster cannot be changed, or the effect of a change cannot be observed. */
const CONTROL: readonly StatusFinding["id"][] = ["clusterSilent", "noIstiod", "notAsked"];
/** When a token is replaced, istiod may lose more endpoints or gateways: istio#60920, istio#61043. */
const LOST: readonly StatusFinding["id"][] = ["gatewayUnregistered", "endpointsMissing"];
/** Symptoms of a refused token. */
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
    // The operation does not change connections between the other clusters.
    case "add":
      return CONTROL.includes(id) ? "hinders" : "unrelated";
    default:
      return "hinders";
  }
}

/** The faults that prevent an operation from starting, and those that it tolerates. */
export function sortedObstacles(record: OperationRecord, obstacles: readonly Obstacle[], isForced: boolean) {
  const of = (obstacle: Obstacle) =>
    obstacle.id === "notLooked" || obstacle.id === "notForgotten" || isOfRoot(obstacle) || isOfUpgrade(obstacle)
      ? undefined
      : concernOf(record, obstacle);
  // An istiod that cannot be checked may sign with an intermediate of the other root.
  const isBlind = ({ id }: Obstacle) => exchangesRoot(record.kind) && CONTROL.some((one) => one === id);
  const isHindrance = (obstacle: Obstacle) =>
    of(obstacle) === undefined || (of(obstacle) === "hinders" && (!isForced || isBlind(obstacle)));
  return {
    hindrances: obstacles.filter(isHindrance),
    known: obstacles.filter((obstacle) => !isHindrance(obstacle) && of(obstacle) !== "heals"),
  };
}
