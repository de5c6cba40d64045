import { describe, expect, test } from "vitest";
import { lineOf } from "../../../operations/pulumiUp.ts";
import { holders, isStale } from "../../../operations/staleLock.ts";

const urn = "urn:pulumi:prod::csp-mesh::csp-mesh:index:CrossNetworkLink$kubernetes:core/v1:Secret::one-to-two-secret";
const metadata = (op: string, more: object = {}) => ({
  op,
  urn,
  type: "kubernetes:core/v1:Secret",
  new: { custom: true },
  ...more,
});
const line = (event: object) => lineOf(event as never);

describe("an event of an update", () => {
  test.each([
    [{ resOutputsEvent: { metadata: metadata("update") } }, "update Secret one-to-two-secret"],
    [
      { resOutputsEvent: { metadata: metadata("delete", { new: undefined, old: { custom: true } }) } },
      "delete Secret one-to-two-secret",
    ],
    [{ resOpFailedEvent: { metadata: metadata("create") } }, "failed: create Secret one-to-two-secret"],
    [
      { diagnosticEvent: { severity: "error", urn, message: "<{%fg 1%}>no\nroute<{%reset%}>\n" } },
      "error: Secret one-to-two-secret: no\nroute",
    ],
    [{ diagnosticEvent: { severity: "warning", message: "careful" } }, "warning: careful"],
  ])("%j is printed", (event, shown) => {
    expect(line(event)).toBe(shown);
  });

  test.each([
    [{ resOutputsEvent: { metadata: metadata("same") } }],
    [{ resOutputsEvent: { metadata: metadata("update", { new: { custom: false } }) } }],
    [{ resOutputsEvent: { metadata: metadata("update", { type: "pulumi:providers:kubernetes" }) } }],
    [{ resourcePreEvent: { metadata: metadata("update") } }],
    [{ diagnosticEvent: { severity: "debug", message: "Registering" } }],
    [{ diagnosticEvent: { severity: "info", message: "tried" } }],
    [{ diagnosticEvent: { severity: "warning", message: "waiting", ephemeral: true } }],
  ])("%j is not printed", (event) => {
    expect(line(event)).toBeUndefined();
  });
});

describe("a lock", () => {
  const lock = (host: string, pid: number) =>
    `\n  file:///state/.pulumi/locks/organization/csp-mesh/prod/a.json?no_tmp_dir=true: created by ops@${host} (pid ${pid}) at 2026-11-30T00:00:00Z`;
  const head =
    "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with `pulumi cancel`.";

  test("names its holders", () => {
    expect(holders(head + lock("here", 12) + lock("there", 13))).toEqual([
      { host: "here", pid: 12 },
      { host: "there", pid: 13 },
    ]);
  });

  test.each([
    ["of a process that has ended", lock("here", 12), true],
    ["of a process that runs", lock("here", 1), false],
    ["of another host", lock("there", 12), false],
    ["with a second holder on another host", lock("here", 12) + lock("there", 12), false],
    ["without a holder", "", false],
  ])("%s: is it stale", (_, text, stale) => {
    expect(isStale(head + text, "here", (pid) => pid === 1)).toBe(stale);
  });

  test("of this process is not stale", () => {
    expect(isStale(head + lock("here", process.pid), "here")).toBe(false);
  });
});
