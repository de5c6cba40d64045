import { expect, test } from "vitest";
import type { OperationRecord } from "../../../config/operationSchema.ts";
import type { StatusFinding } from "../../../mesh/statusFindings.ts";
import { concernOf, sortedObstacles } from "../../../operations/concern.ts";

const tokens: OperationRecord = { kind: "rotate-tokens", tokens: [{ cluster: "c", generation: 2 }], reached: 0 };
const issuers: OperationRecord = {
  kind: "renew-intermediates",
  intermediates: [{ cluster: "c", generation: 2 }],
  reached: 0,
};
const add: OperationRecord = { kind: "add", cluster: "d", reached: 0 };
const remove: OperationRecord = { kind: "remove", cluster: "c", reached: 0 };

const fault = (id: StatusFinding["id"], cluster: string, peer = "", more: object = {}) =>
  ({ id, severity: "error", cluster, peer, pods: [], ...more }) as unknown as StatusFinding;

test.each([
  [
    "a fault between two other clusters",
    fault("noAnswer", "a", "b"),
    ["unrelated", "unrelated", "unrelated", "hinders"],
  ],
  ["a fault towards the cluster", fault("noAnswer", "a", "c"), ["unrelated", "hinders", "unrelated", "hinders"]],
  ["a rejected token", fault("peerNotSynced", "a", "c"), ["heals", "hinders", "unrelated", "hinders"]],
  [
    "a rejected token of another cluster",
    fault("peerNotSynced", "c", "a"),
    ["unrelated", "hinders", "unrelated", "hinders"],
  ],
  ["an unregistered gateway", fault("gatewayUnregistered", "a", "c"), ["hinders", "hinders", "unrelated", "hinders"]],
  ["missing endpoints", fault("endpointsMissing", "a", "c"), ["hinders", "hinders", "unrelated", "hinders"]],
  ["a cluster that does not answer", fault("clusterSilent", "a"), ["hinders", "unrelated", "hinders", "hinders"]],
  ["no istiod in another cluster", fault("noIstiod", "a"), ["hinders", "unrelated", "hinders", "hinders"]],
  [
    "an intermediate that expires",
    fault("certificateEnds", "c", "", { role: "intermediate" }),
    ["unrelated", "heals", "unrelated", "hinders"],
  ],
  [
    "a root that expires",
    fault("certificateEnds", "c", "", { role: "root" }),
    ["unrelated", "unrelated", "unrelated", "hinders"],
  ],
])("judges %s for each operation", (_, finding, expected) => {
  expect([tokens, issuers, add, remove].map((record) => concernOf(record, finding))).toEqual(expected);
});

test("--force does not let a root rotation ignore a cluster whose istiod cannot be queried", () => {
  const rotation: OperationRecord = { kind: "rotate-root", generation: 2, reached: 0 };
  const [blind, other] = [fault("notAsked", "a"), fault("noAnswer", "a", "b")];
  expect(sortedObstacles(rotation, [blind, other], true)).toEqual({ hindrances: [blind], known: [other] });
  expect(sortedObstacles(remove, [blind, other], true)).toEqual({ hindrances: [], known: [blind, other] });
});
