import type { KubernetesObject } from "@kubernetes/client-node";
import { describe, expect, test } from "vitest";
import {
  aliasesIn,
  aliasOption,
  isAlias,
  isCrossNetworkGateway,
  isOfIstioctl,
  isRemoteSecret,
  linksByHand,
} from "../../../mesh/formerMesh.ts";

const BY_ISTIOCTL = { "operator.istio.io/component": "Pilot", "operator.istio.io/managed": "Reconcile" };
const object = (kind: string, metadata: object, more: object = {}): KubernetesObject => ({
  apiVersion: kind.startsWith("Mutating") ? "admissionregistration.k8s.io/v1" : "v1",
  kind,
  metadata: { name: "x", ...metadata },
  ...more,
});

describe("an object of istioctl install", () => {
  const system = { namespace: "istio-system" };
  const calling = (name: string, namespace: string) => ({
    webhooks: [{ clientConfig: { service: { name, namespace } } }],
  });
  const tag = { labels: { "operator.istio.io/component": "Pilot" } };
  test.each<[string, KubernetesObject, boolean]>([
    ["has both labels", object("Service", { ...system, labels: BY_ISTIOCTL }), true],
    ["may be cluster-scoped", object("ClusterRole", { labels: BY_ISTIOCTL }), true],
    ["has both labels, and not only the one that charts set", object("Service", { ...system, ...tag }), false],
    [
      "is not part of a Helm release",
      object("Service", { ...system, labels: BY_ISTIOCTL, annotations: { "meta.helm.sh/release-name": "istiod" } }),
      false,
    ],
    [
      "has no label of the program",
      object("Service", { ...system, labels: { ...BY_ISTIOCTL, "app.kubernetes.io/managed-by": "csp-mesh" } }),
      false,
    ],
    ["is in istio-system", object("Service", { namespace: "edge", labels: BY_ISTIOCTL }), false],
    [
      "may be the webhook of a revision tag",
      object("MutatingWebhookConfiguration", tag, calling("istiod", "istio-system")),
      true,
    ],
    [
      "calls istiod in istio-system if it is the webhook of a revision tag",
      object("MutatingWebhookConfiguration", tag, calling("istiod", "edge")),
      false,
    ],
  ])("%s", (_, candidate, expected) => expect(isOfIstioctl(candidate)).toBe(expected));
});

test("a remote secret has Istio's label, and not the program's", () => {
  const labels = { "istio/multiCluster": "true" };
  expect(isRemoteSecret(object("Secret", { labels }))).toBe(true);
  expect(isRemoteSecret(object("Secret", { labels: { ...labels, "app.kubernetes.io/managed-by": "csp-mesh" } }))).toBe(
    false,
  );
  expect(isRemoteSecret(object("Secret", { name: "istio-remote-secret-a" }))).toBe(false);
});

const istio = (
  kind: string,
  name: string,
  spec: object,
  namespace = "sample",
): KubernetesObject & { spec: object } => ({
  apiVersion: "networking.istio.io/v1",
  kind,
  metadata: { name, namespace },
  spec,
});
const passing = (mode: string, port = 15443) => ({
  selector: { istio: "ingressgateway" },
  servers: [{ port: { number: port }, tls: { mode } }],
});
const HOST = "reviews.sample.svc.cluster.local";
const entry = (...addresses: string[]) =>
  istio("ServiceEntry", "entry", { endpoints: addresses.map((address) => ({ address })) });
const gateway = istio("Gateway", "far", passing("PASSTHROUGH"));
const service = (...gateways: string[]) =>
  istio("VirtualService", "routes", { gateways, http: [{ route: [{ destination: { host: HOST } }] }] });
const rule = (trafficPolicy: object) => istio("DestinationRule", "rule", { host: HOST, trafficPolicy });
const mutual = { tls: { mode: "ISTIO_MUTUAL" } };
const peers = new Set(["192.0.2.2", "lb.example"]);
const linked = (...resources: KubernetesObject[]) => linksByHand(resources, peers).map(({ kind }) => kind);

describe("manual links between clusters", () => {
  test("are deleted from the ServiceEntry to the Gateway, in any input order", () => {
    const all = [gateway, service("far"), rule(mutual), entry("192.0.2.2", "lb.example")];
    expect(linked(...all)).toEqual(["ServiceEntry", "DestinationRule", "VirtualService", "Gateway"]);
    // The remains of an interrupted run are recognised as well.
    expect(linked(...all.slice(0, 3))).toEqual(["DestinationRule", "VirtualService", "Gateway"]);
    expect(linked(...all.slice(0, 2))).toEqual(["VirtualService", "Gateway"]);
    expect(linked(gateway)).toEqual(["Gateway"]);
  });

  test.each<[string, KubernetesObject[]]>([
    ["a ServiceEntry with another address", [entry("192.0.2.2", "198.51.100.1")]],
    ["a ServiceEntry without endpoints", [entry()]],
    ["a VirtualService that sidecars use as well", [service("far", "mesh")]],
    ["a VirtualService without a gateway", [service()]],
    ["a Gateway on another port", [istio("Gateway", "far", passing("PASSTHROUGH", 443)), service("far"), rule(mutual)]],
    ["a Gateway that terminates TLS", [istio("Gateway", "far", passing("SIMPLE"))]],
    ["a DestinationRule whose host nothing recognised routes to", [rule(mutual)]],
  ])("are not %s", (_, resources) => expect(linked(...resources)).toEqual([]));

  test("do not include a DestinationRule with further settings", () => {
    const own = rule({ ...mutual, outlierDetection: {} });
    expect(linked(gateway, service("far"), own)).toEqual(["VirtualService", "Gateway"]);
  });

  test("may reference the Gateway with its namespace", () => {
    expect(linked(gateway, service("sample/far"))).toEqual(["VirtualService", "Gateway"]);
    expect(linked(gateway, service("other/far"))).toEqual(["Gateway"]);
  });
});

test("a cross-network gateway has AUTO_PASSTHROUGH and is in istio-system", () => {
  const of = (mode: string, namespace: string) =>
    isCrossNetworkGateway(istio("Gateway", "any", passing(mode), namespace));
  expect([
    of("AUTO_PASSTHROUGH", "istio-system"),
    of("AUTO_PASSTHROUGH", "edge"),
    of("PASSTHROUGH", "istio-system"),
  ]).toEqual([true, false, false]);
});

describe("former cluster names", () => {
  test("are read back from istiod's option", () => {
    const names = new Map([
      ["nks_kr_a-1", "one"],
      ["b", "two"],
    ]);
    expect(aliasesIn(["--a=b", aliasOption(names)])).toEqual({ index: 1, names });
    expect(aliasesIn(["--a=b"])).toBeUndefined();
    expect(aliasesIn(undefined)).toBeUndefined();
  });

  test.each([
    ["nks_kr_a-1", true],
    ["a=b", false],
    ["a,b", false],
    ["a b", false],
  ])("%s is a valid alias: %s", (name, expected) => expect(isAlias(name)).toBe(expected));
});
