import { expect, onTestFinished, test } from "vitest";
import { stackWithPaths } from "../../../program/stacks.ts";

test("replaces URLs in stack traces by paths, and keeps V8's format otherwise", () => {
  const { prepareStackTrace } = Error;
  onTestFinished(() => {
    Error.prepareStackTrace = prepareStackTrace;
  });
  const site = (text: string) => ({ toString: () => text }) as NodeJS.CallSite;
  const sites = [site("member (file:///srv/mesh/program/member.ts:1:2)"), site("node:internal/process:1:1")];
  expect(stackWithPaths(new TypeError("lost"), sites)).toBe(
    "TypeError: lost\n    at member (/srv/mesh/program/member.ts:1:2)\n    at node:internal/process:1:1",
  );
  Error.prepareStackTrace = stackWithPaths;
  expect(new Error("here").stack).toMatch(/^Error: here\n {4}at .*\/stacks\.test\.ts:\d+:\d+/);
});
