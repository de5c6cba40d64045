import { expect, onTestFinished, test } from "vitest";
import { apiServer } from "../../../kube/apiServer.ts";
import { podsOfMesh } from "../../../status/podsOfMesh.ts";
import { memoryApi } from "../kube/memoryApi.ts";

const SIDECAR = { "sidecar.istio.io/status": "{}" };

test("lists pods with a sidecar, and pods that lack one", async () => {
  const api = await memoryApi();
  onTestFinished(() => api.close());
  const namespace = (name: string, labels: Record<string, string> = {}) =>
    api.put({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels } });
  const pod = (name: string, metadata: object, spec: object = {}) => {
    const [space = "", own = ""] = name.split("/");
    api.put({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: own, namespace: space, ...metadata },
      spec,
      status: { phase: "Running" },
    } as never);
  };
  namespace("on", { "istio-injection": "enabled" });
  namespace("revision", { "istio.io/rev": "canary" });
  namespace("off", { "istio-injection": "disabled", "istio.io/rev": "canary" });
  namespace("plain");
  pod("on/with", { annotations: SIDECAR });
  pod("on/without", {});
  pod("on/declines", { labels: { "sidecar.istio.io/inject": "false" } });
  pod("on/declined", { annotations: { "sidecar.istio.io/inject": "false" } });
  pod("on/node-network", {}, { hostNetwork: true });
  pod("revision/without", {});
  pod("off/without", {});
  pod("plain/without", {});
  pod("plain/asks", { labels: { "sidecar.istio.io/inject": "true" } });
  pod("plain/with", { annotations: SIDECAR });
  const server = await apiServer(api.kubeconfig, "x");
  onTestFinished(() => server.close());
  const { withSidecar, withoutSidecar } = await podsOfMesh(server);
  expect(withSidecar.toSorted()).toEqual(["on/with", "plain/with"]);
  expect(withoutSidecar.toSorted()).toEqual(["on/without", "plain/asks", "revision/without"]);

  // As an account that may not list namespaces.
  api.meet = (request) =>
    request === "GET /api/v1/namespaces" ? Promise.resolve({ status: 403, body: {} }) : undefined;
  expect(await podsOfMesh(server)).toEqual({ withSidecar, withoutSidecar: ["plain/asks"] });
});
