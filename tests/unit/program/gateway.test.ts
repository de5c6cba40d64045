import { beforeAll, describe, expect, test } from "vitest";
import { type Recorded, runProgram, writeKubeconfig } from "./recorder.ts";

const kubeconfig = writeKubeconfig("one", "two");
const clusters = [
  {
    name: "one",
    kubeconfig,
    context: "one",
    csp: "ncloud",
    gateway: {
      annotations: { size: "SMALL" },
      sourceRanges: ["203.0.113.0/24"],
      externalTrafficPolicy: "Local",
      drainSeconds: 40,
      nodeSelector: { pool: "edge" },
      tolerations: [{ key: "dedicated", operator: "Exists" }],
      resources: { requests: { cpu: "1" } },
    },
  },
  {
    name: "two",
    network: "network-of-two",
    kubeconfig,
    context: "two",
    csp: "nhn",
    gateway: { externalAddress: "203.0.113.20" },
  },
];

let resources: Recorded[];
let outputs: Record<string, unknown>;
beforeAll(async () => {
  ({ resources, outputs } = await runProgram({
    clusters,
    gateway: { autoscaling: { min: 2, max: 9, targetCPU: 50 } },
    ingress: { enabled: true },
    istiod: { replicas: 2, resources: { requests: { cpu: "200m" } } },
    awaitSeconds: 77,
  }));
});

function inputs(name: string): Record<string, unknown> {
  return resources.find((r) => r.name === name && !r.type.startsWith("csp-mesh:index:"))?.inputs ?? {};
}

describe("a gateway", () => {
  test("follows the config, with a layer-4 load balancer of the provider from the beginning", () => {
    expect(inputs("one-gateway-service")).toMatchObject({
      metadata: {
        labels: { app: "istio-ingressgateway", istio: "ingressgateway", "topology.istio.io/network": "one" },
        annotations: {
          "service.beta.kubernetes.io/ncloud-load-balancer-layer-type": "nlb",
          size: "SMALL",
          "pulumi.com/skipAwait": "true",
        },
      },
      spec: { loadBalancerSourceRanges: ["203.0.113.0/24"], externalTrafficPolicy: "Local" },
    });
    expect(inputs("one-gateway-deployment").spec).toMatchObject({
      template: {
        metadata: { annotations: { "proxy.istio.io/config": '{"terminationDrainDuration":"40s"}' } },
        spec: {
          // Longer than the drain, or the kubelet would kill the pod before its end.
          terminationGracePeriodSeconds: 65,
          nodeSelector: { pool: "edge" },
          tolerations: [{ key: "dedicated", operator: "Exists" }],
          containers: [{ resources: { requests: { cpu: "1" } } }],
        },
      },
    });
    expect(inputs("one-gateway-autoscaler").spec).toMatchObject({
      minReplicas: 2,
      maxReplicas: 9,
      metrics: [{ resource: { target: { averageUtilization: 50 } } }],
    });
  });

  test("is awaited with its address, and again after a change of its pods or load balancer", () => {
    const { after, access: _, claim: __, ...settings } = inputs("one-gateway-ready");
    expect(settings).toEqual({
      cluster: "one",
      namespace: "istio-system",
      name: "istio-ingressgateway",
      awaitAddress: true,
      awaitSeconds: 77,
    });
    expect(after).toMatchObject({
      service: "uid of one-gateway-service",
      deployment: "uid of one-gateway-deployment",
      template: { spec: { nodeSelector: { pool: "edge" } } },
    });
    expect(inputs("two-gateway-ready")).toMatchObject({ awaitAddress: false });
  });

  test("with an address in the config has it in every istiod, and not on its Service", () => {
    expect(inputs("two-gateway-service").metadata).toMatchObject({
      labels: { app: "istio-ingressgateway", istio: "ingressgateway" },
    });
    expect(inputs("two-gateway-service").metadata).not.toHaveProperty(["labels", "topology.istio.io/network"]);
    for (const name of ["one", "two"]) {
      expect(inputs(`${name}-istiod`).values).toMatchObject({
        global: {
          meshNetworks: {
            "network-of-two": {
              endpoints: [{ fromRegistry: "two" }],
              gateways: [{ address: "203.0.113.20", port: 15443 }],
            },
          },
        },
      });
    }
    const { clusters } = outputs.mesh as { clusters: { gatewayAddress: string }[] };
    expect(clusters.map(({ gatewayAddress }) => gatewayAddress)).toEqual(["203.0.113.1", "203.0.113.20"]);
  });
});

describe("an ingress gateway", () => {
  test("is separate from the east-west gateway, and serves the whole mesh", () => {
    const labels = { app: "istio-ingress", istio: "ingress" };
    expect(inputs("one-ingress-service")).toEqual({
      kind: "Service",
      apiVersion: "v1",
      metadata: {
        name: "istio-ingress",
        namespace: "istio-system",
        labels: { ...labels, "app.kubernetes.io/managed-by": "csp-mesh" },
        annotations: {
          "service.beta.kubernetes.io/ncloud-load-balancer-layer-type": "nlb",
          "pulumi.com/skipAwait": "true",
        },
      },
      spec: {
        type: "LoadBalancer",
        selector: labels,
        ports: [
          { name: "status-port", port: 15021, targetPort: 15021, protocol: "TCP" },
          { name: "http2", port: 80, targetPort: 80, protocol: "TCP" },
          { name: "https", port: 443, targetPort: 443, protocol: "TCP" },
        ],
      },
    });
    const { template } = inputs("one-ingress-deployment").spec as { template: { metadata: object; spec: object } };
    expect(template.metadata).toMatchObject({ labels: { ...labels, "sidecar.istio.io/inject": "true" } });
    expect(JSON.stringify(template)).not.toMatch(/topology\.istio\.io|NETWORK_VIEW/);
    expect(inputs("one-ingress-disruption-budget").spec).toEqual({
      maxUnavailable: 1,
      selector: { matchLabels: labels },
    });
  });

  test("is absent by default", async () => {
    const { resources } = await runProgram({ clusters });
    expect(resources.filter(({ name }) => name.includes("-ingress"))).toEqual([]);
  });
});

describe("istiod", () => {
  test("has the configured replicas, and a disruption budget that allows one eviction", () => {
    expect(inputs("one-istiod").values).toMatchObject({
      pilot: { autoscaleEnabled: false, replicaCount: 2, resources: { requests: { cpu: "200m" } } },
      pdb: { maxUnavailable: 1 },
    });
  });

  test("otherwise has an autoscaler and the chart's resources", async () => {
    const { resources } = await runProgram({ clusters });
    const istiod = resources.find(({ name }) => name === "one-istiod");
    expect(istiod?.inputs.values).toHaveProperty("pilot", {
      env: { ISTIO_MULTIROOT_MESH: "true" },
      autoscaleEnabled: true,
      autoscaleMin: 1,
      autoscaleMax: 5,
      cpu: { targetAverageUtilization: 80 },
      seccompProfile: { type: "RuntimeDefault" },
    });
  });
});

describe("a cluster domain", () => {
  const traffic = { kind: "weights", weights: { v1: 30, v2: 70 } };
  const hostsOf = (resources: readonly Recorded[], name: string) =>
    resources.find((each) => each.name === name)?.inputs.spec as { servers: { hosts: string[] }[]; host: string };

  test("of all clusters is set in every istiod, gateway and rule of the sample", async () => {
    const { resources } = await runProgram({ clusters, clusterDomain: "corp.internal", sample: { traffic } });
    for (const name of ["one", "two"]) {
      const istiod = resources.find((each) => each.name === `${name}-istiod`);
      expect(istiod?.inputs.values).toMatchObject({ global: { proxy: { clusterDomain: "corp.internal" } } });
      expect(hostsOf(resources, `${name}-gateway-cross-network`).servers[0]?.hosts).toEqual(["*.corp.internal"]);
      expect(hostsOf(resources, `${name}-reviews-destination`).host).toBe("reviews.sample.svc.corp.internal");
    }
  });

  test("defaults to cluster.local, without changes to a standing mesh", async () => {
    const { resources } = await runProgram({ clusters, sample: { traffic } });
    const istiod = resources.find(({ name }) => name === "one-istiod");
    expect(istiod?.inputs.values).not.toHaveProperty(["global", "proxy"]);
    expect(hostsOf(resources, "one-gateway-cross-network").servers[0]?.hosts).toEqual(["*.local"]);
    expect(hostsOf(resources, "one-reviews-destination").host).toBe("reviews.sample.svc.cluster.local");
  });
});

describe("a gateway's Service", () => {
  const gateway = {
    ports: ["status-port", "tls"],
    nodePorts: { tls: 31443 },
    loadBalancerClass: "example/lb",
    ipFamilyPolicy: "PreferDualStack",
  };

  test("has the configured ports, node ports, class and IP families", async () => {
    const { resources } = await runProgram({ clusters: [clusters[0], { ...clusters[1], gateway }] });
    expect(resources.find(({ name }) => name === "two-gateway-service")?.inputs.spec).toEqual({
      type: "LoadBalancer",
      loadBalancerClass: "example/lb",
      ipFamilyPolicy: "PreferDualStack",
      selector: { app: "istio-ingressgateway", istio: "ingressgateway" },
      ports: [
        { name: "status-port", port: 15021, targetPort: 15021, protocol: "TCP" },
        { name: "tls", port: 15443, targetPort: 15443, protocol: "TCP", nodePort: 31443 },
      ],
    });
  });

  test("with addresses of both families has both in every istiod", async () => {
    const externalAddress = ["203.0.113.20", "2001:db8::20"];
    const { resources } = await runProgram({
      clusters: [clusters[0], { ...clusters[1], gateway: { externalAddress } }],
    });
    const istiod = resources.find(({ name }) => name === "one-istiod");
    expect(istiod?.inputs.values).toMatchObject({
      global: {
        meshNetworks: {
          "network-of-two": { gateways: externalAddress.map((address) => ({ address, port: 15443 })) },
        },
      },
    });
  });
});

describe("the output todo", () => {
  test("lists the manual steps for clusters whose gateway address is in the config", () => {
    const { todo } = outputs as { todo: Record<string, Record<"en" | "ko", string[]>> };
    expect(Object.keys(todo)).toEqual(["two"]);
    const text = todo.two?.en.join("\n") ?? "";
    expect(todo.two?.ko).toHaveLength(todo.two?.en.length ?? 0);
    expect(text).toContain("203.0.113.20");
    expect(text).toMatch(/^port 15443 -> node port \(known once the Service exists\) \(required/m);
    expect(text).toContain("csp-mesh:clusters[1].gateway.nodePorts");
  });

  test("omits fixed node ports, and is absent without manual steps", async () => {
    const nodePorts = { tls: 31443 };
    const gateway = { externalAddress: "203.0.113.20", ports: ["tls"], nodePorts };
    const fixed = await runProgram({ clusters: [clusters[0], { ...clusters[1], gateway }] });
    const { todo } = fixed.outputs as { todo: Record<string, Record<"en" | "ko", string[]>> };
    expect(todo.two?.en.join("\n")).toContain("port 15443 -> node port 31443");
    expect(todo.two?.en.join("\n")).not.toContain("clusters[1].gateway.nodePorts");
    const { outputs } = await runProgram({ clusters: [clusters[0], { ...clusters[1], gateway: {} }] });
    expect(outputs.todo).toBeNull();
  });
});

test("restarts gateways and the sample after a change of the proxy's version or image", async () => {
  const imagesOf = async (istio: object) => {
    const { resources } = await runProgram({ clusters, istio, ingress: { enabled: true } });
    return resources
      .filter(({ type, name }) => type === "kubernetes:apps/v1:Deployment" && name.startsWith("one"))
      .map(
        ({ inputs }) => (inputs as unknown as Deployed).spec.template.metadata.annotations["csp-mesh.io/proxy-image"],
      );
  };
  const all = (image: string) => Array.from({ length: 4 }, () => image);
  expect(await imagesOf({ version: "1.31.0" })).toEqual(all("docker.io/istio/proxyv2:1.31.0"));
  expect(await imagesOf({ version: "1.30.4" })).toEqual(all("docker.io/istio/proxyv2:1.30.4"));
  const values = { istiod: { global: { proxy: { image: "registry.example/proxy:own" } } } };
  expect(await imagesOf({ values })).toEqual(all("registry.example/proxy:own"));
});

interface Deployed {
  readonly spec: { readonly template: { readonly metadata: { readonly annotations: Record<string, string> } } };
}
