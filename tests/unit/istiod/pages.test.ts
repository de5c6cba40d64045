import { expect, test } from "vitest";
import { gatewaysByNetwork } from "../../../istiod/networkz.ts";
import { servedProxies } from "../../../istiod/syncz.ts";

test("networkz: reads the gateways of each network, with IPv4 and IPv6 addresses", () => {
  const gateways = [
    { Network: "a", Cluster: "a", Addr: "192.0.2.1", Port: 15443 },
    { Network: "a", Cluster: "", Addr: "2001:db8::5", Port: 15443 },
    { Network: "b", Cluster: "b", Addr: "192.0.2.2", Port: 15443 },
  ];
  expect(gatewaysByNetwork(JSON.stringify(gateways))).toEqual({
    a: ["192.0.2.1:15443", "[2001:db8::5]:15443"],
    b: ["192.0.2.2:15443"],
  });
  // An istiod without gateways.
  expect(gatewaysByNetwork("null")).toEqual({});
});

test("syncz: reads the pod and the version of each proxy", () => {
  const statuses = [{ proxy: "web-1.shop", proxy_type: "sidecar", istio_version: "1.31.0", cluster_id: "a" }];
  expect(servedProxies(JSON.stringify(statuses))).toEqual([{ pod: "shop/web-1", version: "1.31.0" }]);
  expect(servedProxies("[]")).toEqual([]);
});
