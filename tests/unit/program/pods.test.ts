import { expect, test } from "vitest";
import { runProgram, writeKubeconfig } from "./recorder.ts";

const kubeconfig = writeKubeconfig("one", "two");
const clusters = ["one", "two"].map((name) => ({ name, kubeconfig, context: name }));
const tolerations = [{ key: "dedicated", operator: "Exists" }];
const nodeSelector = { pool: "mesh" };

test("applies the node settings to all pods of the program, for all clusters or for one", async () => {
  const [first, second] = clusters;
  const { resources } = await runProgram({
    clusters: [first, { ...second, pods: { nodeSelector } }],
    pods: { tolerations },
    metricsServer: { source: "https://mirror.example/m.yaml" },
    sample: { resources: { limits: { cpu: "1", memory: "256Mi" } } },
    preflight: { enabled: false, probeResources: { limits: { cpu: "100m" } } },
  });
  const inputs = (name: string) =>
    resources.find((r) => r.name === name && !r.type.startsWith("csp-mesh:index:"))?.inputs ?? {};
  const both = { nodeSelector, tolerations };
  expect(inputs("two-istiod").values).toMatchObject({ pilot: both });
  for (const name of ["two-gateway-deployment", "two-reviews", "two-sleep"])
    expect(inputs(name).spec).toMatchObject({ template: { spec: both } });
  expect(inputs("two-metrics-server")).toMatchObject(both);
  expect(inputs("one-metrics-server")).toMatchObject({ tolerations });
  expect(inputs("one-metrics-server")).not.toHaveProperty("nodeSelector");
  expect(inputs("reachability-probe")).toMatchObject({
    clusters: [{ pods: { tolerations } }, { pods: both }],
    resources: { limits: { cpu: "100m" } },
  });
  expect(inputs("two-sleep").spec).toMatchObject({
    template: { spec: { containers: [{ resources: { limits: { cpu: "1", memory: "256Mi" } } }] } },
  });
});

test("prefers the chart's values, and changes no pods without settings", async () => {
  const own = [{ key: "own", operator: "Exists" }];
  const { resources } = await runProgram({
    clusters,
    pods: { tolerations },
    istio: { values: { istiod: { tolerations: own } } },
  });
  const values = resources.find(({ name }) => name === "one-istiod")?.inputs.values;
  expect(values).toMatchObject({ tolerations: own });
  expect(values).not.toHaveProperty("pilot.tolerations");
  const { resources: plain } = await runProgram({ clusters });
  expect(JSON.stringify(plain.map(({ inputs }) => inputs))).not.toMatch(/"(nodeSelector|tolerations)"/);
});
