import type { CoreV1Event, V1Deployment, V1Pod, V1Service } from "@kubernetes/client-node";
import { describe, expect, test } from "vitest";
import { podsMessage, rolledOut } from "../../../kube/deploymentPods.ts";
import { addressesOf, addressOf, loadBalancerPods, pendingMessage } from "../../../kube/loadBalancer.ts";
import { gatewayReady } from "../../../provider/kinds/gatewayReady.ts";
import { kinds, stepAgainst } from "./stepOn.ts";

const event = (uid: string, type: string, reason: string, message: string, minute = 0): CoreV1Event => ({
  metadata: {},
  involvedObject: { uid },
  type,
  reason,
  message,
  lastTimestamp: new Date(Date.UTC(2026, 0, 1, 0, minute)),
});

const service = (ingress?: { ip?: string; hostname?: string }[]): V1Service => ({
  metadata: { name: "gw", uid: "s" },
  status: { loadBalancer: ingress ? { ingress } : {} },
});

describe("a load balancer's address", () => {
  test("is the hostname if there is one, otherwise the IP", () => {
    expect(addressOf(service([{ hostname: "lb.example", ip: "203.0.113.1" }]))).toBe("lb.example");
    expect(addressOf(service([{ ip: "203.0.113.1" }]))).toBe("203.0.113.1");
    for (const none of [undefined, [], [{}], [{ hostname: "", ip: "" }]]) {
      expect(addressOf(service(none))).toBeUndefined();
    }
  });

  test("includes both families of a dual-stack Service", () => {
    const both = [{ ip: "203.0.113.1" }, { ip: "2001:db8::1" }];
    expect(addressesOf(service(both))).toEqual(["203.0.113.1", "2001:db8::1"]);
  });

  describe("a Service that stays Pending", () => {
    const maker = (namespace: string, name: string, more: Partial<V1Pod> = {}): V1Pod => ({
      metadata: { name, namespace, uid: name },
      ...more,
    });
    const unscheduled: V1Pod["status"] = {
      conditions: [{ type: "PodScheduled", status: "False", message: "no free ports for the requested pod ports" }],
    };
    const ready: V1Pod["status"] = { conditions: [{ type: "Ready", status: "True" }] };
    const svclb = (name: string, of: string): V1Pod => ({
      metadata: { name, namespace: "kube-system", uid: name, labels: { "svccontroller.k3s.cattle.io/svcname": of } },
      status: unscheduled,
    });

    test("is attributed to pods of its provider, MetalLB, kube-vip or others, and k3s' pods for it", () => {
      const makers = [
        maker("kube-system", "openstack-cloud-controller-manager-x2x"),
        maker("metallb-system", "controller-6dd9"),
        maker("kube-system", "kube-vip-node1"),
        maker("kube-system", "aws-load-balancer-controller-77"),
        svclb("svclb-gw-1", "gw"),
      ];
      const others = [maker("kube-system", "coredns-1"), maker("mine", "speakers-1"), svclb("svclb-web-1", "web")];
      expect(loadBalancerPods(service(), [...others, ...makers])).toEqual(makers);
    });

    test("names a pod that is not ready, and the cause", () => {
      const events = [event("svclb-gw-1", "Warning", "FailedScheduling", "0/1 nodes are available")];
      expect(pendingMessage(service(), events, [svclb("svclb-gw-1", "gw")])).toContain(
        "(no events: see the logs of kube-system/svclb-gw-1; pod kube-system/svclb-gw-1 is not scheduled: no free ports for " +
          "the requested pod ports (FailedScheduling: 0/1 nodes are available))",
      );
    });

    test("names these pods if they are ready and there are no events", () => {
      const pods = [maker("metallb-system", "controller-6dd9", { status: ready })];
      expect(pendingMessage(service(), [], pods)).toContain(
        "(no events: see the logs of metallb-system/controller-6dd9)",
      );
    });
  });

  test("is reported with its warnings, latest first and each once", () => {
    const events = [
      event("s", "Warning", "Failed", "no quota", 1),
      event("s", "Warning", "Failed", "no subnet", 3),
      event("s", "Warning", "Failed", "no quota", 2),
      event("s", "Normal", "Ensuring", "on it", 4),
      event("other", "Warning", "Failed", "not ours", 5),
    ];
    expect(pendingMessage(service(), events)).toBe(
      "Service gw is Pending, it has no load balancer address (Failed: no subnet; Failed: no quota); " +
        "correct the cause, or set the gateway's address: clusters[].gateway.externalAddress",
    );
    expect(pendingMessage(service(), [])).toContain(
      "(no events: this cluster seems to have no load balancer controller)",
    );
  });
});

describe("a gateway's pods", () => {
  const deployment = (status: V1Deployment["status"]): V1Deployment => ({
    metadata: { name: "gw", generation: 3 },
    spec: { replicas: 2, selector: { matchLabels: { app: "gw" } }, template: {} },
    ...(status && { status }),
  });
  const done = { observedGeneration: 3, replicas: 2, updatedReplicas: 2, availableReplicas: 2 };

  test.each([
    ["are complete when all are available", done, true],
    ["are incomplete before the controller observes the Deployment", { ...done, observedGeneration: 2 }, false],
    ["are incomplete while some are not updated", { ...done, updatedReplicas: 1 }, false],
    ["are incomplete while an old one exists", { ...done, replicas: 3 }, false],
    ["are incomplete while one is unavailable", { ...done, availableReplicas: 1 }, false],
  ])("%s", (_, status, expected) => expect(rolledOut(deployment(status))).toBe(expected));

  const pod = (name: string, status: V1Pod["status"], app = "gw"): V1Pod => ({
    metadata: { name, uid: name, labels: { app } },
    ...(status && { status }),
  });

  test("are reported with their state and events", () => {
    const container = { name: "proxy", image: "", imageID: "", restartCount: 0, ready: false };
    const pods = [
      pod("a", { conditions: [{ type: "PodScheduled", status: "False", message: "0/1 nodes are available" }] }),
      pod("b", {
        containerStatuses: [
          { ...container, state: { waiting: { reason: "ImagePullBackOff", message: "no such image" } } },
        ],
      }),
      pod("c", { containerStatuses: [{ ...container, state: { running: {} } }] }),
      pod("d", { containerStatuses: [{ ...container, state: { terminated: { exitCode: 137 } } }] }),
      pod("e", { phase: "Pending" }),
      pod("ready", { conditions: [{ type: "Ready", status: "True" }] }),
      pod("stranger", { phase: "Pending" }, "other"),
    ];
    expect(podsMessage(deployment(done), pods, [event("c", "Warning", "Unhealthy", "probe failed")])).toBe(
      "Deployment gw: pod a is not scheduled: 0/1 nodes are available; " +
        "pod b waits: proxy ImagePullBackOff: no such image; " +
        "pod c runs, but proxy is not ready (Unhealthy: probe failed); " +
        "pod d ended: proxy with 137; pod e is Pending",
    );
  });

  test("that cannot be created are reported with the cause", () => {
    const conditions = [{ type: "ReplicaFailure", status: "True", message: "exceeded quota" }];
    expect(podsMessage(deployment({ ...done, conditions }), [], [])).toBe("Deployment gw: exceeded quota");
    expect(podsMessage(deployment(done), [], [])).toBe("Deployment gw: its rollout is in progress");
    const refusal = (kind: string, name: string): CoreV1Event => ({
      ...event("rs", "Warning", "FailedCreate", "exceeded quota"),
      involvedObject: { kind, name },
    });
    const message = (...events: CoreV1Event[]) => podsMessage(deployment(done), [], events);
    expect(message(refusal("ReplicaSet", "gw-7d4b9c"))).toBe("Deployment gw: FailedCreate: exceeded quota");
    const others = [refusal("ReplicaSet", "gw-other-7d4b9c"), refusal("ReplicaSet", "gw"), refusal("Pod", "gw-7d4b9c")];
    expect(message(...others)).toBe("Deployment gw: its rollout is in progress");
  });

  test("that crash repeatedly are reported with their last exit", () => {
    const state = { waiting: { reason: "CrashLoopBackOff", message: "back-off 10s" } };
    const lastState = { terminated: { exitCode: 137, reason: "OOMKilled" } };
    const container = { name: "proxy", image: "", imageID: "", restartCount: 3, ready: false, state, lastState };
    expect(podsMessage(deployment(done), [pod("a", { containerStatuses: [container] })], [])).toBe(
      "Deployment gw: pod a waits: proxy CrashLoopBackOff: back-off 10s (it ended with 137 OOMKilled before)",
    );
  });
});

describe("the resource gatewayReady", () => {
  const SYSTEM = "/namespaces/istio-system";
  const READY = { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 1 };
  const spec = { selector: { matchLabels: { app: "gw" } } };
  const inputs = { namespace: "istio-system", name: "gw", awaitAddress: true, awaitSeconds: 1, after: { uid: "1" } };

  /** The resource's behaviour for a gateway. @param of returns Deployment and Service for each read */
  async function at(
    of: (look: number) => { pods?: object; ip?: string } | undefined,
    more: Partial<typeof inputs> = {},
  ) {
    let looks = 0;
    const answers = {
      "/api/v1": kinds({ services: "Service", pods: "Pod", events: "Event" }),
      "/apis/apps/v1": kinds({ deployments: "Deployment" }),
      "/apis/apiregistration.k8s.io/v1": () => ({
        resources: [{ name: "apiservices", kind: "APIService", namespaced: false }],
      }),
      [`/apis/apps/v1${SYSTEM}/deployments/gw`]: () => {
        const seen = of(++looks);
        return seen && { metadata: { name: "gw", generation: 1 }, spec, status: seen.pods ?? {} };
      },
      [`/api/v1${SYSTEM}/services/gw`]: () => {
        const ip = of(looks)?.ip;
        return service(ip === undefined ? undefined : [{ ip }]);
      },
      [`/api/v1${SYSTEM}/pods`]: () => ({ items: [] }),
      "/api/v1/pods": () => ({ items: [{ metadata: { name: "kube-vip-1", namespace: "kube-system", uid: "v" } }] }),
      "/api/v1/namespaces/kube-system/events": () => ({ items: [event("v", "Warning", "BackOff", "restarting")] }),
      [`/api/v1${SYSTEM}/events`]: () => ({ items: [] }),
    };
    const step = await stepAgainst(answers, { ...inputs, ...more });
    const created = () => gatewayReady.create(step).catch(({ message }: Error) => message);
    return { step, created };
  }

  test("waits for pods and address, or only for pods if the config has the address", async () => {
    const [pods, ip] = [READY, "203.0.113.1"];
    const coming = (look: number) => (look <= 2 ? undefined : look === 3 ? { pods } : { pods, ip });
    expect(await (await at(coming, { awaitSeconds: 30 })).created()).toEqual({ address: ip });
    expect(await (await at(() => ({ pods }), { awaitAddress: false })).created()).toEqual({ address: "" });
  });

  test("reports what is missing on a timeout, or that the cluster cannot be read", async () => {
    const about = "one: gateway istio-system/gw";
    const noPods = "Deployment gw: its rollout is in progress";
    const said = async (seen: { pods?: object; ip?: string } | undefined) => (await at(() => seen)).created();
    expect(await said({ ip: "203.0.113.1" })).toBe(`${about} is not ready after 1 s\n  ${noPods}`);
    expect(await said({})).toContain(`${about} is not ready after 1 s\n  ${noPods}\n  Service gw is Pending`);
    expect(await said({ pods: READY })).toContain("pod kube-system/kube-vip-1 is unknown (BackOff: restarting)");
    expect(await said({ pods: READY })).toContain(`${about} is not ready after 1 s\n  Service gw is Pending`);
    expect(await said(undefined)).toBe(`${about} cannot be checked: there is no Deployment istio-system/gw`);
  });

  test("warns if there is no metrics API for autoscalers", async () => {
    const { step, created } = await at(() => ({ pods: READY, ip: "203.0.113.1" }));
    await created();
    expect(step.lines).toEqual([
      "warning: one: APIService v1beta1.metrics.k8s.io does not exist, so autoscalers of gateways and istiods stay at their " +
        "minimum; install metrics-server by metricsServer.source",
    ]);
  });

  test("stops waiting on an interruption", async () => {
    const { step } = await at(() => ({}), { awaitSeconds: 30 });
    const ending = new AbortController();
    const waiting = gatewayReady.create({ ...step, signal: ending.signal });
    ending.abort(new Error("interrupted"));
    await expect(waiting).rejects.toThrow("interrupted");
  });

  test("keeps or updates its address in a refresh, and is deleted with its Service", async () => {
    const { step } = await at(() => ({ pods: READY, ip: "203.0.113.2" }));
    // `create` reads both together; `read` needs discovery for each.
    await step.cluster.objects.read("apps/v1", "Deployment", "gw", "istio-system");
    expect(await gatewayReady.read?.(step, { address: "203.0.113.1" })).toEqual({ address: "203.0.113.2" });
    const given = { ...step, inputs: { ...step.inputs, awaitAddress: false } };
    expect(await gatewayReady.read?.(given, { address: "" })).toEqual({ address: "" });
    const gone = await stepAgainst({ "/api/v1": kinds({ services: "Service" }) }, inputs);
    expect(await gatewayReady.read?.(gone, { address: "203.0.113.1" })).toBeUndefined();
  });

  test("waits again after a change of pods or Service, but not of the timeout", () => {
    expect(gatewayReady.identity?.({ ...inputs, awaitSeconds: 9 })).toEqual(gatewayReady.identity?.(inputs));
    expect(gatewayReady.identity?.({ ...inputs, after: { uid: "2" } })).not.toEqual(gatewayReady.identity?.(inputs));
  });
});
