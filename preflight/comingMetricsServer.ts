// The objects of metrics-server that the preflight sends as a dry run, if `pulumi up` will install it.
import type { V1Deployment } from "@kubernetes/client-node";
import { METRICS_API } from "../kube/metricsApi.ts";
import type { Named } from "../mesh/named.ts";
import { withPlacement } from "../mesh/podParts.ts";
import type { PodTemplate } from "../mesh/podTemplate.ts";
import { readManifest } from "../provider/manifest.ts";
import { isDeployment, prepare } from "../provider/metricsServerManifest.ts";
import type { ObservedCluster } from "./cluster.ts";
import { type ComingObject, workloadObjects } from "./comingObjects.ts";
import type { MeshSettings } from "./settings.ts";

/** Kinds that are sent. Roles and bindings are left out, because the check of the account's rights covers them. */
const PATHS: Readonly<Record<string, string>> = {
  Deployment: "deployments",
  Service: "services",
  ServiceAccount: "serviceaccounts",
  PodDisruptionBudget: "poddisruptionbudgets",
};

/** Empty if metrics-server is not installed, or if its manifest cannot be read, which `pulumi up` itself reports. */
export async function metricsServerObjects(
  { read, settings }: ObservedCluster,
  { metricsServer }: MeshSettings,
): Promise<ComingObject[]> {
  const { source, kubeletInsecureTls, registry } = metricsServer;
  if (source === undefined) return [];
  if ((await read(`/apis/apiregistration.k8s.io/v1/apiservices/${METRICS_API}`)) !== undefined) return [];
  const options = { kubeletInsecureTls, registry, ...withPlacement(settings.pods) };
  const objects = await manifestOf(metricsServer)
    .then((manifest) => prepare(manifest, options, source))
    .catch(() => []);
  return objects.flatMap((object) => [...(isDeployment(object) ? podOf(object) : []), ...comingObjectOf(object)]);
}

/** Manifests by the settings of a run, because all its clusters share one. */
const manifests = new WeakMap<object, Promise<Named[]>>();

function manifestOf(settings: MeshSettings["metricsServer"]): Promise<Named[]> {
  const { source = "", access, sha256 } = settings;
  const manifest = manifests.get(settings) ?? readManifest(source, "metricsServer", { access, sha256 });
  manifests.set(settings, manifest);
  return manifest;
}

function comingObjectOf(object: Named): ComingObject[] {
  const { apiVersion = "", kind = "", metadata } = object;
  const { name, namespace } = metadata;
  const plural = PATHS[kind];
  if (plural === undefined || namespace === undefined) return [];
  const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return [{ path: `${root}/namespaces/${namespace}/${plural}`, kind, namespace, name, body: object }];
}

function podOf({ metadata: { name, namespace = "" }, spec }: Named & V1Deployment): ComingObject[] {
  const { replicas = 1, template } = spec ?? {};
  if (template?.spec === undefined) return [];
  const pods = { namespace, deployment: name, count: replicas, pod: template as unknown as PodTemplate };
  return workloadObjects(pods).filter(({ kind }) => kind === "Pod");
}
