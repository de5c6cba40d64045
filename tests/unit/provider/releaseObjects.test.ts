// Objects of a Helm release: missing ones are detected, recreated, and waited for.
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { releaseObjects } from "../../../provider/kinds/releaseObjects.ts";
import { type MemoryApi, memoryApi } from "../kube/memoryApi.ts";
import { stepOn } from "./stepOn.ts";

/** Records in the claim that the state knows the release. */
const RECORDED = "PATCH /apis/rbac.authorization.k8s.io/v1/clusterroles/csp-mesh-claim";

const READY = { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 1 };
const istiod = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "istiod", namespace: "istio-system", generation: 1 },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: "istiod" } },
    template: { spec: { serviceAccountName: "istiod" } },
  },
};
const config = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "istio", namespace: "istio-system" },
  data: { a: "1" },
};
const hook = {
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "MutatingWebhookConfiguration",
  metadata: { name: "istio-sidecar-injector" },
};
const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "istiod", namespace: "istio-system" } };
const role = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name: "istiod" } };
const objects = [istiod, config, hook, role, account];

let api: MemoryApi;
beforeEach(async () => {
  api = await memoryApi();
});
afterEach(() => api.close());

/** A release in Helm's format. */
function helmHas(status: string, version = 1): void {
  const revision = { manifest: objects.map((object) => JSON.stringify(object)).join("\n---\n"), info: { status } };
  const packed = gzipSync(JSON.stringify(revision)).toString("base64");
  const name = `sh.helm.release.v1.istiod.v${version}`;
  const labels = { owner: "helm", name: "istiod", status, version: `${version}` };
  const metadata = { name, namespace: "istio-system", labels };
  api.put({
    apiVersion: "v1",
    kind: "Secret",
    metadata,
    data: { release: Buffer.from(packed).toString("base64") },
  } as never);
}
const putAll = (status: object = READY) => {
  for (const object of objects) api.put(object === istiod ? ({ ...istiod, status } as never) : object);
};
const step = (awaitSeconds = 5) => stepOn(api.kubeconfig, { release: "istiod" as const, revision: 1, awaitSeconds });
const remove = (name: string) => {
  for (const path of api.objects.keys()) if (path.endsWith(`/${name}`)) api.objects.delete(path);
};
const names = [
  "admissionregistration.k8s.io/v1 MutatingWebhookConfiguration /istio-sidecar-injector",
  "apps/v1 Deployment istio-system/istiod",
  "rbac.authorization.k8s.io/v1 ClusterRole /istiod",
  "v1 ConfigMap istio-system/istio",
  "v1 ServiceAccount istio-system/istiod",
];
const whole = { objects: names, missing: [], status: "deployed" };

describe("a complete release", () => {
  test("is recorded without changes, and has no differences", async () => {
    helmHas("deployed");
    putAll();
    expect(await releaseObjects.create(await step())).toEqual(whole);
    expect(api.writes()).toEqual([RECORDED]);
    expect(await releaseObjects.look?.(await step(), whole)).toEqual([]);
    expect(await releaseObjects.read?.(await step(), whole)).toEqual(whole);
    expect(releaseObjects.drift?.((await step()).inputs, whole)).toEqual([]);
  });

  test("is not checked again after a change of the timeout", async () => {
    const { inputs } = await step();
    expect(releaseObjects.identity?.({ ...inputs, awaitSeconds: 9 })).toEqual(releaseObjects.identity?.(inputs));
    expect(releaseObjects.identity?.({ ...inputs, revision: 2 })).not.toEqual(releaseObjects.identity?.(inputs));
  });
});

describe("a deleted object of a release", () => {
  test("is reported by each update if new pods need it, and otherwise by a refresh", async () => {
    helmHas("deployed");
    putAll();
    for (const name of ["istio-sidecar-injector", "istio"]) remove(name);
    api.objects.delete("/apis/rbac.authorization.k8s.io/v1/clusterroles/istiod");
    const missing = ["MutatingWebhookConfiguration istio-sidecar-injector", "ConfigMap istio-system/istio"].toSorted();
    expect(await releaseObjects.look?.(await step(), whole)).toEqual(
      missing.map((name) => ({ property: "missing", words: `${name} was missing: created again` })),
    );
    const found = await releaseObjects.read?.(await step(), whole);
    expect(found).toEqual({ ...whole, missing: [...missing, "ClusterRole istiod"].toSorted() });
    expect(releaseObjects.drift?.((await step()).inputs, { ...whole, missing: ["ClusterRole istiod"] })).toEqual([
      { property: "missing", words: "ClusterRole istiod was missing: created again" },
    ]);
  });

  test("is recreated alone", async () => {
    helmHas("deployed");
    putAll();
    remove("istio");
    expect(await releaseObjects.create(await step())).toEqual(whole);
    expect(api.writes()).toEqual([RECORDED, "PATCH /api/v1/namespaces/istio-system/configmaps/istio"]);
  });

  test("is used by pods only after their restart, if it is their account", async () => {
    helmHas("deployed");
    putAll();
    api.objects.delete("/api/v1/namespaces/istio-system/serviceaccounts/istiod");
    expect(await releaseObjects.create(await step())).toEqual(whole);
    expect(api.writes()).toEqual([
      RECORDED,
      "PATCH /apis/apps/v1/namespaces/istio-system/deployments/istiod",
      "PATCH /api/v1/namespaces/istio-system/serviceaccounts/istiod",
    ]);
  });

  test("without Helm's record of the release: a refresh recreates the release", async () => {
    putAll();
    expect(await releaseObjects.read?.(await step(), whole)).toBeUndefined();
    await expect(releaseObjects.create(await step())).rejects.toThrow(
      "Helm has no release istiod in istio-system; run pulumi up --refresh",
    );
  });
});

test("an interrupted upgrade is applied again completely, then marked as deployed", async () => {
  helmHas("deployed");
  helmHas("pending-upgrade", 2);
  putAll();
  const drifted = { ...whole, status: "pending-upgrade" };
  expect(await releaseObjects.read?.(await step(), whole)).toEqual(drifted);
  expect(releaseObjects.drift?.((await step()).inputs, drifted)).toEqual([
    { property: "status", words: "Helm calls istiod pending-upgrade: applied again" },
  ]);
  expect(await releaseObjects.create(await step())).toEqual(whole);
  expect(api.writes().filter((write) => write.startsWith("PATCH") && write !== RECORDED)).toHaveLength(objects.length);
  const secrets = [...api.objects.values()].filter(({ kind }) => kind === "Secret");
  expect(secrets.map(({ metadata: { labels } }) => `v${labels?.version} ${labels?.status}`)).toEqual([
    "v1 deployed",
    "v2 deployed",
  ]);
});

describe("istiod", () => {
  test("is awaited until it is ready, even if it does not exist yet", async () => {
    helmHas("deployed");
    putAll({});
    const path = "/apis/apps/v1/namespaces/istio-system/deployments/istiod";
    let looks = 0;
    api.meet = async (request) => {
      if (request !== `GET ${path}`) return undefined;
      looks++;
      if (looks === 3) api.put({ ...istiod, status: READY } as never);
      return looks === 1 ? { status: 404 } : undefined;
    };
    await releaseObjects.create(await step(30));
    expect(looks).toBe(3);
  });

  test("that does not become ready: the timeout quotes the state of its pods", async () => {
    helmHas("deployed");
    putAll({});
    const metadata = { name: "istiod-1", namespace: "istio-system", uid: "1", labels: { app: "istiod" } };
    const state = { waiting: { reason: "ImagePullBackOff" } };
    const status = { containerStatuses: [{ name: "discovery", state }] };
    api.put({ apiVersion: "v1", kind: "Pod", metadata, status } as never);
    const event = { involvedObject: { uid: "1" }, type: "Warning", reason: "Failed", message: "no such image" };
    api.put({ apiVersion: "v1", kind: "Event", metadata: { name: "e", namespace: "istio-system" }, ...event } as never);
    await expect(releaseObjects.create(await step(0.5))).rejects.toThrow(
      new Error(
        "one: istiod is not ready after 0.5 s\n" +
          "  Deployment istiod: pod istiod-1 waits: discovery ImagePullBackOff (Failed: no such image)\n" +
          'Correct that, then run "pulumi up" again.',
      ),
    );
  });
});
