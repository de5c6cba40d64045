import { describe, expect, test } from "vitest";
import { defaultGateway } from "../../../components/gatewayOptions.ts";
import { parseConfig } from "../../../config/parse.ts";
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
  test("are the cluster's over the mesh's over the defaults, with the provider's annotations", () => {
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

  test("hold an address, by host name or IP, of which every istiod is told", () => {
    expect(parse({}, { externalAddress: "mesh.example.org" }, { externalAddress: "203.0.113.20" }).istio).toMatchObject(
      {
        externalGateways: [
          { network: "one", cluster: "one", address: "mesh.example.org" },
          { network: "two", cluster: "two", address: "203.0.113.20" },
        ],
      },
    );
  });

  test("give each cluster an address of its own", () => {
    expect(problems({}, { externalAddress: "mesh.example.org" }, { externalAddress: "Mesh.example.org" })).toEqual([
      'clusters[1].gateway.externalAddress: "mesh.example.org" is already that of clusters[0]; requests for "one" and "two" ' +
        "would end at one gateway; give each an address that leads to it alone",
    ]);
  });

  test("are those of the ingress where one is wanted", () => {
    const { clusters } = parse({ ingress: { enabled: true, sourceRanges: ["203.0.113.0/24"] } });
    expect(clusters.map(({ ingress }) => ingress)).toEqual([
      { ...defaultGateway, sourceRanges: ["203.0.113.0/24"], annotations: { [layerType]: "nlb" } },
      { ...defaultGateway, sourceRanges: ["203.0.113.0/24"] },
    ]);
  });

  test("are refused where they contradict the provider or themselves, each once", () => {
    expect(
      problems(
        {
          gateway: { annotations: { [layerType]: "nplb" }, autoscaling: { min: 6 } },
          ingress: { enabled: true, autoscaling: { max: 0 } },
        },
        { annotations: { [layerType]: "alb" } },
        { autoscaling: { max: 2 } },
      ),
    ).toEqual(["ingress.autoscaling.max: must be more than 0, got 0"]);
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

  test("are refused where Kubernetes would refuse them", () => {
    expect(
      problems(
        { gateway: { sourceRanges: ["203.0.113.7"], resources: { requests: { cpu: "half" } }, externalAddress: "x" } },
        { externalAddress: "203.0.113.7:15443" },
      ),
    ).toEqual([
      'clusters[0].gateway.externalAddress: "203.0.113.7:15443" is neither a host name nor an IP; the port is always 15443, so give none',
      'gateway.resources.requests.cpu: "half" is not a Kubernetes quantity, such as 100m, 2, 128Mi or 1Gi',
      'gateway.sourceRanges[0]: "203.0.113.7" is not a CIDR, such as 203.0.113.0/24 or 203.0.113.7/32',
      'gateway: unknown key "externalAddress"; known are autoscaling, resources, annotations, sourceRanges, externalTrafficPolicy, drainSeconds, nodeSelector, tolerations',
    ]);
  });
});

describe("istiod's options", () => {
  test("are a number or an autoscaler's bounds", () => {
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
