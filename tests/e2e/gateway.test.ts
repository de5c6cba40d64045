// Settings of gateways and istiods: addresses, waits that fail with their cause, numbers of pods, drains.
import { join } from "node:path";
import type { KubernetesObject, V1Pod } from "@kubernetes/client-node";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeCloudSettings } from "../../lab/cloud.ts";
import { labDown } from "../../lab/down.ts";
import { images } from "../../lab/images.ts";
import { PENDING_MESSAGE } from "../../lab/loadBalancers.ts";
import { meshOutput, pulumiDestroy, pulumiUp } from "../../lab/pulumi.ts";
import { type ClusterSpec, labSpec } from "../../lab/spec.ts";
import { type Lab, labUp } from "../../lab/up.ts";
import { waitFor } from "../../lab/wait.ts";
import { parseMesh } from "../../proof/mesh.ts";
import { prove } from "../../proof/prove.ts";
import { readyPods } from "../../proof/sample.ts";
import { type Api, apiOf, runPod } from "./kubectl.ts";
import { makeOwnCA } from "./ownCA.ts";
import { configure, configureCluster, configureSecret } from "./stackConfig.ts";
import { options } from "./testLab.ts";

const namespace = "istio-system";
const name = "istio-ingressgateway";
const gatewayPods = "istio=ingressgateway";

let lab: Lab;
let nhn: ClusterSpec;
let api: Api;
const { root } = makeOwnCA();

beforeAll(async () => {
  await labDown(labSpec(options));
  lab = await labUp(options);
  nhn = lab.clusters[1] as ClusterSpec;
  api = apiOf(lab, nhn);
  await configure(lab, {
    istiod: { replicas: 2, resources: { requests: { cpu: "50m", memory: "128Mi" } } },
    // Very little CPU, so that a few requests exceed the target.
    gateway: { autoscaling: { max: 3, targetCPU: 60 }, resources: { requests: { cpu: "30m", memory: "64Mi" } } },
    ca: { source: "root", certificate: root.certificate, algorithm: "RSA", rsaBits: 2048 },
  });
  await configureSecret(lab, "ca.key", root.key);
});

afterAll(() => labDown(labSpec(options)));

const pending = (...clusters: string[]) => writeCloudSettings(lab, { delayMilliseconds: 500, pending: clusters });
const gatewayService = () => api.core.readNamespacedService({ namespace, name });
const addresses = async () => parseMesh(await meshOutput(lab)).clusters.map(({ gatewayAddress }) => gatewayAddress);

async function podsOf(labelSelector: string): Promise<V1Pod[]> {
  return (await api.core.listNamespacedPod({ namespace, labelSelector })).items;
}

async function proof() {
  const results = await prove(parseMesh(await meshOutput(lab)));
  expect(results.filter(({ passed }) => !passed)).toEqual([]);
  return results.map(({ seen }) => seen);
}

/** Both outputs of a failing `pulumi up`. */
async function failingUp(): Promise<string> {
  const error = await pulumiUp(lab, "--skip-preview").then(
    () => undefined,
    (error: unknown) => error as { stdout?: string; stderr?: string },
  );
  if (error === undefined) throw new Error("pulumi up did not fail");
  return `${error.stdout}\n${error.stderr}`;
}

describe("a pending load balancer", () => {
  test("fails pulumi up within the deadline, with the provider's message", async () => {
    pending("nhn");
    await configure(lab, { awaitSeconds: 60 });
    expect(await failingUp()).toContain(
      "nhn: gateway istio-system/istio-ingressgateway is not ready after 60 s\n" +
        `      Service istio-ingressgateway is Pending, it has no load balancer address (SyncLoadBalancerFailed: ${PENDING_MESSAGE}); ` +
        "correct the cause, or set the gateway's address: clusters[].gateway.externalAddress",
    );
  });

  test("is not waited for if the config gives an address, by which every istiod finds the gateway", async () => {
    const ip = nhn.loadBalancerIps.at(-1) as string;
    const ports = ((await gatewayService()).spec?.ports ?? []).map(({ port, nodePort }) => ({ port, nodePort }));
    await execa("nsenter", [
      `--net=/run/netns/${lab.cloudNetns}`,
      process.execPath,
      join(import.meta.dirname, "forward.ts"),
      JSON.stringify({ ip, nodeIp: nhn.nodeIp, ports }),
    ]);
    await configureCluster(lab, "nhn", { gateway: { externalAddress: ip } });
    await configure(lab, { awaitSeconds: 120 });
    await pulumiUp(lab, "--skip-preview");

    const { metadata, status } = await gatewayService();
    expect(metadata?.labels).not.toHaveProperty(["topology.istio.io/network"]);
    expect(status?.loadBalancer?.ingress).toBeUndefined();
    expect((await addresses())[1]).toBe(ip);
    expect(await proof()).toContain("ncloud 2 replicas, nhn 2 replicas");
    // The proof verifies every live chain up to this given root.
    expect(parseMesh(await meshOutput(lab)).rootCertificate).toBe(root.certificate);
  });

  test("is used once it has an address, after the config's address was removed", async () => {
    pending();
    await configureCluster(lab, "nhn", { gateway: undefined });
    await pulumiUp(lab, "--skip-preview");
    expect((await gatewayService()).metadata?.labels).toMatchObject({ "topology.istio.io/network": "nhn" });
    expect((await addresses())[1]).toBe(nhn.loadBalancerIps[0]);
    await proof();
    expect(await pulumiUp(lab, "--skip-preview")).toMatch(/Resources:\n {4}\d+ unchanged\n/);
  });
});

describe("the gateway", () => {
  test("grows under load", async () => {
    // Wait, because otherwise the CPU of its start could cause the scaling.
    await waitFor("one gateway at rest", 400_000, async () => {
      const { status } = await api.autoscaling.readNamespacedHorizontalPodAutoscaler({ namespace, name });
      const used = status?.currentMetrics?.[0]?.resource?.current.averageUtilization;
      return status?.desiredReplicas === 1 && used !== undefined && used < 60 ? true : JSON.stringify(status);
    });
    await runPod(api, "load", images.curl, ["sleep", "infinity"]);
    const load = new AbortController();
    // Requests to the status port: enough work for a proxy, over a single connection.
    const script = `i=0; while [ $i -lt 3000 ]; do curl -s -o /dev/null "http://${name}.${namespace}:15021/healthz/ready?[1-200]"; i=$((i+1)); done`;
    const busy = api.cluster
      .exec({ namespace: "default", name: "load", ready: true }, "load", ["sh", "-c", script], {
        timeout: 300_000,
        signal: load.signal,
      })
      .catch(() => undefined);
    try {
      await waitFor("more than one gateway wanted", 240_000, async () => {
        const { status } = await api.autoscaling.readNamespacedHorizontalPodAutoscaler({ namespace, name });
        const { desiredReplicas = 0, currentMetrics, conditions } = status ?? {};
        return desiredReplicas > 1 ? true : JSON.stringify({ currentMetrics, conditions });
      });
      await waitFor("more than one gateway ready", 120_000, async () => {
        const { status } = await api.apps.readNamespacedDeployment({ namespace, name });
        return (status?.readyReplicas ?? 0) > 1 ? true : `${status?.readyReplicas} ready`;
      });
    } finally {
      load.abort(new Error("enough"));
      await busy;
      await api.core.deleteNamespacedPod({ namespace: "default", name: "load" });
    }
  });

  test("allows a drain of its node, and comes back", async () => {
    const [pod] = await podsOf(gatewayPods);
    const evicted = pod?.metadata?.name ?? "";
    await waitFor("disruptions allowed", 60_000, async () => {
      const budget = await api.policy.readNamespacedPodDisruptionBudget({ namespace, name });
      return budget.status?.disruptionsAllowed === 1 ? true : `${budget.status?.disruptionsAllowed} allowed`;
    });
    // A budget that requires all existing pods would refuse this with 429.
    await api.core.createNamespacedPodEviction({
      namespace,
      name: evicted,
      body: { metadata: { name: evicted, namespace } },
    });
    await waitFor("another gateway pod ready", 120_000, async () => {
      const pods = (await podsOf(gatewayPods)).filter(({ metadata }) => metadata?.name !== evicted);
      const ready = pods.some(({ status }) =>
        status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True"),
      );
      return ready ? true : JSON.stringify(pods.map(({ status }) => status?.phase));
    });
    await proof();
  });

  test("that cannot be scheduled fails pulumi up with the scheduler's reason", async () => {
    await configure(lab, { awaitSeconds: 25 });
    await configureCluster(lab, "nhn", { gateway: { nodeSelector: { pool: "missing" } } });
    expect(await failingUp()).toMatch(
      /Deployment istio-ingressgateway: pod \S+ is not scheduled: .*node\(s\) didn't match Pod's node affinity\/selector/,
    );
    await configureCluster(lab, "nhn", { gateway: undefined });
    await configure(lab, { awaitSeconds: 120 });
  });
});

describe("an ingress gateway", () => {
  test("exists beside the east-west gateway, and accepts only the configured callers", async () => {
    await configure(lab, { ingress: { enabled: true, sourceRanges: ["192.0.2.0/24"] } });
    await pulumiUp(lab, "--skip-preview");
    expect(await podsOf("istio=ingress")).toHaveLength(1);
    const service = await api.core.readNamespacedService({ namespace, name: "istio-ingress" });
    expect(service.spec?.loadBalancerSourceRanges).toEqual(["192.0.2.0/24"]);
    expect(service.metadata?.labels).not.toHaveProperty(["topology.istio.io/network"]);
    await proof();
  });

  test("serves Kubernetes' Ingress objects, and the east-west gateway does not", async () => {
    const backend = { service: { name: "reviews", port: { number: 9080 } } };
    await api.objects.create({
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: { name: "shop", namespace: "sample", annotations: { "kubernetes.io/ingress.class": "istio" } },
      spec: { rules: [{ host: "shop.example", http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }] },
    } as KubernetesObject);
    const [caller] = await readyPods(api.cluster, "sample", "sleep");
    const statusAt = async (gateway: string) => {
      const url = `http://${gateway}.${namespace}/reviews/1`;
      const asked = [
        "--silent",
        "--output",
        "/dev/null",
        "--write-out",
        "%{http_code}",
        "--header",
        "Host: shop.example",
      ];
      return (await api.cluster.exec(caller, "sleep", ["curl", ...asked, url], { timeout: 30_000 })).stdout;
    };
    await waitFor("an answer through the ingress gateway", 60_000, async () => {
      const status = await statusAt("istio-ingress");
      return status === "200" ? true : status;
    });
    expect(await statusAt(name)).not.toBe("200");
  });
});

describe("the gateway's Service", () => {
  const gateway = { ports: ["status-port", "tls"], nodePorts: { tls: 31443, "status-port": 31021 } };
  const portsOf = async () =>
    ((await gatewayService()).spec?.ports ?? []).map(({ port, nodePort }) => [port, nodePort]);
  const chosen = [
    [15021, 31021],
    [15443, 31443],
  ];

  test("has the ports in the config, and keeps its node ports when it is recreated for another class", async () => {
    pending();
    await configure(lab, { awaitSeconds: 120, gateway, ingress: undefined });
    await pulumiUp(lab, "--skip-preview");
    expect(await portsOf()).toEqual(chosen);
    const before = (await gatewayService()).metadata?.uid;
    await proof();
    await configureCluster(lab, "nhn", { gateway: { loadBalancerClass: "example.org/lab" } });
    await pulumiUp(lab, "--skip-preview");
    const { metadata, spec } = await gatewayService();
    expect(metadata?.uid).not.toBe(before);
    expect(spec?.loadBalancerClass).toBe("example.org/lab");
    expect(await portsOf()).toEqual(chosen);
    await proof();
    expect(await pulumiUp(lab, "--skip-preview")).toMatch(/Resources:\n {4}\d+ unchanged\n/);
  });

  test("gets the same node ports after pulumi destroy, and prints the manual steps in the console", async () => {
    await pulumiDestroy(lab, "--skip-preview");
    const externalAddress = nhn.loadBalancerIps.at(-1) as string;
    await configureCluster(lab, "nhn", { gateway: { externalAddress } });
    const said = await pulumiUp(lab, "--skip-preview");
    expect(await portsOf()).toEqual(chosen);
    expect(said).toContain("port 15443 -> node port 31443");
  });
});
