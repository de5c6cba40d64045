import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { manifestOf } from "../../../provider/helmReleases.ts";

/** A revision in Helm's encoding, inside a Secret's encoding. */
function revision(manifest: string) {
  const packed = gzipSync(JSON.stringify({ manifest, info: { status: "deployed" } })).toString("base64");
  return { data: { release: Buffer.from(packed).toString("base64") } };
}

test("of a release's manifest all objects are known, also where a template and a value name the same key", async () => {
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
