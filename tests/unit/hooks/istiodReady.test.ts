// The hook, where istiod's Deployment is all that is asked.
import { expect, test } from "vitest";
import { hookAgainst, kinds } from "./hookAgainst.ts";

const NAMESPACE = "/namespaces/istio-system";
const READY = { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 1 };

const pod = {
  metadata: { name: "istiod-1", uid: "1", labels: { app: "istiod" } },
  status: {
    containerStatuses: [{ name: "discovery", state: { waiting: { reason: "ImagePullBackOff" } } }],
  },
};
const event = { involvedObject: { uid: "1" }, type: "Warning", reason: "Failed", message: "no such image" };

/** Runs the hook. @param statusOf istiod's status, each time that it is looked at; undefined where it is not there */
async function run(statusOf: (look: number) => object | undefined, awaitSeconds: number) {
  let looks = 0;
  const answers = {
    "/api/v1": kinds({ pods: "Pod", events: "Event" }),
    "/apis/apps/v1": kinds({ deployments: "Deployment" }),
    [`/apis/apps/v1${NAMESPACE}/deployments/istiod`]: () => {
      const status = statusOf(++looks);
      const spec = { replicas: 1, selector: { matchLabels: { app: "istiod" } } };
      return status && { metadata: { name: "istiod", generation: 1 }, spec, status };
    },
    [`/api/v1${NAMESPACE}/pods`]: () => ({ items: [pod] }),
    [`/api/v1${NAMESPACE}/events`]: () => ({ items: [event] }),
  };
  const ended = await hookAgainst(answers, "istiodReady", { cluster: "one", namespace: "istio-system", awaitSeconds });
  return { ...ended, looks };
}

test("istiod is waited for until it is ready, also where it is not there yet", async () => {
  const after = await run((look) => (look === 1 ? undefined : look === 2 ? {} : READY), 30);
  expect(after).toEqual({ exitCode: 0, stdout: "null", stderr: "", looks: 3 });
});

test("what keeps it from being ready is said when the time is over", async () => {
  const { exitCode, stderr } = await run(() => ({}), 0.5);
  expect([exitCode, stderr]).toEqual([
    1,
    "one: istiod is not ready after 0.5 s\n" +
      "  Deployment istiod: pod istiod-1 waits: discovery ImagePullBackOff (Failed: no such image)\n" +
      'Mend that, then run "pulumi up" again.',
  ]);
  expect((await run(() => undefined, 0.5)).stderr).toBe("there is no Deployment istio-system/istiod");
});
