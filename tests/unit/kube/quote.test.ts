import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { inShell } from "../../../kube/quote.ts";

test.each(["nks_kr@a", "it's mine", '$(exit 1) `exit 1` \\ "', "'; exit 1; '"])("%s is one word to a shell", (text) =>
  expect(execFileSync("sh", ["-c", `printf %s ${inShell(text)}`]).toString()).toBe(text),
);
