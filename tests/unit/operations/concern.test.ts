import { expect, test } from "vitest";
import type { OperationRecord } from "../../../config/operationSchema.ts";
import type { StatusFinding } from "../../../mesh/statusFindings.ts";
import { concernOf, weighed } from "../../../operations/concern.ts";

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
  ["a direction between others", fault("noAnswer", "a", "b"), ["unrelated", "unrelated", "unrelated", "hinders"]],
  ["a direction to the cluster", fault("noAnswer", "a", "c"), ["unrelated", "hinders", "unrelated", "hinders"]],
  ["a token that is refused", fault("peerNotSynced", "a", "c"), ["heals", "hinders", "unrelated", "hinders"]],
  ["another cluster's token", fault("peerNotSynced", "c", "a"), ["unrelated", "hinders", "unrelated", "hinders"]],
  ["a gateway that is lost", fault("gatewayUnregistered", "a", "c"), ["hinders", "hinders", "unrelated", "hinders"]],
  ["endpoints that are lost", fault("endpointsMissing", "a", "c"), ["hinders", "hinders", "unrelated", "hinders"]],
  ["a cluster that is silent", fault("clusterSilent", "a"), ["hinders", "unrelated", "hinders", "hinders"]],
  ["no istiod elsewhere", fault("noIstiod", "a"), ["hinders", "unrelated", "hinders", "hinders"]],
  [
    "an intermediate that ends",
    fault("certificateEnds", "c", "", { role: "intermediate" }),
    ["unrelated", "heals", "unrelated", "hinders"],
  ],
  [
    "a root that ends",
    fault("certificateEnds", "c", "", { role: "root" }),
    ["unrelated", "unrelated", "unrelated", "hinders"],
  ],
])("%s", (_, finding, expected) => {
  expect([tokens, issuers, add, remove].map((record) => concernOf(record, finding))).toEqual(expected);
});

test("a root is not exchanged while a cluster cannot be looked at, not even by --force", () => {
  const rotation: OperationRecord = { kind: "rotate-root", generation: 2, reached: 0 };
  const [blind, other] = [fault("notAsked", "a"), fault("noAnswer", "a", "b")];
  expect(weighed(rotation, [blind, other], true)).toEqual({ hindrances: [blind], known: [other] });
  expect(weighed(remove, [blind, other], true)).toEqual({ hindrances: [], known: [blind, other] });
});
