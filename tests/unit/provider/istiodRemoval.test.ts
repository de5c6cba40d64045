import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { istiodRemoval } from "../../../provider/kinds/istiodRemoval.ts";
import { memoryApi } from "../kube/memoryApi.ts";
import { stepOn } from "./stepOn.ts";

const LEADER = "control-plane.alpha.kubernetes.io/leader";
const inSystem = (name: string, more: object = {}) => ({ name, namespace: "istio-system", ...more });

/** A release with one Service. */
function release(name: string) {
  const manifest = `apiVersion: v1\nkind: Service\nmetadata: { name: ${name}, namespace: istio-system }\n`;
  const packed = gzipSync(JSON.stringify({ manifest, info: { status: "deployed" } })).toString("base64");
  return [
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: inSystem(`sh.helm.release.v1.${name}.v1`, { labels: { owner: "helm", name, version: "1" } }),
      data: { release: Buffer.from(packed).toString("base64") },
    },
    { apiVersion: "v1", kind: "Service", metadata: inSystem(name) },
  ];
}

test.each([
  ["only the second istiod and its leader records", { only: "istiod-next" } as const, ["istiod"], ["istio-leader"]],
  ["both istiods", {}, [], ["istio-leader", "istio-gateway-deployment-next"]],
])("removes %s", async (_, inputs, services, records) => {
  const api = await memoryApi();
  onTestFinished(() => api.close());
  for (const object of [...release("istiod"), ...release("istiod-next")]) api.put(object);
  for (const name of ["istio-leader", "istio-gateway-deployment-next"])
    api.put({ apiVersion: "v1", kind: "ConfigMap", metadata: inSystem(name, { annotations: { [LEADER]: "{}" } }) });
  const step = await stepOn(api.kubeconfig, inputs);
  await istiodRemoval.delete(step, {});
  const { objects } = step.cluster;
  const namesOf = async (apiVersion: string, kind: string) => [
    ...(await objects.names(apiVersion, kind, "istio-system")),
  ];
  expect(await namesOf("v1", "Service")).toEqual(services);
  expect(await namesOf("v1", "Secret")).toEqual(services.map((name) => `sh.helm.release.v1.${name}.v1`));
  expect((await namesOf("v1", "ConfigMap")).toSorted()).toEqual([...records].toSorted());
});
