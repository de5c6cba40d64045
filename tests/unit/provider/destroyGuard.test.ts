// Conditions under which a destroy is allowed, with a fake API server.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CLAIM, CLAIMED } from "../../../mesh/claim.ts";
import { FOUND, MADE } from "../../../mesh/ownership.ts";
import { destroyGuard } from "../../../provider/kinds/destroyGuard.ts";
import { type MemoryApi, memoryApi } from "../kube/memoryApi.ts";
import { stepOn } from "./stepOn.ts";

let api: MemoryApi;
beforeEach(async () => {
  api = await memoryApi();
  api.meet = async (request) => (request === "GET /version" ? { status: 200 } : undefined);
});
afterEach(() => api.close());

const settings = { claimId: "first", keepCrds: false, namespaces: [] };
const guard = async () => {
  await destroyGuard.delete(await stepOn(api.kubeconfig, settings), {});
  expect(api.writes()).toEqual([]);
};
const namespace = (annotations: Record<string, string>) =>
  api.put({ apiVersion: "v1", kind: "Namespace", metadata: { name: "istio-system", annotations } });
const claimBy = (id: string) =>
  api.put({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name: CLAIM, annotations: { [CLAIMED]: JSON.stringify({ id, owner: "acme/mesh/a", mesh: "m" }) } },
  });

describe("destroy is allowed", () => {
  test.each([
    ["with this stack's claim", () => claimBy("first")],
    ["with a deleted claim and a namespace that the program created", () => namespace({ [MADE]: "true" })],
    ["with a deleted claim and a namespace that existed before", () => namespace({ [FOUND]: "{}" })],
    ["in an empty cluster", () => {}],
  ])("%s", async (_, arrange) => {
    arrange();
    await guard();
  });
});

test("rejects the cluster of another stack", async () => {
  claimBy("other");
  await expect(guard()).rejects.toThrow("one: this cluster belongs to the stack acme/mesh/a");
});

test("rejects a cluster without the program's mesh, whose Istio is foreign", async () => {
  namespace({});
  await expect(guard()).rejects.toThrow(
    /^one: the claim \(ClusterRole csp-mesh-claim\) is not in this cluster, .* the context "x" may now be for another cluster.* -- forget one --force; pulumi up; pulumi destroy/,
  );
});

test("for an unreachable cluster, the error names the commands that forget it", async () => {
  const step = await stepOn(api.kubeconfig, settings);
  const get = () => Promise.reject(new Error("connect ECONNREFUSED"));
  const cluster = { ...step.cluster, server: { ...step.cluster.server, get } };
  await expect(destroyGuard.delete({ ...step, cluster } as never, {})).rejects.toThrow(
    /If the cluster is gone for good, run these in this order: npm run mesh -- forget one; pulumi up; pulumi destroy\. .* does not read the stack's config$/,
  );
});
