import { expect, test } from "vitest";
import { bareHost, hostPort, urlHost } from "../../../mesh/hostPort.ts";

test.each([
  ["lb.example", "lb.example", "lb.example:15443"],
  ["203.0.113.5", "203.0.113.5", "203.0.113.5:15443"],
  ["2001:db8::5", "2001:db8::5", "[2001:db8::5]:15443"],
  ["[2001:db8::5]", "2001:db8::5", "[2001:db8::5]:15443"],
])("formats %s", (host, bare, joined) => {
  expect([bareHost(host), hostPort(host, 15443), hostPort(host, "15443")]).toEqual([bare, joined, joined]);
  expect(new URL(`https://${urlHost(host)}`).hostname).toBe(urlHost(host));
});
