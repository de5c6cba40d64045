import { expect, onTestFinished, test } from "vitest";
import { apiServer } from "../../../kube/apiServer.ts";
import { open } from "../../../kube/cluster.ts";
import { lookAtCluster } from "../../../status/lookAtCluster.ts";
import { memoryApi } from "../kube/memoryApi.ts";

test("lists istiod pods that started before the former root was dropped, including terminating ones", async () => {
  const api = await memoryApi();
  onTestFinished(() => api.close());
  const pod = (name: string, labels: object, metadata: object = {}) =>
    api.put({
      ...{ apiVersion: "v1", kind: "Pod", spec: { containers: [] } },
      metadata: { name, namespace: "istio-system", labels, ...metadata },
      // No pod is ready, so no istiod is queried.
      status: { phase: "Running", conditions: [] },
    } as never);
  pod("new", { app: "istiod", "csp-mesh.io/forgot-former-root": "true" });
  pod("former", { app: "istiod" });
  pod("ending", { app: "istiod" }, { deletionTimestamp: "2026-01-01T00:00:00Z" });
  pod("gateway", { app: "istio-ingressgateway" });
  const server = await apiServer(api.kubeconfig, "x");
  onTestFinished(() => server.close());
  const live = { name: "a", network: "a", server, cluster: open("a", server), kubernetes: "v1.35.4" };
  const { notRestarted } = await lookAtCluster(live, undefined, { certificates: true });
  expect(notRestarted?.toSorted()).toEqual(["ending", "former"]);
  expect(await lookAtCluster(live)).not.toHaveProperty("notRestarted");
});

test("finds nothing in a cluster without a mesh, and no request fails", async () => {
  const api = await memoryApi();
  onTestFinished(() => api.close());
  const server = await apiServer(api.kubeconfig, "x");
  onTestFinished(() => server.close());
  const live = { name: "a", network: "a", server, cluster: open("a", server), kubernetes: "v1.35.4" };
  expect(await lookAtCluster(live)).toMatchObject({
    ...{
      unanswered: [],
      istiods: [],
      gateways: [],
      tokens: [],
      withSidecar: [],
      withoutSidecar: [],
      hasWebhook: false,
    },
  });
});
