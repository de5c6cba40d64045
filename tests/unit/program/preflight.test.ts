import * as pulumi from "@pulumi/pulumi";
import { afterEach, expect, test, vi } from "vitest";
import { sample } from "../preflight/samples.ts";
import { failProgram, preflightFindings, runProgram, writeKubeconfig } from "./recorder.ts";

const kubeconfig = writeKubeconfig("one", "two");
const clusters = ["one", "two"].map((name) => ({ name, kubeconfig, context: name }));

afterEach(() => {
  preflightFindings.length = 0;
  vi.restoreAllMocks();
});

const warnings = () => vi.spyOn(pulumi.log, "warn").mockResolvedValue();

test("creates nothing if the clusters are not ready, and fails with a table of the findings", async () => {
  preflightFindings.push(sample("metrics"), sample("noNode", { cluster: "two", notReady: ["n"], cordoned: [] }));
  const { resources, error } = await failProgram({ clusters });
  expect(pulumi.RunError.isInstance(error)).toBe(true);
  const { message } = error as Error;
  expect(message).toMatch(/^the clusters are not ready for the mesh; nothing was created\./);
  expect(message).toMatch(/^error +two +no node accepts pods; not ready: n +istiod and gateway would stay Pending/m);
  expect(message).not.toContain("metrics are served");
  expect(resources).toEqual([]);
});

test("logs a warning once, and creates the mesh", async () => {
  const warn = warnings();
  for (const cluster of ["one", "two"]) preflightFindings.push(sample("noMetrics", { severity: "warning", cluster }));
  const { resources } = await runProgram({ clusters });
  expect(warn.mock.calls.map(([text]) => text)).toEqual([
    "the mesh can work, with these warnings (all findings: npm run mesh -- preflight)\n" +
      "  - one, two: no metrics API; set metricsServer.source",
  ]);
  expect(resources.length).toBeGreaterThan(10);
});

test("logs nothing without findings, and does not run if it is disabled", async () => {
  const warn = warnings();
  preflightFindings.push(sample("metrics"));
  await runProgram({ clusters });
  preflightFindings.push(sample("noNode"));
  await runProgram({ clusters, preflight: { enabled: false } });
  expect(warn).not.toHaveBeenCalled();
});
