import { hostname } from "node:os";
import { expect, test } from "vitest";
import { catalogue } from "../../../i18n/language.ts";
import { lockedBy } from "../../../operations/pulumiUp.ts";

const said = [
  "error: the stack is currently locked by 2 lock(s).",
  "  file:///state/a.json: created by ops@build-7 (pid 4711) at 2026-11-30T00:00:00Z",
  `  file:///state/b.json: created by ops@${hostname()} (pid 12) at 2026-11-30T00:00:00Z`,
].join("\n");

test.each(Object.entries(catalogue))("in %s: suggests checking the process before pulumi cancel", (_, messages) => {
  const text = lockedBy(said, "prod", messages.operations);
  expect(text).toContain(said);
  const lines = text.split("\n");
  expect(lines.find((line) => line.includes("ps -p 4711"))).toContain("build-7");
  expect(lines.find((line) => line.includes("ps -p 12"))).not.toContain(hostname());
  expect(lines.at(-1)).toContain("pulumi cancel --stack prod");
  expect(text.indexOf("ps -p")).toBeLessThan(text.indexOf("pulumi cancel --stack"));
});

test("suggests no process check for a lock of the Pulumi service", () => {
  const text = lockedBy(
    "error: [409] Conflict: Another update is currently in progress.",
    "prod",
    catalogue.en.operations,
  );
  expect(text).not.toContain("ps -p");
  expect(text).toContain("pulumi cancel --stack prod");
});
