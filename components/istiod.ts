import type * as pulumi from "@pulumi/pulumi";
import { injectedImage } from "../mesh/chartPods.ts";
import { NEXT, NEXT_ISTIOD } from "../mesh/nextIstiod.ts";
import type { Injector } from "../mesh/podParts.ts";
import type { Values } from "../mesh/values.ts";
import * as k8s from "./kubernetes.ts";
import { type ClusterAccess, MeshResource } from "./meshResource.ts";

/** The fields of a `Release` by which Helm finds a chart. */
export interface Chart {
  readonly chart: string;
  readonly version?: string;
  readonly repositoryOpts?: { readonly repo: string };
}

type ReleaseArgs = NonNullable<ConstructorParameters<typeof k8s.Release>[1]>;

export interface IstiodArgs {
  readonly access: ClusterAccess;
  /** The istiod that stays, or the second one during an upgrade. */
  readonly release: "istiod" | typeof NEXT_ISTIOD;
  readonly chart: Chart;
  /** Complete Helm values. */
  readonly values: Values;
  /** Arguments that all releases of the cluster share. */
  readonly common: Omit<ReleaseArgs, "chart" | "name" | "values">;
  readonly removal: pulumi.Resource;
  readonly dependsOn: readonly pulumi.Resource[];
  /** Further resources that must exist before the first pod with a proxy. */
  readonly podPrerequisites: readonly pulumi.Resource[];
  readonly awaitSeconds: number;
}

/** An istiod that injects proxies into new pods. */
export interface Istiod extends Injector {
  readonly release: k8s.Release;
  /** Its readiness. Pods created earlier get no sidecar from it. */
  readonly ready: pulumi.Resource;
  /** The API server reaches its webhook, and the prerequisites of pods exist. */
  readonly injection: pulumi.Resource;
}

/** @param name of its resources, without `-istiod` */
export function istiodIn(name: string, args: IstiodArgs, child: pulumi.CustomResourceOptions): Istiod {
  const { access, release, values, removal, awaitSeconds } = args;
  const isNext = release === NEXT_ISTIOD;
  const end = isNext ? `-${NEXT}` : "";
  const installed = new k8s.Release(
    `${name}-istiod${end}`,
    { ...args.chart, ...args.common, name: release, values, skipAwait: true },
    { ...child, deletedWith: removal, dependsOn: [...args.dependsOn, removal] },
  );
  const ready = releaseObjects(`${name}-istiod${end}-ready`, access, { release, installed, awaitSeconds }, child);
  const injection = new MeshResource(
    "PodInjection",
    `${name}-injection${end}`,
    access,
    { revision: installed.status.revision, awaitSeconds, ...(isNext && { istioRevision: NEXT }) },
    { ...child, dependsOn: [ready, ...args.podPrerequisites] },
  );
  return { release: installed, ready, injection, proxyImage: injectedImage(values), ...(isNext && { revision: NEXT }) };
}

/** Waits until all objects of a release exist and, for an istiod, until it is ready. */
export const releaseObjects = (
  name: string,
  access: ClusterAccess,
  args: { readonly release: string; readonly installed: k8s.Release; readonly awaitSeconds: number },
  child: pulumi.CustomResourceOptions,
) =>
  new MeshResource(
    "ReleaseObjects",
    name,
    access,
    // A new revision repeats the wait.
    { release: args.release, revision: args.installed.status.revision, awaitSeconds: args.awaitSeconds },
    child,
  );
