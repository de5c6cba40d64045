import { expect, onTestFinished, test } from "vitest";
import { refreshSecrets } from "../../../operations/secretRefresh.ts";
import { memoryApi } from "../kube/memoryApi.ts";

const PODS = "/api/v1/namespaces/istio-system/pods";
const pod = (name: string, app: string) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "istio-system", labels: { app } },
});

async function cluster() {
  const api = await memoryApi();
  onTestFinished(() => api.close());
  for (const [name, app] of [
    ["istiod-1", "istiod"],
    ["istiod-2", "istiod"],
    ["gateway", "istio-ingressgateway"],
  ] as const)
    api.put(pod(name, app));
  return api;
}
const refreshed = ({ objects }: Awaited<ReturnType<typeof cluster>>) =>
  [...objects.values()]
    .filter(({ metadata }) => metadata.annotations !== undefined)
    .map(({ metadata }) => metadata.name);
const configOf = (...kubeconfigs: string[]) => ({
  clusters: kubeconfigs.map((kubeconfig) => ({ kubeconfig, context: "x" })) as never[],
});

test("changes an annotation of each istiod pod, and of no other pod", async () => {
  const api = await cluster();
  await refreshSecrets(configOf(api.kubeconfig), new AbortController().signal);
  expect(refreshed(api)).toEqual(["istiod-1", "istiod-2"]);
  expect(api.writes()).toEqual([`PATCH ${PODS}/istiod-1`, `PATCH ${PODS}/istiod-2`]);
});

test("ignores a cluster that rejects the change, and continues with the others", async () => {
  const [refusing, other] = [await cluster(), await cluster()];
  refusing.meet = async (request) => (request.startsWith("PATCH") ? { status: 403 } : undefined);
  await refreshSecrets(configOf(refusing.kubeconfig, other.kubeconfig), new AbortController().signal);
  expect([refreshed(refusing), refreshed(other)]).toEqual([[], ["istiod-1", "istiod-2"]]);
});

test("stops on an interruption", async () => {
  const api = await cluster();
  await expect(refreshSecrets(configOf(api.kubeconfig), AbortSignal.abort(new Error("stop")))).rejects.toThrow("stop");
});
