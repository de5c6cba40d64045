import { describe, expect, test } from "vitest";
import { parseConfig } from "../../../config/parse.ts";
import { defaultGateway } from "../../../mesh/gatewayOptions.ts";
import { folder, kubeconfig } from "./fixtures.ts";

const root = folder({ kubeconfig: kubeconfig(["one", "two"]) });
const one = { name: "one", kubeconfig: "kubeconfig", context: "one", csp: "ncloud" };
const two = { name: "two", kubeconfig: "kubeconfig", context: "two" };
const layerType = "service.beta.kubernetes.io/ncloud-load-balancer-layer-type";

const parse = (mesh: object, ofOne = {}, ofTwo = {}) =>
  parseConfig(
    {
      clusters: [
        { ...one, gateway: ofOne },
        { ...two, gateway: ofTwo },
      ],
      ...mesh,
    },
    root,
  );

const problems = (...args: Parameters<typeof parse>) => {
  try {
    parse(...args);
  } catch (error) {
    return (error as Error).message.split("\n  - ").slice(1);
  }
  throw new Error("the config was taken");
};

describe("a gateway's options", () => {
  test("prefer the cluster's values to the mesh's and the defaults, and include the provider's annotations", () => {
    const { clusters } = parse(
      {
        gateway: {
          autoscaling: { min: 2, targetCPU: 60 },
          annotations: { size: "SMALL", tier: "a" },
          sourceRanges: ["203.0.113.0/24"],
          resources: { requests: { cpu: 2 } },
        },
      },
      { autoscaling: { max: 3 }, annotations: { tier: "b", [layerType]: "nlb" }, externalTrafficPolicy: "Local" },
      { sourceRanges: ["2001:db8::/32"], nodeSelector: { pool: "edge" }, tolerations: [{ operator: "Exists" }] },
    );
    expect(clusters.map(({ gateway }) => gateway)).toEqual([
      {
        ...defaultGateway,
        autoscaling: { min: 2, max: 3, targetCPU: 60 },
        annotations: { size: "SMALL", tier: "b", [layerType]: "nlb" },
        sourceRanges: ["203.0.113.0/24"],
        resources: { requests: { cpu: "2" } },
        externalTrafficPolicy: "Local",
      },
      {
        ...defaultGateway,
        autoscaling: { min: 2, max: 5, targetCPU: 60 },
        annotations: { size: "SMALL", tier: "a" },
        sourceRanges: ["2001:db8::/32"],
        resources: { requests: { cpu: "2" } },
        nodeSelector: { pool: "edge" },
        tolerations: [{ operator: "Exists" }],
      },
    ]);
  });

  test("default to the node settings for all pods, field by field", () => {
    const taint = { key: "dedicated", value: "infra", effect: "NoSchedule" };
    const { clusters } = parseConfig(
      {
        clusters: [
          { ...one, gateway: { tolerations: [] } },
          { ...two, pods: { nodeSelector: { pool: "mesh" } } },
        ],
        pods: { nodeSelector: { role: "infra" }, tolerations: [taint] },
        ingress: { enabled: true, nodeSelector: { role: "edge" } },
      },
      root,
    );
    expect(clusters).toMatchObject([
      {
        pods: { nodeSelector: { role: "infra" }, tolerations: [taint] },
        gateway: { nodeSelector: { role: "infra" }, tolerations: [] },
        ingress: { nodeSelector: { role: "edge" }, tolerations: [taint] },
      },
      {
        pods: { nodeSelector: { pool: "mesh" }, tolerations: [taint] },
        gateway: { nodeSelector: { pool: "mesh" }, tolerations: [taint] },
        ingress: { nodeSelector: { role: "edge" }, tolerations: [taint] },
      },
    ]);
  });

  test("include a host name or an IP, which every istiod gets", () => {
    expect(parse({}, { externalAddress: "mesh.example.org" }, { externalAddress: "203.0.113.20" }).istio).toMatchObject(
      {
        externalGateways: [
          { network: "one", cluster: "one", address: "mesh.example.org" },
          { network: "two", cluster: "two", address: "203.0.113.20" },
        ],
      },
    );
  });

  test("include addresses of both families, in any form, as istiod writes them", () => {
    const { externalGateways } = parse({}, { externalAddress: ["203.0.113.20", "[2001:DB8::20]"] }).istio;
    expect(externalGateways.map(({ address }) => address)).toEqual(["203.0.113.20", "2001:DB8::20"]);
    expect(
      problems({}, { externalAddress: ["203.0.113.20", "[2001:db8::20]"] }, { externalAddress: "2001:DB8:0::20" }),
    ).toEqual([
      'clusters[1].gateway.externalAddress: "2001:db8::20" is already that of clusters[0]; requests for "one" and "two" ' +
        "would reach only one gateway; give each gateway its own address",
    ]);
    for (const externalAddress of [
      "[2001:db8::20]:15443",
      "[lb.example]",
      "fe80::1%eth0",
      "[fe80::1%eth0]",
      "203.0.113.300",
      "10.1",
      [],
      ["203.0.113.20", "203.0.113.21:15443"],
    ]) {
      expect(problems({}, { externalAddress })).toEqual([
        `clusters[0].gateway.externalAddress: ${JSON.stringify(externalAddress)} is neither a host name nor an IP, nor a list of two; ` +
          "leave out the port, which is always 15443",
      ]);
    }
  });

  test("include only keys, values and tolerations that Kubernetes accepts", () => {
    const key = (it: string) =>
      `"${it}" is not a key that Kubernetes accepts, such as role or example.org/role (at most 63 of letters, digits, "-", "_" and "." after the slash)`;
    const tolerations = [
      { key: "a", operator: "Exists", value: "b" },
      { effect: "NoSchedule" },
      { operator: "Exists" },
    ];
    expect(
      problems({
        gateway: {
          tolerations,
          nodeSelector: { "a b": "c" },
          annotations: { "a/b/c": "d" },
          loadBalancerClass: "a..b/c",
        },
        pods: { nodeSelector: { a: "b c" } },
      }),
    ).toEqual([
      'pods.nodeSelector.a: "b c" cannot be the value of a label or a taint (letters, digits, "-", "_" and ".", at most 63)',
      'gateway.loadBalancerClass: "a..b/c" is not a load balancer class, such as service.k8s.aws/nlb or tailscale',
      `gateway.annotations.a/b/c: ${key("a/b/c")}`,
      `gateway.nodeSelector.a b: ${key("a b")}`,
      'gateway.tolerations[0].value: must not be set with operator "Exists", which matches every value; remove it',
      'gateway.tolerations[1].operator: must be "Exists" without a key: the toleration is then for every taint',
    ]);
  });

  test("include no address that peers cannot reach, and none twice", () => {
    for (const externalAddress of [
      "127.0.0.1",
      "[::1]",
      "0.0.0.0",
      "localhost",
      "169.254.1.1",
      "fe80::1",
      "224.0.0.1",
    ]) {
      expect(problems({}, { externalAddress })).toEqual([
        `clusters[0].gateway.externalAddress: "${externalAddress}" cannot be reached from other clusters (loopback, link-local, ` +
          "multicast or unspecified); give the address at which they reach the gateway",
      ]);
    }
    expect(problems({}, { externalAddress: ["2001:db8::5", "[2001:DB8:0::5]"] })).toEqual([
      "clusters[0].gateway.externalAddress: has an address twice",
    ]);
  });

  test("include ports, node ports, class and IP families, with the cluster's values before the mesh's", () => {
    const { clusters } = parse(
      {
        gateway: { ports: ["tls", "status-port"], nodePorts: { tls: 31443 }, ipFamilyPolicy: "PreferDualStack" },
        ingress: { enabled: true, ports: ["https"], nodePorts: { https: 31444 } },
      },
      { loadBalancerClass: "service.k8s.aws/nlb", nodePorts: { tls: 32000, "status-port": 32001 } },
    );
    expect(clusters.map(({ gateway }) => gateway)).toMatchObject([
      {
        ports: ["tls", "status-port"],
        nodePorts: { tls: 32000, "status-port": 32001 },
        loadBalancerClass: "service.k8s.aws/nlb",
        ipFamilyPolicy: "PreferDualStack",
      },
      { ports: ["tls", "status-port"], nodePorts: { tls: 31443 } },
    ]);
    expect(clusters[0]?.ingress).toMatchObject({ ports: ["https"], nodePorts: { https: 31444 } });
  });

  test.each([
    [{ ports: ["status-port"] }, 'gateway.ports: must have "tls" (15443), to which the other clusters connect'],
    [{ ports: [] }, "gateway.ports: must not be empty; to select all, remove it"],
    [{ ports: ["tls", "tls"] }, "gateway.ports: has a port twice"],
    [
      { ports: [15443] },
      'gateway.ports[0]: must be one of "status-port", "http2", "https", "tcp", "tls", "tls-istiod", "tls-webhook", got 15443',
    ],
    [
      { nodePorts: { tls: 15443 } },
      "gateway.nodePorts.tls: 15443 is outside 30000-32767, Kubernetes' range of node ports",
    ],
    [
      { nodePorts: { http2: 31000, https: 31000 } },
      'gateway.nodePorts.https: 31000 is already that of "http2"; give each its own node port',
    ],
    [
      { nodePorts: { "15443": 31443 } },
      'gateway.nodePorts: unknown key "15443"; known are status-port, http2, https, tcp, tls, tls-istiod, tls-webhook',
    ],
    [
      { ports: ["tls"], nodePorts: { https: 31443 } },
      'gateway.nodePorts.https: "ports" leaves "https" out; remove it here, or add it there',
    ],
    [
      { loadBalancerClass: "a b" },
      'gateway.loadBalancerClass: "a b" is not a load balancer class, such as service.k8s.aws/nlb or tailscale',
    ],
  ])("are rejected: %j", (gateway, problem) => {
    expect(problems({ gateway })).toContain(problem);
  });

  test("need other node ports than the ingress gateway", () => {
    expect(
      problems({ gateway: { nodePorts: { tls: 31443 } }, ingress: { enabled: true, nodePorts: { https: 31443 } } })[0],
    ).toBe(
      'ingress.nodePorts.https: 31443 is already that of "tls" of the east-west gateway in cluster "one"; give each its own node port',
    );
  });

  test("need a different address in each cluster", () => {
    expect(problems({}, { externalAddress: "mesh.example.org" }, { externalAddress: "Mesh.example.org" })).toEqual([
      'clusters[1].gateway.externalAddress: "mesh.example.org" is already that of clusters[0]; requests for "one" and "two" ' +
        "would reach only one gateway; give each gateway its own address",
    ]);
  });

  test("apply to an enabled ingress gateway as well", () => {
    const { clusters } = parse({ ingress: { enabled: true, sourceRanges: ["203.0.113.0/24"] } });
    expect(clusters.map(({ ingress }) => ingress)).toEqual([
      { ...defaultGateway, sourceRanges: ["203.0.113.0/24"], annotations: { [layerType]: "nlb" } },
      { ...defaultGateway, sourceRanges: ["203.0.113.0/24"] },
    ]);
  });

  test("are rejected if they contradict the provider or each other, each once", () => {
    expect(
      problems(
        {
          gateway: { annotations: { [layerType]: "nplb" }, autoscaling: { min: 6 } },
          ingress: { enabled: true, autoscaling: { max: 0 } },
        },
        { annotations: { [layerType]: "alb" } },
        { autoscaling: { max: 2 } },
      ),
    ).toEqual([
      "ingress.autoscaling.max: must be more than 0, got 0",
      'gateway.annotations: service.beta.kubernetes.io/ncloud-load-balancer-layer-type must be "nlb" at NAVER Cloud Kubernetes Service, got "nplb"; remove it',
      'clusters[0].gateway.annotations: service.beta.kubernetes.io/ncloud-load-balancer-layer-type must be "nlb" at NAVER Cloud Kubernetes Service, got "alb"; remove it',
      "gateway.autoscaling: min 6 is more than max 5; raise max or lower min",
      "clusters[1].gateway.autoscaling: min 6 is more than max 2; raise max or lower min",
    ]);
    expect(
      problems(
        { gateway: { annotations: { [layerType]: "nplb" }, autoscaling: { min: 6 } } },
        { annotations: { [layerType]: "alb" } },
        { autoscaling: { max: 2 } },
      ),
    ).toEqual([
      `gateway.annotations: ${layerType} must be "nlb" at NAVER Cloud Kubernetes Service, got "nplb"; remove it`,
      `clusters[0].gateway.annotations: ${layerType} must be "nlb" at NAVER Cloud Kubernetes Service, got "alb"; remove it`,
      "gateway.autoscaling: min 6 is more than max 5; raise max or lower min",
      "clusters[1].gateway.autoscaling: min 6 is more than max 2; raise max or lower min",
    ]);
  });

  test("are rejected if Kubernetes would reject them", () => {
    expect(
      problems(
        { gateway: { sourceRanges: ["203.0.113.7"], resources: { requests: { cpu: "half" } }, externalAddress: "x" } },
        { externalAddress: "203.0.113.7:15443" },
      ),
    ).toEqual([
      'clusters[0].gateway.externalAddress: "203.0.113.7:15443" is neither a host name nor an IP, nor a list of two; leave out the port, which is always 15443',
      'gateway.resources.requests.cpu: "half" is not a Kubernetes quantity, such as 100m, 2, 128Mi or 1Gi',
      'gateway.sourceRanges[0]: "203.0.113.7" is not a CIDR, such as 203.0.113.0/24 or 203.0.113.7/32',
      'gateway: unknown key "externalAddress"; known are ports, nodePorts, loadBalancerClass, ipFamilyPolicy, autoscaling, resources, annotations, internal, sourceRanges, externalTrafficPolicy, drainSeconds, nodeSelector, tolerations',
    ]);
  });

  test("are rejected if pods could not be created or scaled", () => {
    const limits = { cpu: 2, memory: "128M" };
    expect(
      problems(
        {
          gateway: { resources: { requests: { memory: "256Mi" } } },
          istiod: { resources: { limits: { memory: "1Gi", cpu: "500m" } } },
          ingress: { enabled: true, resources: {} },
        },
        { resources: { requests: { cpu: "2001m", memory: "122Mi" }, limits } },
        { resources: { limits } },
      ),
    ).toEqual([
      'clusters[0].gateway.resources.limits.cpu: got "2", less than the 2001m requested; raise it, or lower requests.cpu',
      'istiod.resources.limits.memory: got "1Gi", less than the 2048Mi requested; raise it, or lower requests.memory',
      "gateway.resources.requests.cpu: is required: the autoscaler measures CPU in percent of it; Istio's chart has 100m",
      "ingress.resources.requests.cpu: is required: the autoscaler measures CPU in percent of it; Istio's chart has 100m",
    ]);
  });
});

describe("a load balancer's scope", () => {
  const ncloud = "service.beta.kubernetes.io/ncloud-load-balancer-internal";
  const nhn = "service.beta.kubernetes.io/openstack-internal-load-balancer";
  const at = (csp: string, ...settings: Parameters<typeof parse>) => {
    const [mesh, ofOne = {}, ofTwo] = settings;
    return () =>
      parseConfig(
        {
          ...mesh,
          clusters: [
            { ...one, csp, gateway: ofOne },
            { ...two, csp: "ncloud", gateway: ofTwo },
          ],
        },
        root,
      );
  };

  test.each([
    ["ncloud", true, { [layerType]: "nlb", [ncloud]: "true" }],
    ["ncloud", false, { [layerType]: "nlb", [ncloud]: "false" }],
    ["nhn", true, { "loadbalancer.nhncloud/listener-protocol": "TCP", [nhn]: "true" }],
    ["nhn", false, { "loadbalancer.nhncloud/listener-protocol": "TCP", [nhn]: "false" }],
  ])("at %s with internal: %s is set by its annotation", (csp, internal, annotations) => {
    const [cluster] = at(csp, {}, { internal })().clusters;
    expect(cluster?.gateway).toEqual({ ...defaultGateway, annotations });
  });

  test("is left to the provider by default", () => {
    expect(at("nhn", {})().clusters[0]?.gateway.annotations).toEqual({
      "loadbalancer.nhncloud/listener-protocol": "TCP",
    });
  });

  test("prefers the cluster's value to the mesh's, separately for the ingress gateway", () => {
    const { clusters } = at(
      "ncloud",
      { gateway: { internal: true }, ingress: { enabled: true } },
      { internal: false },
      {},
    )();
    expect(clusters.map(({ gateway, ingress }) => [gateway.annotations[ncloud], ingress?.annotations[ncloud]])).toEqual(
      [
        ["false", undefined],
        ["true", undefined],
      ],
    );
  });

  test("is rejected if the provider's annotation is unknown, or if annotations contradict it", () => {
    expect(at("generic", { gateway: { internal: true } }, {}, {})).toThrow(
      'gateway.internal: the program does not know an annotation of Kubernetes for this, got true; remove it, and set "annotations" if you know one',
    );
    expect(at("kt", {}, { internal: false, externalAddress: "203.0.113.20" }, {})).toThrow(
      'clusters[0].gateway.internal: the program does not know an annotation of KT Cloud K2P for this, got false; remove it, and set "annotations" if you know one',
    );
    expect(at("ncloud", { gateway: { internal: true } }, { annotations: { [ncloud]: "false" } }, {})).toThrow(
      `clusters[0].gateway.annotations: ${ncloud} must be "true" with gateway.internal: true, got "false"; remove it`,
    );
  });
});

describe("a provider without load balancers", () => {
  const kt =
    (gateway: object, mesh: object = {}) =>
    () =>
      parseConfig({ ...mesh, clusters: [one, { ...two, csp: "kt", gateway }] }, root);

  test("requires a gateway address in the config", () => {
    expect(kt({})).toThrow(
      'clusters[1].gateway.externalAddress: is required: csp "kt" (KT Cloud K2P) gives Services of type LoadBalancer no address; ' +
        "reserve an address at the provider, set it here, and forward it to the node ports of Service istio-ingressgateway, or set csp to " +
        '"generic" if a controller in the cluster assigns addresses',
    );
    expect(kt({ externalAddress: "203.0.113.20" })().istio.externalGateways).toEqual([
      { network: "two", cluster: "two", address: "203.0.113.20" },
    ]);
  });

  test("rejects an ingress gateway, whose load balancer would never get an address", () => {
    expect(kt({ externalAddress: "203.0.113.20" }, { ingress: { enabled: true } })).toThrow(
      'ingress.enabled: got true, but in cluster "two" csp "kt" (KT Cloud K2P) gives Services of type LoadBalancer no address; set it to false',
    );
  });
});

describe("the settings from profiles", () => {
  test("are listed for each cluster, except those in the config", () => {
    const clusters = [
      { ...one, gateway: { annotations: { [layerType]: "nlb" } } },
      { ...two, csp: "nhn" },
    ];
    expect(parseConfig({ clusters }, root).filledIn).toEqual([
      "one: csp ncloud (NAVER Cloud Kubernetes Service) fills in nothing",
      'two: csp nhn (NHN Kubernetes Service) fills in the gateway\'s annotation loadbalancer.nhncloud/listener-protocol: "TCP" (https://docs.nhncloud.com/en/Container/NKS/en/user-guide/)',
    ]);
    expect(
      parseConfig({ clusters, gateway: { annotations: { "loadbalancer.nhncloud/listener-protocol": "TCP" } } }, root)
        .filledIn[1],
    ).toBe("two: csp nhn (NHN Kubernetes Service) fills in nothing");
  });
});

describe("istiod's options", () => {
  test("are a fixed number or an autoscaler's bounds", () => {
    expect(parse({ istiod: { replicas: 2 } }).istio.istiod).toEqual({ replicas: 2 });
    expect(
      parse({ istiod: { autoscaling: { min: 2 }, resources: { limits: { memory: "4Gi" } } } }).istio.istiod,
    ).toEqual({
      replicas: { min: 2, max: 5, targetCPU: 80 },
      resources: { limits: { memory: "4Gi" } },
    });
    expect(problems({ istiod: { replicas: 2, autoscaling: { min: 2 } } })).toEqual([
      "istiod: replicas and autoscaling exclude each other; remove one",
    ]);
    expect(problems({ istiod: { autoscaling: { min: 9 } } })).toEqual([
      "istiod.autoscaling: min 9 is more than max 5; raise max or lower min",
    ]);
  });
});
