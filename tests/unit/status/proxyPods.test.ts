import { expect, onTestFinished, test } from "vitest";
import { apiServer } from "../../../kube/apiServer.ts";
import { proxyPods } from "../../../status/trust.ts";
import { memoryApi } from "../kube/memoryApi.ts";

test("counts injected pods, and gateways that istiod created and serves", async () => {
  const api = await memoryApi();
  onTestFinished(() => api.close());
  const pod = (name: string, isInjected: boolean, hasAgent: boolean, args: string[] = []) =>
    api.put({
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        ...{ name, namespace: "shop" },
        ...(isInjected && { annotations: { "sidecar.istio.io/status": "{}" } }),
      },
      spec: {
        containers: [
          { name: "istio-proxy", args, env: hasAgent ? [{ name: "PROXY_CONFIG_XDS_AGENT", value: "true" }] : [] },
        ],
      },
      status: { phase: "Running" },
    } as never);
  pod("sidecar", true, true);
  pod("old-sidecar", true, false);
  pod("gateway", false, true);
  pod("old-gateway", false, false);
  pod("not-served", false, false);
  pod("ztunnel", false, false, ["proxy", "ztunnel"]);
  const server = await apiServer(api.kubeconfig, "x");
  onTestFinished(() => server.close());
  const served = new Set(["shop/gateway", "shop/old-gateway", "shop/ztunnel", "shop/machine-outside"]);
  const { all, withoutAgent } = await proxyPods(server, served);
  expect(all.toSorted()).toEqual(["shop/gateway", "shop/old-gateway", "shop/old-sidecar", "shop/sidecar"]);
  expect(withoutAgent.toSorted()).toEqual(["shop/old-gateway", "shop/old-sidecar"]);
});
