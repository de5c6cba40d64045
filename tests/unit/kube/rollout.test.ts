import type { V1DaemonSet, V1Pod } from "@kubernetes/client-node";
import { describe, expect, test } from "vitest";
import type { Objects } from "../../../kube/objects.ts";
import { PodNotBack, rollout, rolloutOf } from "../../../kube/rollout.ts";

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
  ["done", daemonSet(2, 2, 3, 3, 3), { done: true, updated: 3, left: 0, state: "3 of 3 pods restarted, 3 available" }],
  [
    "done if no node matches",
    daemonSet(2, 2, 0, 0, 0),
    { done: true, updated: 0, left: 0, state: "0 of 0 pods restarted, 0 available" },
  ],
  [
    "not done before its controller observes it",
    daemonSet(2, 1, 3, 3, 3),
    { done: false, updated: 0, left: 3, state: "not begun" },
  ],
  [
    "not done while pods are old",
    daemonSet(2, 2, 3, 2, 3),
    { done: false, updated: 2, left: 1, state: "2 of 3 pods restarted, 3 available" },
  ],
  [
    "not done while new pods are unavailable",
    daemonSet(2, 2, 3, 3, 2),
    { done: false, updated: 3, left: 0, state: "3 of 3 pods restarted, 2 available" },
  ],
  [
    "not done without a status",
    { metadata: { generation: 1 } },
    { done: false, updated: 0, left: 0, state: "not begun" },
  ],
] as const)("a rollout is %s", (_, found, expected) => {
  expect(rolloutOf(found as V1DaemonSet)).toEqual(expected);
});

describe("a rollout of three pods, one of them restarted", () => {
  const named = { metadata: { name: "d", namespace: "n", uid: "d", generation: 1 } };
  const found = { ...daemonSet(1, 1, 3, 1, 2), ...named, spec: { selector: { matchLabels: { app: "d" } } } };
  const pod = (isNew: boolean, isReady: boolean, crashes = 0): V1Pod => ({
    metadata: {
      name: isNew ? "new" : "old",
      namespace: "n",
      uid: `${isNew}`,
      labels: { isNew: `${isNew}` },
      ownerReferences: [{ uid: "d", kind: "DaemonSet", name: "d", apiVersion: "apps/v1" }],
    },
    status: {
      conditions: [{ type: "Ready", status: isReady ? "True" : "False" }],
      containerStatuses: [
        {
          name: "agent",
          restartCount: crashes,
          state: crashes > 0 ? { waiting: { reason: "CrashLoopBackOff" } } : {},
          lastState: crashes > 0 ? { terminated: { exitCode: 1 } } : {},
          image: "",
          imageID: "",
          ready: false,
        },
      ],
    },
  });
  const wait = (pods: V1Pod[], seconds: number, { signal } = new AbortController()) => {
    const objects = {
      existing: async () => found,
      list: async (_: string, kind: string) => (kind === "Pod" ? pods : []),
      log: async (...asked: unknown[]) => `a\nasked ${JSON.stringify(asked)}\n`,
    } as unknown as Objects;
    const isRestarted = ({ metadata }: V1Pod) => metadata?.labels?.isNew === "true";
    return rollout(objects, { namespace: "n", name: "d" }, { seconds, signal, isRestarted }).catch((error) => error);
  };

  test("fails at once if that pod crashes repeatedly, with the end of its log", async () => {
    const error = await wait([pod(false, true), pod(true, false, 3)], 60);
    expect(error).toBeInstanceOf(PodNotBack);
    expect(error.left).toBe(2);
    expect(error.message).toBe(
      "DaemonSet n/d: a restarted pod does not become ready: 1 of 3 pods restarted, 2 available\n" +
        "  pod new waits: agent CrashLoopBackOff (it ended with 1 before)\n" +
        "  pod new: container agent wrote: a\n" +
        '  pod new: container agent wrote: asked ["n","new",5,{"container":"agent","previous":true}]',
    );
  });

  test("ends on an interruption", async () => {
    const ending = new AbortController();
    setTimeout(() => ending.abort(new Error("interrupted")), 50);
    expect(await wait([], 60, ending)).toEqual(new Error("interrupted"));
  });

  test("fails after a time without progress, and tells a failing new pod from pods that do not restart", async () => {
    expect(await wait([pod(true, false, 1)], 0.3)).toBeInstanceOf(PodNotBack);
    const error = await wait([pod(true, true), pod(false, false)], 0.3);
    expect(error).not.toBeInstanceOf(PodNotBack);
    expect(error.message).toMatch(/^DaemonSet n\/d does not restart: no progress in 0.3 s, 1 of 3 .*\n {2}pod old \w+/);
  });
});
