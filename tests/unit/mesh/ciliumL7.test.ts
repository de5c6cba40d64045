import { describe, expect, test } from "vitest";
import { l7InUse } from "../../../mesh/ciliumL7.ts";

const policy = (more: object, kind = "CiliumNetworkPolicy") => ({
  kind,
  metadata: { name: "front", namespace: "shop" },
  ...more,
});
const onPort = (more: object) => ({ toPorts: [{ ports: [{ port: "80" }], ...more }] });

describe("Cilium's layer 7 proxy is used by", () => {
  test.each([
    ["http", { spec: { ingress: [onPort({ rules: { http: [{ method: "GET" }] } })] } }],
    ["kafka", { spec: { ingress: [onPort({ rules: { kafka: [{ role: "produce" }] } })] } }],
    [
      "dns, toFQDNs",
      { spec: { egress: [onPort({ rules: { dns: [{}] } }), { toFQDNs: [{ matchName: "a.example" }] }] } },
    ],
    ["l7, l7proto", { spec: { egress: [onPort({ rules: { l7proto: "r2d2", l7: [{ cmd: "HALT" }] } })] } }],
    ["serverNames", { spec: { egress: [onPort({ serverNames: ["a.example"] })] } }],
    ["http", { specs: [{}, { egress: [onPort({ rules: { http: [{}] } })] }] }],
  ])("a policy with %s", (parts, more) => {
    expect(l7InUse({}, [policy(more)])).toEqual([`CiliumNetworkPolicy shop/front: ${parts}`]);
  });

  test("an Envoy config of any kind, and a cluster-wide policy", () => {
    const metadata = { name: "all" };
    const spec = { egress: [{ toFQDNs: [{ matchPattern: "*" }] }] };
    expect(
      l7InUse({}, [
        policy({ spec: {} }, "CiliumEnvoyConfig"),
        { kind: "CiliumClusterwideEnvoyConfig", metadata },
        { kind: "CiliumClusterwideNetworkPolicy", metadata, spec },
      ]),
    ).toEqual([
      "CiliumClusterwideEnvoyConfig all",
      "CiliumClusterwideNetworkPolicy all: toFQDNs",
      "CiliumEnvoyConfig shop/front",
    ]);
  });

  test("a pod with the visibility annotation", () => {
    const pod = (annotations: Record<string, string>) => ({
      kind: "Pod",
      metadata: { name: "front", namespace: "shop", annotations },
    });
    const visible = { "policy.cilium.io/proxy-visibility": "<Egress/53/UDP/DNS>" };
    expect(l7InUse({}, [pod(visible), pod({ a: "b" })])).toEqual(["Pod shop/front: policy.cilium.io/proxy-visibility"]);
  });

  test.each(["enable-gateway-api", "enable-ingress-controller", "enable-envoy-config"])("the setting %s", (key) => {
    expect(l7InUse({ [key]: "true" }, [])).toEqual([`cilium-config: ${key}`]);
    expect(l7InUse({ [key]: "false" }, [])).toEqual([]);
  });
});

test("a policy of layers 3 and 4 does not use the layer 7 proxy", () => {
  const four = {
    ingress: [{ ...onPort({ rules: {} }), fromEndpoints: [{}] }],
    egress: [onPort({ rules: { http: [] } })],
  };
  expect(l7InUse({ "enable-l7-proxy": "true" }, [policy({ spec: four }), policy({})])).toEqual([]);
});
