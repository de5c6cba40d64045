// What the program waits for in a cluster, and its messages when the wait fails.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { deploymentReady } from "../../../provider/kinds/deploymentReady.ts";
import { podInjection } from "../../../provider/kinds/podInjection.ts";
import { type MemoryApi, memoryApi } from "../kube/memoryApi.ts";
import { stepOn } from "./stepOn.ts";

let api: MemoryApi;
beforeEach(async () => {
  api = await memoryApi();
});
afterEach(() => api.close());

describe("a wait for the sample's Deployment", () => {
  const deployment = (status: object) => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "sleep", namespace: "sample", generation: 1 },
    spec: { replicas: 1, selector: { matchLabels: { app: "sleep" } } },
    status,
  });
  const inputs = { namespace: "sample", name: "sleep", awaitSeconds: 0.3, after: {} };

  test("succeeds once it is available", async () => {
    api.put(deployment({ observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 1 }));
    expect(await deploymentReady.create(await stepOn(api.kubeconfig, inputs))).toEqual({});
    expect(api.writes()).toEqual([]);
  });

  test("quotes the cause if its pods are rejected", async () => {
    const message = 'pods "sleep-1" is forbidden: violates PodSecurity "restricted:latest"';
    api.put(deployment({ conditions: [{ type: "ReplicaFailure", status: "True", message }] }));
    await expect(deploymentReady.create(await stepOn(api.kubeconfig, inputs))).rejects.toThrow(
      `one: Deployment sample/sleep is not ready after 0.3 s\n  Deployment sleep: ${message}\n`,
    );
    // The condition may appear later than the ReplicaSet's event.
    api.put(deployment({}));
    const involvedObject = { kind: "ReplicaSet", name: "sleep-7d4b9c" };
    const event = { type: "Warning", reason: "FailedCreate", message, involvedObject };
    api.put({ apiVersion: "v1", kind: "Event", metadata: { name: "e", namespace: "sample" }, ...event } as never);
    await expect(deploymentReady.create(await stepOn(api.kubeconfig, inputs))).rejects.toThrow(
      `Deployment sleep: FailedCreate: ${message}`,
    );
  });
});

describe("a dry run of the injection", () => {
  const POST = "POST /api/v1/namespaces/istio-system/pods";
  const inputs = { revision: 1, awaitSeconds: 1 };
  const pod = (image: string) => ({ spec: { containers: [{ name: "istio-proxy", image }] } });
  const answers = (...all: { status: number; body: object }[]) => {
    api.meet = async (request) => (request === POST ? (all.length > 1 ? all.shift() : all[0]) : undefined);
  };
  const create = async (awaitSeconds = 1) =>
    podInjection.create(await stepOn(api.kubeconfig, { ...inputs, awaitSeconds }));
  const failing = (why: string) => ({
    status: 500,
    body: {
      message: `Internal error occurred: failed calling webhook "object.sidecar-injector.istio.io": failed to call webhook: ${why}`,
    },
  });

  test("is repeated until the pod has a proxy", async () => {
    answers(
      failing("connection refused"),
      { status: 201, body: pod("auto") },
      { status: 201, body: pod("hub/proxyv2:1") },
    );
    expect(await create(30)).toEqual({});
    expect(api.requests.filter((request) => request === POST)).toHaveLength(3);
  });

  test("that fails names the webhook's error, its port and other possible causes", async () => {
    answers(failing("context deadline exceeded"));
    const error = await create().catch(({ message }: Error) => message);
    expect(error).toMatch(
      /^one: istiod is ready, but its webhook injected no proxy into a new pod within 1 s: .*deadline exceeded/,
    );
    for (const part of ["15017", "10250", "npm run mesh -- firewall", "hostNetwork"]) expect(error).toContain(part);
  });

  test("is skipped if the account may not create pods, or another webhook rejects dry runs", async () => {
    const said = [
      [403, 'pods is forbidden: User "x" cannot create resource "pods"'],
      [400, 'admission webhook "a.example" does not support dry run'],
      [403, 'pods "x" is forbidden: violates PodSecurity "restricted:latest"'],
    ] as const;
    for (const [status, message] of said) {
      answers({ status, body: { message } });
      expect(await create()).toEqual({});
    }
  });

  test("is repeated for another revision of istiod, but not for another timeout", async () => {
    const identity = (change: object) => podInjection.identity?.({ ...inputs, ...change });
    expect(identity({ awaitSeconds: 9 })).toEqual(identity({}));
    expect(identity({ revision: 2 })).not.toEqual(identity({}));
  });
});
