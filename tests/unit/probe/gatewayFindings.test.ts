import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { expect, test } from "vitest";
import { readiness } from "../../../probe/gateway.ts";
import { gatewayFindings, type Look } from "../../../probe/gatewayPair.ts";
import { NotConnected, PodNotReached } from "../../../probe/tunnel.ts";

const pair = {
  cluster: "one",
  peer: "two",
  gateway: "lb.example",
  about: { field: "clusters[1]", ownField: "clusters[0]", from: [] },
};
const failed = (why: "nameUnknown" | "refused" | "silent") => ({ failed: new NotConnected(why, why) });
const unreached = { failed: new PodNotReached("gone") };

test.each<[Look<boolean>, Look<number>, string[]]>([
  [{ seen: true }, { seen: 200 }, ["gatewayAnswers ok lb.example:15443"]],
  // The mesh does not need the readiness port, which is for load balancers.
  [
    { seen: true },
    failed("silent"),
    ["gatewayAnswers ok lb.example:15443", "gatewayUnconnected warning lb.example:15021"],
  ],
  [{ seen: true }, { seen: 503 }, ["gatewayAnswers ok lb.example:15443", "gatewayNotReady warning lb.example:15021"]],
  [{ seen: false }, { seen: 200 }, ["gatewayCloses warning lb.example:15443"]],
  [
    { seen: false },
    failed("refused"),
    ["gatewayCloses error lb.example:15443", "gatewayUnconnected warning lb.example:15021"],
  ],
  [failed("silent"), { seen: 200 }, ["gatewayUnconnected error lb.example:15443"]],
  [
    failed("silent"),
    failed("silent"),
    ["gatewayUnconnected error lb.example:15443", "gatewayUnconnected warning lb.example:15021"],
  ],
  [failed("nameUnknown"), failed("nameUnknown"), ["gatewayUnconnected error lb.example:15443"]],
  [unreached, unreached, ["podNotReached error undefined"]],
])("judges %j and %j", (crossing, status, findings) => {
  const found = gatewayFindings(pair, crossing, status);
  expect(found.map((f) => `${f.id} ${f.severity} ${"address" in f ? f.address : undefined}`)).toEqual(findings);
  for (const { cluster, peer } of found) expect([cluster, peer]).toEqual(["one", "two"]);
});

test("does not report the status port if the gateway has none", () => {
  expect(gatewayFindings(pair, { seen: true }, undefined).map(({ id }) => id)).toEqual(["gatewayAnswers"]);
  expect(gatewayFindings(pair, { seen: false }, undefined)).toMatchObject([{ id: "gatewayCloses", severity: "error" }]);
});

test("puts an IPv6 address in brackets before a port", () => {
  const [answers, notReady] = gatewayFindings({ ...pair, gateway: "2001:db8::5" }, { seen: true }, { seen: 503 });
  expect([answers, notReady]).toMatchObject([{ address: "[2001:db8::5]:15443" }, { address: "[2001:db8::5]:15021" }]);
});

test("puts an IPv6 address in brackets in the header Host", async () => {
  const hosts: unknown[] = [];
  const server = createServer((request, response) => {
    hosts.push(request.headers.host);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  expect(await readiness(connect(port, "127.0.0.1"), "2001:db8::5")).toBe(200);
  expect(hosts).toEqual(["[2001:db8::5]"]);
  server.close();
});
