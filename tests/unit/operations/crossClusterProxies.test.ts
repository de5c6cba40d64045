import { expect, test } from "vitest";
import { hasPeerEndpoints } from "../../../operations/crossClusterProxies.ts";

const HOST = "reviews.sample.svc.cluster.local";

test.each([
  ["an endpoint at a peer's gateway", `outbound|9080||${HOST}::192.0.2.2:15443::cx_active::0`, true],
  ["the same for a subset", `outbound|9080|v2|${HOST}::192.0.2.2:15443::health_flags::healthy`, true],
  ["an IPv6 address", `outbound|9080||${HOST}::[2001:db8::2]:15443::cx_active::0`, true],
  ["an endpoint in the cluster", `outbound|9080||${HOST}::10.0.0.7:9080::cx_active::0`, false],
  [
    "the gateway's own Service",
    "outbound|15443||istio-ingressgateway.istio-system.svc.cluster.local::10.0.0.9:15443::cx_active::0",
    false,
  ],
  ["a limit that equals the gateway's port", `outbound|9080||${HOST}::default_priority::max_connections::15443`, false],
  ["an inbound listener", "inbound|15443||::10.0.0.7:15443::cx_active::0", false],
])("classifies %s", (_, line, expected) => {
  expect(hasPeerEndpoints(`xds-grpc::default_priority::max_requests::100000\n${line}\n`)).toBe(expected);
});
