import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { load } from "js-yaml";
import type { MetricsServerArgs } from "../components/metricsServer.ts";
import type { PullSecret } from "../components/pullSecrets.ts";
import { catalogue, languageOf } from "../i18n/language.ts";
import { translated } from "../i18n/translated.ts";
import type { Access } from "../net/download.ts";
import { bytesOf } from "../net/source.ts";
import { type ChartSource, fetchedChart } from "./charts.ts";
import { isGone } from "./gone.ts";
import { type Charts, type ClusterConfig, type MeshConfig, type ParseOptions, parseConfig, unusable } from "./parse.ts";
import { holdsPassword } from "./plainSecrets.ts";
import { isBlock, problem } from "./problems.ts";
import { ofProject, structured } from "./raw.ts";
import { configSchema } from "./schema.ts";

/** A cluster whose kubeconfig is secret if it is a text. */
export interface LoadedCluster extends Omit<ClusterConfig, "kubeconfig" | "proxyUrl"> {
  readonly kubeconfig: pulumi.Input<string>;
  /** Secret if it contains a password. */
  readonly proxyUrl?: pulumi.Input<string> | undefined;
  /** Path as written; null for a text, which must not appear in outputs. */
  readonly kubeconfigPath: string | null;
}

export interface LoadedConfig
  extends Omit<
    MeshConfig,
    "clusters" | "istio" | "gatewayApi" | "metricsServer" | "pullSecrets" | "warnings" | "filledIn"
  > {
  readonly clusters: readonly LoadedCluster[];
  readonly istio: Omit<MeshConfig["istio"], "chartAccess" | "chartDigests">;
  readonly gatewayApi: Omit<MeshConfig["gatewayApi"], "access"> & { readonly access: pulumi.Input<Access> | undefined };
  /** Undefined if it is not enabled. */
  readonly metricsServer: Omit<MetricsServerArgs, "claim" | "awaitSeconds"> | undefined;
  readonly pullSecrets: readonly PullSecret[];
}

/**
 * Loads the config of the current stack, including kubeconfigs from outputs of other stacks.
 *
 * @throws pulumi.RunError that lists all mistakes
 */
export async function loadConfig(): Promise<LoadedConfig> {
  const project = pulumi.getProject();
  const entries = Object.entries(ofProject(pulumi.runtime.allConfig(), project));
  const raw = Object.fromEntries(entries.map(([key, value]) => [key, structured(value)]));
  const isSecret = (key: string) => isConfigSecret(`${project}:${key}`);
  const written = Object.keys(raw).some(isSecret) ? writtenConfig(project) : undefined;
  try {
    // Check the config without stack references first, so that an invalid config reads no other stacks.
    const config = parseConfig(raw, process.cwd(), { isSecret, written });
    const stackOutput = await readStacks(raw);
    const complete = stackOutput ? parseConfig(raw, process.cwd(), { isSecret, written, stackOutput }) : config;
    await compareDigests(complete);
    return wrapSecrets(await withFetchedCharts(complete));
  } catch (error) {
    const language = languageOf(process.env);
    const said = translated((error as Error).message, language);
    pulumi.log.info(catalogue[language].troubleshooting);
    throw new pulumi.RunError(said);
  }
}

/**
 * Pulumi's own test, which its types omit: whether any part of a key's value is encrypted. It does not show which part.
 */
const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret(key: string): boolean };

/** The values in the stack file itself; undefined if Pulumi uses another file. */
function writtenConfig(project: string): Record<string, unknown> | undefined {
  try {
    const { config } = load(readFileSync(join(process.cwd(), `Pulumi.${pulumi.getStack()}.yaml`), "utf8")) as {
      config: object;
    };
    return ofProject({ ...config }, project);
  } catch {
    return undefined;
  }
}

/** The outputs to which the clusters' kubeconfigs refer; undefined if there are no such references. */
async function readStacks(raw: Readonly<Record<string, unknown>>): Promise<ParseOptions["stackOutput"] | undefined> {
  const wanted = configSchema
    .parse(raw)
    .clusters.filter((cluster) => !isGone(cluster))
    .flatMap(({ kubeconfig }) => (typeof kubeconfig === "string" ? [] : kubeconfig));
  if (wanted.length === 0) return undefined;
  const stacks = new Map(
    [...new Set(wanted.map(({ stack }) => stack))].map((name) => [name, new pulumi.StackReference(name)]),
  );
  const id = (stack: string, output: string) => JSON.stringify([stack, output]);
  const outputs = new Map(
    await Promise.all(
      wanted.map(async ({ stack, output }) => {
        const details = await stacks.get(stack)?.getOutputDetails(output);
        return [id(stack, output), details?.secretValue ?? details?.value] as const;
      }),
    ),
  );
  return (stack, output) => outputs.get(id(stack, output));
}

/** Read manifests with a digest now, so that a wrong digest is refused before anything is created. */
async function compareDigests(config: MeshConfig): Promise<void> {
  const problems: string[] = [];
  for (const key of ["gatewayApi", "metricsServer"] as const) {
    const { source, access, sha256 } = config[key];
    if (source === undefined || sha256 === undefined) continue;
    await bytesOf(source, { access, sha256 }, `see ${key}.source and ${key}.access`).catch((error: Error) =>
      problems.push(problem([key, "sha256"], error.message)),
    );
  }
  if (problems.length > 0) throw unusable(problems);
}

/**
 * The config with files instead of charts that require a login, a CA or a digest. Helm fetches all other charts: a file
 * instead of a name in a repository would be a change, for which every existing stack would upgrade its releases.
 */
async function withFetchedCharts(config: MeshConfig): Promise<MeshConfig> {
  const { istio, clusters } = config;
  if (istio.chartAccess === undefined) return config;
  const { source, access } = istio.chartAccess;
  const found = new Map<string, ChartSource>();
  const fetched = async (name: keyof Charts, version: string) => {
    const key = `${name} ${version}`;
    // With digests every cluster has the mesh's version.
    const chart =
      found.get(key) ?? (await fetchedChart(source, name, version, process.cwd(), access, istio.chartDigests?.[name]));
    found.set(key, chart);
    return chart;
  };
  try {
    // Fetch one after the other, so that a common cause of failures is reported once.
    const charts = { base: await fetched("base", istio.version), istiod: await fetched("istiod", istio.version) };
    const fetchedClusters: MeshConfig["clusters"][number][] = [];
    for (const { istio: own, ...cluster } of clusters) {
      const base = { ...own.base, chart: await fetched("base", own.base.version) };
      const next = own.next && { ...own.next, chart: await fetched("istiod", own.next.version) };
      fetchedClusters.push({ ...cluster, istio: { ...own, base, next, chart: await fetched("istiod", own.version) } });
    }
    return { ...config, istio: { ...istio, charts }, clusters: fetchedClusters };
  } catch (error) {
    throw unusable([problem(["istio", "charts"], (error as Error).message)]);
  }
}

function wrapSecrets({
  clusters,
  istio: { chartAccess: _, chartDigests: __, ...istio },
  gatewayApi,
  metricsServer,
  pullSecrets,
  warnings,
  filledIn,
  ...config
}: MeshConfig): LoadedConfig {
  const language = languageOf(process.env);
  for (const warning of warnings) pulumi.log.warn(translated(warning, language));
  // Log during preview only; an update has usually been previewed.
  if (pulumi.runtime.isDryRun()) for (const line of filledIn) pulumi.log.info(translated(line, language));
  const sealed = (access: Access | undefined) => (access?.login ? pulumi.secret(access) : access);
  return {
    ...config,
    istio,
    gatewayApi: { ...gatewayApi, access: sealed(gatewayApi.access) },
    metricsServer:
      metricsServer.source === undefined
        ? undefined
        : { ...metricsServer, source: metricsServer.source, access: sealed(metricsServer.access) },
    pullSecrets: pullSecrets.map(({ name, login }) => ({
      name,
      ...(login && { login: { ...login, password: pulumi.secret(login.password) } }),
    })),
    clusters: clusters.map(({ kubeconfig, proxyUrl, ...cluster }) => ({
      ...cluster,
      ...(proxyUrl !== undefined && { proxyUrl: holdsPassword(proxyUrl) ? pulumi.secret(proxyUrl) : proxyUrl }),
      ...(isBlock(kubeconfig)
        ? { kubeconfig: pulumi.secret(kubeconfig), kubeconfigPath: null }
        : { kubeconfig, kubeconfigPath: kubeconfig }),
    })),
  };
}
