import type { V1DaemonSet } from "@kubernetes/client-node";
import { expect, test } from "vitest";
import { rolloutOf } from "../../../hooks/rollout.ts";

const daemonSet = (
  generation: number,
  observedGeneration: number,
  desired: number,
  updated: number,
  available: number,
): V1DaemonSet => ({
  metadata: { generation },
  status: {
    observedGeneration,
    desiredNumberScheduled: desired,
    updatedNumberScheduled: updated,
    numberAvailable: available,
    currentNumberScheduled: desired,
    numberMisscheduled: 0,
    numberReady: available,
  },
});

test.each([
  ["done", daemonSet(2, 2, 3, 3, 3), { done: true, updated: 3, state: "3 of 3 pods restarted, 3 available" }],
  [
    "done where no node wants it",
    daemonSet(2, 2, 0, 0, 0),
    { done: true, updated: 0, state: "0 of 0 pods restarted, 0 available" },
  ],
  [
    "not done while its controller has not seen it",
    daemonSet(2, 1, 3, 3, 3),
    { done: false, updated: 0, state: "not begun" },
  ],
  [
    "not done while pods are old",
    daemonSet(2, 2, 3, 2, 3),
    { done: false, updated: 2, state: "2 of 3 pods restarted, 3 available" },
  ],
  [
    "not done while pods come up",
    daemonSet(2, 2, 3, 3, 2),
    { done: false, updated: 3, state: "3 of 3 pods restarted, 2 available" },
  ],
  ["not done without a status", { metadata: { generation: 1 } }, { done: false, updated: 0, state: "not begun" }],
] as const)("a rollout is %s", (_, found, expected) => {
  expect(rolloutOf(found as V1DaemonSet)).toEqual(expected);
});
