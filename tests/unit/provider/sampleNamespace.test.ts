import { describe, expect, onTestFinished, test } from "vitest";
import { FOUND, MADE, MANAGED_BY, PROGRAM, SCALED_TO_NONE } from "../../../mesh/ownership.ts";
import { INJECTION, REVISION } from "../../../mesh/sampleInjection.ts";
import { sampleNamespace } from "../../../provider/kinds/sampleNamespace.ts";
import { memoryApi } from "../kube/memoryApi.ts";
import { kinds, stepAgainst, stepOn } from "./stepOn.ts";

const DEPLOYMENTS = "/apis/apps/v1/namespaces/sample/deployments";
const inputs = {
  namespace: "sample",
  parts: [
    { apiVersion: "v1", kind: "Service", name: "reviews" },
    { apiVersion: "apps/v1", kind: "Deployment", name: "reviews-v1" },
  ],
};
const deployment = (name: string, replicas: number, mark?: string) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, ...(mark !== undefined && { annotations: { [SCALED_TO_NONE]: mark } }) },
  spec: { replicas },
});

describe("a Deployment of the sample with 0 replicas", () => {
  const looking = async (...items: object[]) => {
    const answers = { "/apis/apps/v1": kinds({ deployments: "Deployment" }), [DEPLOYMENTS]: () => ({ items }) };
    const step = await stepAgainst(answers, inputs);
    return sampleNamespace.look?.(step, { namespace: "sample" });
  };

  test("is scaled back after a killed proof", async () => {
    expect(await looking(deployment("reviews-v1", 0, "2"))).toEqual([
      { property: "parts", words: "sample/reviews-v1 was scaled to 0 by a killed proof: scaled back" },
    ]);
  });

  test("is unchanged if someone else scaled it, it was scaled up again, or it is not the sample's", async () => {
    expect(
      await looking(deployment("reviews-v1", 0), deployment("reviews-v1", 1, "2"), deployment("shop", 0, "2")),
    ).toEqual([]);
  });
});

test("deletes leftovers of a killed run, but not foreign objects with the sample's names", async () => {
  const api = await memoryApi();
  onTestFinished(() => api.close());
  const annotations = { [FOUND]: JSON.stringify({ labels: {}, annotations: {} }) };
  api.put({ apiVersion: "v1", kind: "Namespace", metadata: { name: "sample", annotations } });
  api.put({ apiVersion: "v1", kind: "Service", metadata: { name: "reviews", namespace: "sample" } });
  const metadata = { name: "reviews-v1", namespace: "sample", labels: { [MANAGED_BY]: PROGRAM } };
  api.put({ apiVersion: "apps/v1", kind: "Deployment", metadata });
  await sampleNamespace.delete(await stepOn(api.kubeconfig, inputs), { namespace: "sample" });
  expect(api.writes()).toEqual([`DELETE ${DEPLOYMENTS}/reviews-v1`, "PATCH /api/v1/namespaces/sample"]);
});

describe("with a second istiod", () => {
  const labelsAfter = async (metadata: object, revision?: string) => {
    const api = await memoryApi();
    onTestFinished(() => api.close());
    api.put({ apiVersion: "v1", kind: "Namespace", metadata: { name: "sample", ...metadata } });
    const step = await stepOn(api.kubeconfig, { ...inputs, ...(revision && { revision }) });
    await sampleNamespace.create(step);
    return (await step.cluster.objects.read("v1", "Namespace", "sample"))?.metadata.labels ?? {};
  };
  const made = (labels: object) => ({ labels, annotations: { [MADE]: "true" } });

  test("the namespace has only the revision label, which istio-injection overrides, and then the former", async () => {
    expect(await labelsAfter(made({ [INJECTION]: "enabled" }), "next")).toEqual({ [REVISION]: "next" });
    expect(await labelsAfter(made({ [REVISION]: "next" }))).toEqual({ [INJECTION]: "enabled" });
  });

  test("a foreign namespace keeps its labels", async () => {
    const annotations = { [FOUND]: JSON.stringify({ labels: {}, annotations: {} }) };
    const labels = { [INJECTION]: "enabled" };
    expect(await labelsAfter({ labels, annotations }, "next")).toEqual(labels);
  });
});
