// Clusters whose Services have another DNS domain than Kubernetes' default.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { labDown } from "../../lab/down.ts";
import { meshOutput, pulumiUp } from "../../lab/pulumi.ts";
import { labSpec } from "../../lab/spec.ts";
import { type Lab, labUp } from "../../lab/up.ts";
import { parseMesh } from "../../proof/mesh.ts";
import { prove } from "../../proof/prove.ts";
import { apiOf } from "./kubectl.ts";
import { configure } from "./stackConfig.ts";
import { options } from "./testLab.ts";

const clusterDomain = "corp.internal";

let lab: Lab;
beforeAll(async () => {
  await labDown(labSpec(options));
  lab = await labUp({ ...options, clusterDomain });
});
afterAll(() => labDown(labSpec(options)));

describe("clusters of the domain corp.internal", () => {
  test("are rejected before anything is created if the config has another domain", async () => {
    await configure(lab, { awaitSeconds: 120 });
    const error = (await pulumiUp(lab, "--skip-preview").catch((failed: unknown) => failed)) as { stdout?: string };
    expect(error.stdout).toContain("set csp-mesh:clusterDomain to corp.internal");
    for (const cluster of lab.clusters) {
      const { items } = await apiOf(lab, cluster).core.listNamespace();
      expect(items.map(({ metadata }) => metadata?.name)).not.toContain("istio-system");
    }
  });

  test("form a mesh whose proof passes, with traffic rules as well", async () => {
    const traffic = { kind: "weights", weights: { v1: 30, v2: 70 } };
    await configure(lab, { clusterDomain, sample: { traffic } });
    await pulumiUp(lab, "--skip-preview");
    const results = await prove(parseMesh(await meshOutput(lab)));
    expect(results.filter(({ passed }) => !passed)).toEqual([]);
    expect(await pulumiUp(lab, "--skip-preview")).toMatch(/Resources:\n {4}\d+ unchanged\n/);
  });
});
