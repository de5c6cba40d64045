// The program's objects have a label that distinguishes them from foreign objects when a namespace is deleted.
import type { KubernetesObject } from "@kubernetes/client-node";
import { expect, test } from "vitest";
import { isOurs, MANAGED_BY } from "../../../mesh/ownership.ts";
import { runProgram, writeKubeconfig } from "./recorder.ts";

const kubeconfig = writeKubeconfig("one", "two");
const clusters = ["one", "two"].map((name) => ({ name, kubeconfig, context: name }));

test("labels all objects in a namespace, but not their selectors and pods", async () => {
  const pullSecrets = [{ name: "made", server: "registry.example", username: "u", password: "p" }];
  const config = { clusters, pullSecrets, ingress: { enabled: true }, sample: { traffic: { kind: "failover" } } };
  const { resources } = await runProgram(config, false, ["pullSecrets"]);
  const made = resources.filter(({ inputs }) => (inputs.metadata as { namespace?: string } | undefined)?.namespace);
  const kinds = new Set(made.map(({ inputs }) => inputs.kind));
  expect([...kinds].sort()).toEqual([
    "Deployment",
    "DestinationRule",
    "Gateway",
    "HorizontalPodAutoscaler",
    "PeerAuthentication",
    "PodDisruptionBudget",
    "Role",
    "RoleBinding",
    "Secret",
    "Service",
    "ServiceAccount",
    "Telemetry",
    "VirtualService",
  ]);
  expect(made.filter(({ inputs }) => !isOurs(inputs as KubernetesObject)).map(({ name }) => name)).toEqual([]);
  for (const { name, inputs } of made) expect(JSON.stringify(inputs.spec ?? {}), name).not.toContain(MANAGED_BY);
});
