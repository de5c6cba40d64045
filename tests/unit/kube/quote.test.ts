import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { inShell, quote } from "../../../kube/quote.ts";

test.each(["nks_kr@a", "it's mine", '$(exit 1) `exit 1` \\ "', "'; exit 1; '"])("%s becomes one shell word", (text) =>
  expect(execFileSync("sh", ["-c", `printf %s ${inShell(text)}`]).toString()).toBe(text),
);

test.each([
  ["https://me:secret@host/x", '"https://(login)@host/x"'],
  ["me:secret@host/x", '"(login)@host/x"'],
  ["system:admin", '"system:admin"'],
  ["project/host:6443/me@example.com", '"project/host:6443/me@example.com"'],
  ["pilot:1.31@sha256:ab", '"pilot:1.31@sha256:ab"'],
])("%s is quoted in messages as %s", (text, quoted) => {
  expect(quote(text)).toBe(quoted);
});
