// Reads the Gateway API's CRDs from a release of its project.
import type { V1CustomResourceDefinition } from "@kubernetes/client-node";
import { GROUP } from "../mesh/gatewayApiPlan.ts";
import type { SourceOptions } from "../net/source.ts";
import { readManifest } from "./manifest.ts";

/**
 * Reads the Gateway API's CRDs. Skips other objects of a release, such as its admission policies.
 *
 * @param source an https:// URL, or the absolute path of a file or of a folder with .yaml files
 * @param options login and CA for the URL, and the digest of a single file
 * @throws Error that names the source and what is wrong with it
 */
export async function readCrds(source: string, options: SourceOptions = {}): Promise<V1CustomResourceDefinition[]> {
  const objects = (await readManifest(source, "gatewayApi", options)) as V1CustomResourceDefinition[];
  const crds = objects.filter(({ kind, spec }) => kind === "CustomResourceDefinition" && spec.group === GROUP);
  if (crds.length === 0) {
    throw new Error(
      `${source} holds no CustomResourceDefinition of ${GROUP}; set gatewayApi.source to a release's standard-install.yaml`,
    );
  }
  return crds;
}
