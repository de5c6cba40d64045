import type * as z from "zod";
import type { StorageClassOptions } from "../components/defaultStorageClass.ts";
import type { ExternalGateway, IstiodOptions } from "../mesh/istiodOptions.ts";
import { gatewayApiManifest } from "../mesh/istioLines.ts";
import { reviewsVersion } from "../mesh/reviewsVersion.ts";
import type { Access } from "../net/download.ts";
import { downloadAccess, isRemote } from "./access.ts";
import { peerCa } from "./caBundle.ts";
import { inspectCA } from "./certificates.ts";
import { type ChartSource, chartSource, verifyLocalChart } from "./charts.ts";
import { contradictions, generationsOfOwn, weightsWithoutCluster } from "./contradictions.ts";
import { filledIn } from "./filled.ts";
import { type ClusterGateways, externalGateways, gatewaysOf } from "./gateway.ts";
import { isGone, isStaying, tooFewClusters, withoutIntermediates } from "./gone.ts";
import { istiodOptions } from "./istiod.ts";
import { type ClusterIstio, istioOf } from "./istioOfClusters.ts";
import { type ClusterAccess, clusterAccess, clusterAccessOfText } from "./kubeconfig.ts";
import { manifestSource, verifyLocalManifest } from "./manifestSource.ts";
import { operationProblems } from "./operation.ts";
import { plainSecrets } from "./plainSecrets.ts";
import { attempt, isBlock, quote } from "./problems.ts";
import { type RootRotation, rotationOf } from "./rotation.ts";
import { salvage } from "./salvage.ts";
import { accessSchema, type ClusterSettings, type MeshSettings, meshSchema } from "./schema.ts";
import { storageClassesOf } from "./storageClass.ts";
import { duplicateProblems, duplicateServers } from "./unique.ts";
import { unreachableServers, withServerUrls } from "./unreachable.ts";
import { vmAccountProblems } from "./vmAccount.ts";

/** A cluster of the mesh: its settings, its access, and its provider's requirements. */
export interface ClusterConfig
  extends Omit<
      ClusterSettings,
      "state" | "sampleVersion" | "apiServer" | "caBundle" | "gateway" | "pods" | "storageClass" | "istio"
    >,
    ClusterGateways {
  /** Position of its entry in the stack file, from 0. It does not change when another cluster is gone. */
  readonly position: number;
  /** Whether the other clusters watch it. They forget a leaving cluster before anything in it is deleted. */
  readonly isStaying: boolean;
  /** Version of the sample's `reviews`. */
  readonly sampleVersion: number;
  /** Path as written, or the text, which ends with a line break and is secret. */
  readonly kubeconfig: string;
  /** URL of the API server as the other clusters reach it. */
  readonly server: string;
  /** Its istiods: one, or two during an upgrade. */
  readonly istio: ClusterIstio;
  /** PEM of the CA that the other clusters shall trust there, or `public`. */
  readonly caBundle?: string | undefined;
  /** Created if no StorageClass is the default. */
  readonly storageClass?: StorageClassOptions;
}

/** The validated config. */
export interface MeshConfig
  extends Omit<
    MeshSettings,
    | "clusters"
    | "istio"
    | "istiod"
    | "gateway"
    | "ingress"
    | "pods"
    | "gatewayApi"
    | "metricsServer"
    | "rootRotation"
    | "writtenTag"
  > {
  /** The new root, during a root rotation. */
  readonly rootRotation?: RootRotation | undefined;
  /** The present clusters, at least one. */
  readonly clusters: readonly ClusterConfig[];
  /** Clusters that are permanently gone, which the others forget. */
  readonly gone: readonly Pick<ClusterConfig, "name" | "network">[];
  readonly istio: Omit<MeshSettings["istio"], "charts" | "chartAccess"> & {
    readonly charts: Charts;
    /** Set if the program fetches the charts itself, with a login, a CA or digests; otherwise Helm does. */
    readonly chartAccess: { readonly source: string; readonly access: Access } | undefined;
    readonly istiod: IstiodOptions;
    readonly externalGateways: readonly ExternalGateway[];
  };
  /** URL or path, as written, of the Gateway API's CRDs; undefined if they are not installed. */
  readonly gatewayApi: {
    readonly source: string | undefined;
    readonly access: Access | undefined;
    /** SHA-256 digest of the source. */
    readonly sha256?: string | undefined;
  };
  /** The same for metrics-server's manifest, with the changes to it. */
  readonly metricsServer: Omit<MeshSettings["metricsServer"], "source" | "access" | "sha256"> &
    MeshConfig["gatewayApi"];
  /** Warnings, one line each. */
  readonly warnings: readonly string[];
  /** Settings from the providers' profiles, one line for each cluster. */
  readonly filledIn: readonly string[];
}

export interface Charts {
  readonly base: ChartSource;
  readonly istiod: ChartSource;
}

/** Access to what a config may refer to besides files. */
export interface ParseOptions {
  /** Whether a key of the config, such as `clusters`, is encrypted in the stack file. @default all are */
  readonly isSecret?: (key: string) => boolean;
  /** The config's values as in the stack file, if known. */
  readonly written?: Readonly<Record<string, unknown>> | undefined;
  /** Reads an output of another stack. Without it, kubeconfigs from other stacks are not checked. */
  readonly stackOutput?: (stack: string, output: string) => unknown;
  /** Whether clusters are contacted, so that a kubeconfig's credentials command must exist. @default true */
  readonly isContacted?: boolean;
}

/** Replacements for invalid clusters or names, so that further checks can run. */
function standIns([top, index, field, ...deeper]: readonly PropertyKey[]): unknown {
  if (top !== "clusters" || deeper.length > 0) return undefined;
  const name = `cluster-${Number(index ?? 0) + 1}`;
  if (index === undefined) return [{ name, context: name }];
  return field === undefined ? { name, context: name } : field === "name" || field === "context" ? name : undefined;
}

/**
 * Validates a stack's config, including the files to which it refers, before anything is created.
 *
 * @param raw the values of the keys under `csp-mesh:`
 * @param root folder to which relative paths refer
 * @throws Error that lists all mistakes, one line each
 */
export function parseConfig(
  raw: Readonly<Record<string, unknown>>,
  root: string,
  options: ParseOptions = {},
): MeshConfig {
  const { data, problems, lacks, isConsequence } = salvage(meshSchema, raw, standIns);

  const entries = Array.isArray(raw.clusters) ? raw.clusters : [];
  const duplicates = duplicateProblems(entries);
  problems.push(...duplicates);
  const accesses = entries.map((entry, index) => {
    // Check the kubeconfig even if other fields of its entry are invalid, so that one run reports all mistakes.
    const access = accessSchema.safeParse(entry).data;
    return isGone(entry)
      ? undefined
      : access && attempt(problems, ["clusters", index], () => findCluster(access, root, options));
  });
  problems.push(...plainSecrets(raw, options.isSecret ?? (() => true), options.written));

  if (data) {
    // Omit mistakes that an invalid part may have caused. If they are real, the next run reports them.
    const found: string[] = [];
    const {
      clusters,
      istio: settings,
      istiod: ofIstiod,
      gateway: _,
      ingress: __,
      pods: ___,
      metricsServer,
      writtenTag,
      ...rest
    } = data;
    const { chartAccess, ...ofIstio } = settings;
    const present = clusters
      .map((cluster, position) => ({
        ...cluster,
        position,
        sampleVersion: cluster.sampleVersion ?? reviewsVersion(position),
      }))
      .filter((each) => !isGone(each));
    const gone = clusters.filter(isGone);
    const istio = {
      ...ofIstio,
      istiod: istiodOptions(ofIstiod, found),
      externalGateways: externalGateways(present),
    };
    const gateways = gatewaysOf(data, found);
    const storageClasses = storageClassesOf(clusters, found);
    const chart = (name: string) =>
      lacks("istio", "version")
        ? undefined
        : attempt(found, ["istio", "charts"], () => chartSource(istio.charts, name, istio.version, root));
    const [base, istiod] = [chart("base"), chart("istiod")];
    const toCharts = downloadAccess(
      { path: ["istio", "charts"], value: istio.charts },
      { path: ["istio", "chartAccess"], value: chartAccess },
      root,
      found,
    );
    const { chartDigests } = istio;
    const istios = lacks("istio", "version")
      ? []
      : present.map((cluster) => istioOf(cluster, { ...istio, tag: writtenTag }, root, found));
    for (const [name, source] of Object.entries({ base, istiod }))
      if (chartDigests && source && !isRemote(istio.charts))
        attempt(found, ["istio", "chartDigests", name], () =>
          verifyLocalChart(source, chartDigests[name as keyof Charts], root),
        );
    const manifest = (key: "gatewayApi" | "metricsServer", value: string) => {
      const { access, sha256 } = data[key];
      if (sha256 !== undefined) attempt(found, [key, "sha256"], () => verifyLocalManifest(value, sha256, root));
      return {
        access: downloadAccess({ path: [key, "source"], value }, { path: [key, "access"], value: access }, root, found),
        source: attempt(found, [key, "source"], () => manifestSource(value, root)),
        ...(sha256 !== undefined && { sha256 }),
      };
    };
    const definitions = manifest("gatewayApi", data.gatewayApi.source ?? gatewayApiManifest(istio.version));
    const ofMetricsServer = manifest("metricsServer", metricsServer.source);
    const bundles = clusters.map(
      ({ state, caBundle: bundle }, index) =>
        state !== "gone" && bundle && attempt(found, ["clusters", index, "caBundle"], () => peerCa(bundle, root)),
    );
    const withServers = withServerUrls(clusters, accesses);
    found.push(
      // Two entries for the same cluster were already reported.
      ...duplicateServers(withServers).filter((line) => !duplicates.some((other) => isOfSameEntry(line, other))),
      ...unreachableServers(withServers, accesses),
      ...contradictions(present, istio, data),
      ...generationsOfOwn(present, data),
      ...(Array.isArray(raw.clusters) ? operationProblems(data) : []),
      ...(Array.isArray(raw.clusters) ? weightsWithoutCluster(present, data) : []),
    );
    const ca = withoutIntermediates(data.ca, gone);
    const isNamed = !clusters.some((_, index) => lacks("clusters", index, "name")) && Array.isArray(raw.clusters);
    const certificates = inspectCA(ca, {
      clusters:
        isNamed || ca.source !== "intermediates" ? present.map(({ name }) => name) : Object.keys(ca.intermediates),
      trustDomain: lacks("istio", "trustDomain") ? undefined : istio.trustDomain,
      now: Date.now(),
    });
    found.push(...certificates.problems);
    const rootRotation = rotationOf(data, gone, present, found);
    if (data.vmAccount) found.push(...vmAccountProblems(data.vmAccount));
    problems.push(...new Set(found.filter((line) => !isConsequence(line) && !problems.includes(line))));

    if (problems.length === 0 && base && istiod && istios.every((each) => each !== undefined)) {
      return {
        ...rest,
        rootRotation,
        warnings: [...certificates.warnings, ...tooFewClusters(clusters)],
        filledIn: filledIn({ ...data, clusters: present }),
        istio: {
          ...istio,
          charts: { base, istiod },
          chartAccess:
            toCharts || (chartDigests && isRemote(istio.charts))
              ? { source: istio.charts, access: toCharts ?? {} }
              : undefined,
        },
        gatewayApi: definitions,
        metricsServer: { ...metricsServer, ...ofMetricsServer },
        gone: gone.map(({ name, network }) => ({ name, network })),
        clusters: present.map(({ state, apiServer: __, storageClass: _s, ...cluster }, index) => {
          const { position } = cluster;
          const access = accesses[position] as ClusterAccess;
          const storageClass = storageClasses[position];
          return {
            ...cluster,
            isStaying: isStaying({ state }),
            istio: istios[index] as ClusterIstio,
            ...(gateways[position] as ClusterGateways),
            kubeconfig: access.kubeconfig,
            ...(withServers[position]?.tlsServerName && { tlsServerName: withServers[position].tlsServerName }),
            server: withServers[position]?.server ?? "",
            ...(bundles[position] && { caBundle: bundles[position] }),
            ...(storageClass && { storageClass }),
          };
        }),
      };
    }
  }
  throw unusable(problems);
}

const isOfSameEntry = (line: string, other: string) => line.split(".")[0] === other.split(".")[0];

/** @param problems one line each */
export function unusable(problems: readonly string[]): Error {
  return new Error(`The config of this stack cannot be used:\n${problems.map((line) => `  - ${line}`).join("\n")}`);
}

function findCluster(
  { kubeconfig, context }: z.output<typeof accessSchema>,
  root: string,
  { stackOutput, isContacted = true }: ParseOptions,
): ClusterAccess {
  if (typeof kubeconfig === "string") {
    return isBlock(kubeconfig)
      ? clusterAccessOfText(kubeconfig, "the text of the kubeconfig", context, root, isContacted)
      : clusterAccess(kubeconfig, context, root, undefined, isContacted);
  }
  if (!stackOutput) return { kubeconfig: "", server: "" };
  const { stack, output } = kubeconfig;
  const name = `output ${quote(output)} of stack ${quote(stack)}`;
  const text = stackOutput(stack, output);
  if (text === undefined) throw new Error(`${name} does not exist; see: pulumi stack output --stack ${stack}`);
  // Some providers' resource types have the kubeconfig as an object.
  return clusterAccessOfText(typeof text === "string" ? text : JSON.stringify(text), name, context, root, isContacted);
}
