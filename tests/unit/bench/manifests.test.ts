import { describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import {
  type ExportedStack,
  istioOperator,
  meshManifest,
  objectsOf,
  sampleManifest,
} from "../../../bench/manifests.ts";
import type { MeshConfig } from "../../../config/parse.ts";

const provider = (cluster: string) => `urn:pulumi:lab::csp-mesh::pulumi:providers:kubernetes::${cluster}::4f2a`;
const object = (cluster: string, apiVersion: string, kind: string, metadata: object, spec: object = {}) => ({
  provider: provider(cluster),
  inputs: { apiVersion, kind, metadata, spec },
});

const container = { name: "istio-proxy", env: [{ name: "A", value: "a" }], resources: { requests: {} } };
const gatewayLabels = { istio: "ingressgateway", "topology.istio.io/network": "net-a" };
const stack: ExportedStack = {
  deployment: {
    resources: [
      {},
      { provider: provider("a"), inputs: { chart: "base" } },
      object(
        "a",
        "v1",
        "Service",
        {
          name: "istio-ingressgateway",
          namespace: "istio-system",
          labels: { ...gatewayLabels, "app.kubernetes.io/managed-by": "csp-mesh" },
        },
        { ports: [80, 443, 15443].map((port) => ({ port, targetPort: port })) },
      ),
      object(
        "a",
        "apps/v1",
        "Deployment",
        { name: "istio-ingressgateway", namespace: "istio-system" },
        { template: { spec: { containers: [container] } } },
      ),
      object("a", "networking.istio.io/v1", "Gateway", { name: "cross-network-gateway", namespace: "istio-system" }),
      object("b", "networking.istio.io/v1", "Gateway", { name: "of-another-cluster", namespace: "istio-system" }),
      object("a", "security.istio.io/v1", "PeerAuthentication", { name: "default", namespace: "istio-system" }),
      object("a", "v1", "Service", {
        name: "reviews",
        namespace: "sample",
        annotations: { "pulumi.com/skipAwait": "true", own: "yes" },
      }),
      object("a", "telemetry.istio.io/v1", "Telemetry", {
        name: "log",
        namespace: "sample",
        annotations: { "pulumi.com/skipAwait": "true" },
      }),
    ],
  },
};
const objects = objectsOf(stack, "a");
const documents = (text: string) => parseAllDocuments(text).map((document) => document.toJS());
const names = (text: string) => documents(text).map(({ metadata }) => metadata.name);

const cluster = {
  name: "a",
  network: "net-a",
  pods: { nodeSelector: {}, tolerations: [] },
} as unknown as MeshConfig["clusters"][number];
const config = {
  pullSecrets: [],
  istio: {
    meshId: "mesh1",
    trustDomain: "cluster.local",
    hub: "registry.example/istio",
    tag: "1.2.3",
    istiod: { replicas: 1 },
    externalGateways: [],
    values: { istiod: { pilot: { env: { LAB: "yes" } } } },
  },
} as unknown as MeshConfig;
const operator = () => parse(istioOperator(config, cluster, objects)).spec;

describe("the manifests of the procedure", () => {
  test("contain the objects that Pulumi created in that cluster, in order", () => {
    expect(names(meshManifest(objects))).toEqual(["cross-network-gateway", "default"]);
    expect(names(sampleManifest(objects, "sample"))).toEqual(["sample", "reviews", "log"]);
  });

  test("omit fields that only Pulumi reads", () => {
    const [, reviews, log] = documents(sampleManifest(objects, "sample"));
    expect(reviews.metadata).toEqual({ name: "reviews", namespace: "sample", annotations: { own: "yes" } });
    expect(log.metadata).toEqual({ name: "log", namespace: "sample" });
  });

  test("throw instead of being empty", () => {
    expect(() => meshManifest(objectsOf(stack, "c"))).toThrow("the exported stack lacks objects");
    expect(() => sampleManifest(objects, "another")).toThrow("the exported stack lacks objects");
  });
});

describe("the IstioOperator for istioctl", () => {
  test("has the values that the program sets for istiod's chart", () => {
    const { values, hub, tag, profile } = operator();
    expect({ hub, tag, profile }).toEqual({ hub: "registry.example/istio", tag: "1.2.3", profile: "minimal" });
    expect(values.global).toMatchObject({ network: "net-a", meshID: "mesh1", multiCluster: { clusterName: "a" } });
    expect(values.pilot).toMatchObject({
      replicaCount: 1,
      autoscaleEnabled: false,
      env: { ISTIO_MULTIROOT_MESH: "true", LAB: "yes" },
    });
    expect(values).not.toHaveProperty("pdb");
  });

  test("has the same gateway as the program", () => {
    const [{ name, label, k8s }] = operator().components.ingressGateways;
    expect({ name, label }).toEqual({ name: "istio-ingressgateway", label: gatewayLabels });
    expect(k8s).toMatchObject({ env: container.env, resources: container.resources });
    expect(k8s.service.ports).toEqual([
      { port: 80, targetPort: 8080 },
      { port: 443, targetPort: 8443 },
      { port: 15443, targetPort: 15443 },
    ]);
  });

  test("throws if the exported stack has no gateway Service", () => {
    const without = objects.filter(({ kind }) => kind !== "Service");
    expect(() => istioOperator(config, cluster, without)).toThrow(
      "the exported stack has no Service istio-ingressgateway in a",
    );
  });
});
