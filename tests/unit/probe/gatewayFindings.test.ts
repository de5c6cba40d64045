import { expect, test } from "vitest";
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
  // The mesh does not need the port by which load balancers ask.
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
])("%j and %j", (crossing, status, findings) => {
  const found = gatewayFindings(pair, crossing, status);
  expect(found.map((f) => `${f.id} ${f.severity} ${"address" in f ? f.address : undefined}`)).toEqual(findings);
  for (const { cluster, peer } of found) expect([cluster, peer]).toEqual(["one", "two"]);
});
