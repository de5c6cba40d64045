import { gzipSync } from "node:zlib";
import type { KubernetesObject } from "@kubernetes/client-node";
import { expect, onTestFinished, test } from "vitest";
import { manifestOf, uninstall } from "../../../provider/helmReleases.ts";
import { memoryApi } from "../kube/memoryApi.ts";
import { stepOn } from "./stepOn.ts";

/** A revision in Helm's encoding, inside a Secret's encoding. */
function revision(manifest: string) {
  const packed = gzipSync(JSON.stringify({ manifest, info: { status: "deployed" } })).toString("base64");
  return { data: { release: Buffer.from(packed).toString("base64") } };
}

test("reads all objects of a release's manifest, even with a duplicate YAML key", async () => {
  const manifest = [
    "# Source: istiod/templates/a.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  labels:\n    app: a\n    app: b\n",
    "# Source: istiod/templates/empty.yaml\n",
    "apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: b }\n",
  ].join("---\n");
  expect(await manifestOf(revision(manifest))).toEqual([
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", labels: { app: "b" } } },
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "b" } },
  ]);
});

test("reports a damaged revision, and uninstalls all other objects", async () => {
  const api = await memoryApi();
  onTestFinished(() => api.close());
  const namespace = "istio-system";
  const release = (name: string, version: number, data: object) => {
    const metadata = { name: `sh.helm.release.v1.${name}.v${version}`, namespace, labels: { owner: "helm", name } };
    api.put({ apiVersion: "v1", kind: "Secret", metadata, ...data } as KubernetesObject);
  };
  const config = (name: string) => {
    const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace } };
    api.put(object);
    return JSON.stringify(object);
  };
  release("istiod", 1, { data: { release: "eA==" } });
  release("istiod", 2, revision(config("istio")));
  release("istio-base", 1, revision(config("base")));
  const { cluster } = await stepOn(api.kubeconfig, {});
  await expect(uninstall(cluster.objects)).rejects.toThrow(
    /^Secret istio-system\/sh\.helm\.release\.v1\.istiod\.v1, in which Helm keeps a revision of istiod, was changed/,
  );
  const left = [...api.objects.values()].map(({ metadata }) => metadata.name);
  expect(left).toEqual(["kube-system", "sh.helm.release.v1.istiod.v1"]);
});
