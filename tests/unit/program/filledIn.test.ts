import * as pulumi from "@pulumi/pulumi";
import { afterEach, expect, test, vi } from "vitest";
import { runProgram, writeKubeconfig } from "./recorder.ts";

const kubeconfig = writeKubeconfig("one", "two");
const clusters = [
  { name: "one", kubeconfig, context: "one", csp: "ncloud" },
  { name: "two", kubeconfig, context: "two" },
];

afterEach(() => {
  vi.restoreAllMocks();
});

test.each([
  [true, ["one: csp ncloud (NAVER Cloud Kubernetes Service)", "two: csp generic (Kubernetes)"]],
  [false, []],
])("with preview: %s logs the profile's settings in one line per cluster", async (preview, lines) => {
  const info = vi.spyOn(pulumi.log, "info").mockResolvedValue();
  await runProgram({ clusters }, preview);
  expect(info.mock.calls.map(([line]) => line.split(" fills in ")[0])).toEqual(lines);
});
