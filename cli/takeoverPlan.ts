// Plans the takeover of a mesh of the former script from the state of the clusters. Pure.
import { at, type Edit, set, type Values } from "../config/edits.ts";
import type { MeshConfig } from "../config/parse.ts";
import type { Messages } from "../i18n/messages.ts";
import { nameOf } from "../kube/objects.ts";
import { aliasesIn, aliasOption, isAlias } from "../mesh/formerMesh.ts";
import { isNewer, lineOf } from "../mesh/istioLines.ts";
import { type Former, type FormerCluster, isFormer, isUnseen, partsAt, type Stage } from "../operations/formerMesh.ts";
import { entriesOf } from "./adoption.ts";
import { type CaStack, caEdits, fingerprintOf } from "./formerCa.ts";

export interface TakeoverStack extends CaStack {
  /** `organization/project/stack`. */
  readonly owner: string;
  /** The config without its CA, which may be half-written. */
  readonly config: Pick<MeshConfig, "istio" | "sample" | "clusters">;
}

export interface Removal {
  readonly stage: Stage;
  readonly cluster: string;
  /** Objects to delete, as `Kind namespace/name`. */
  readonly parts: readonly string[];
}

export interface Takeover {
  readonly edits: readonly Edit[];
  /** In their order. */
  readonly removals: readonly Removal[];
  /** Custom resources of others that stay, by cluster. */
  readonly stays: readonly { readonly cluster: string; readonly names: readonly string[] }[];
  /** Edits that remove the former names from the config; undefined if it has none. */
  readonly lastEdits: readonly Edit[] | undefined;
  /** Whether a cluster still has parts of the former mesh, or lacks the new one. */
  readonly isUnderWay: boolean;
  /** Reasons against the takeover, one line each. */
  readonly problems: readonly string[];
}

/** Namespace of the sample where its own already exists. */
const PROOF_NAMESPACE = "mesh-proof";
const ARGUMENTS = ["istio", "values", "istiod", "extraContainerArgs"] as const;

export function takeoverOf(observed: readonly Former[], stack: TakeoverStack, messages: Messages): Takeover {
  const texts = messages.takeover.problems;
  const seen = observed.filter(isFormer);
  const peersOf = peersAmong(seen);
  const unclaimed = seen.filter(({ claim }) => claim === undefined);
  const removals = (["withdraw", "remove"] as const).flatMap((stage) =>
    unclaimed.flatMap((cluster): Removal[] => {
      const parts = partsAt(stage, cluster, peersOf(cluster.name)).map(nameOf);
      return parts.length === 0 ? [] : [{ stage, cluster: cluster.name, parts }];
    }),
  );
  const stays = unclaimed.flatMap(({ name, resources }) => {
    const gone = new Set(removals.filter(({ cluster }) => cluster === name).flatMap(({ parts }) => parts));
    const names = resources.map(nameOf).filter((resource) => !gone.has(resource));
    return names.length === 0 ? [] : [{ cluster: name, names: names.toSorted() }];
  });
  const aliases = aliasesIn(at(stack.raw, ARGUMENTS));
  // Once the parts are removed, only former names, in the config or in running sidecars, show that this is a takeover.
  const isRenamed = aliases !== undefined || unclaimed.some(({ renamed }) => renamed.length > 0);
  const isUnderWay = removals.length > 0 || (isRenamed && unclaimed.length > 0);
  const former = isUnderWay ? unclaimed : [];
  const problems = [
    ...observed.filter(isUnseen).map(({ name, failure }) => texts.unreachable(name, failure)),
    ...seen.flatMap(({ name, claim }) =>
      claim && claim.owner !== stack.owner ? [texts.claimed(name, claim.owner)] : [],
    ),
    ...problemsOf(former, stack, messages),
  ];
  const settings =
    problems.length > 0 || former.length === 0
      ? { edits: [], problems: [] }
      : settingsOf(former, stays, stack, messages);
  return {
    edits: settings.problems.length > 0 ? [] : settings.edits,
    removals,
    stays,
    lastEdits: aliases && lastEdits(stack.raw, aliases.index),
    isUnderWay,
    problems: [...problems, ...settings.problems],
  };
}

/** The addresses of the former gateways of all clusters but one. */
export const peersAmong =
  (clusters: readonly FormerCluster[]) =>
  (name: string): ReadonlySet<string> =>
    new Set(clusters.filter((other) => other.name !== name).flatMap(({ addresses }) => addresses));

const lastEdits = (raw: Values, index: number): Edit[] => [
  {
    is: "remove",
    path: (at(raw, ARGUMENTS) as readonly unknown[]).length === 1 ? ARGUMENTS : [...ARGUMENTS, index],
  },
];

function problemsOf(former: readonly FormerCluster[], { config }: TakeoverStack, messages: Messages): string[] {
  const texts = messages.takeover.problems;
  const names = new Map<string, string>();
  return [
    ...former.flatMap((cluster) => [
      ...(cluster.otherGateways.length === 0
        ? []
        : [texts.otherGateway(cluster.name, cluster.otherGateways.join(", "))]),
      ...(cluster.istiod && cluster.network === undefined ? [texts.noNetwork(cluster.name)] : []),
      ...(cluster.istiod && cluster.root === undefined ? [texts.noRoot(cluster.name)] : []),
      ...(cluster.istiod && isLaterLine(cluster.istiod.version, config.istio.version)
        ? [texts.newer(cluster.name, cluster.istiod.version, config.istio.version)]
        : []),
      ...cluster.names.flatMap((called) => {
        if (called === cluster.name) return [];
        const other = names.get(called) ?? config.clusters.find(({ name }) => name === called)?.name;
        names.set(called, cluster.name);
        if (other !== undefined && other !== cluster.name) return [texts.sameName(cluster.name, other, called)];
        return isAlias(called) ? [] : [texts.badName(cluster.name, called)];
      }),
    ]),
    ...differing(former, ({ root }) => root && fingerprintOf(root), texts.roots),
    ...differing(former, ({ meshId }) => meshId, texts.meshes),
    ...differing(former, ({ trustDomain }) => trustDomain, texts.trustDomains),
  ];
}

const isLaterLine = (one: string, than: string) => isNewer(one, than) && lineOf(one) !== lineOf(than);

/** If the clusters differ, a text with each value and its clusters. */
function differing(
  clusters: readonly FormerCluster[],
  of: (cluster: FormerCluster) => string | undefined,
  text: (list: string) => string,
): string[] {
  const known = clusters.flatMap((cluster) => {
    const value = of(cluster);
    return value === undefined ? [] : [{ name: cluster.name, value }];
  });
  const values = [...new Set(known.map(({ value }) => value))];
  if (values.length < 2) return [];
  return [text(known.map(({ name, value }) => `${name}: ${value.slice(0, 23)}`).join(", "))];
}

/** Edits after which the new mesh has the former one's root, networks and names. */
function settingsOf(
  former: readonly FormerCluster[],
  stays: Takeover["stays"],
  stack: TakeoverStack,
  messages: Messages,
): { readonly edits: readonly Edit[]; readonly problems: readonly string[] } {
  const { raw, config } = stack;
  const entries = entriesOf(raw);
  const ca = caEdits(former, stack, messages);
  const networks = former.flatMap(({ name, network }) => {
    const index = entries.findIndex((entry) => entry.name === name);
    const configured = config.clusters.find((cluster) => cluster.name === name)?.network;
    return network === undefined || network === configured ? [] : [set(["clusters", index, "network"], network)];
  });
  const [meshId, trustDomain] = (["meshId", "trustDomain"] as const).map(
    (key) => former.find((one) => one[key])?.[key],
  );
  const live = { meshId, trustDomain };
  const ofMesh = (["meshId", "trustDomain"] as const).flatMap((key) => {
    const value = live[key];
    return value === undefined || value === config.istio[key] ? [] : [set(["istio", key], value)];
  });
  const edits = [
    ...ca.edits,
    ...networks,
    ...ofMesh,
    ...aliasEdits(former, raw),
    ...(stays.length > 0 && !config.istio.keepCrds ? [set(["istio", "keepCrds"], true)] : []),
    ...(config.sample.enabled && former.some(({ hasSampleNamespace }) => hasSampleNamespace)
      ? [set(["sample", "namespace"], PROOF_NAMESPACE)]
      : []),
  ];
  return { edits, problems: ca.problems };
}

function aliasEdits(former: readonly FormerCluster[], raw: Values): Edit[] {
  const args = at(raw, ARGUMENTS);
  const found = aliasesIn(args);
  const wanted = new Map([
    ...(found?.names ?? []),
    ...former.flatMap(({ name, names }) =>
      names.flatMap((called): [string, string][] => (called === name ? [] : [[called, name]])),
    ),
  ]);
  const option = aliasOption(wanted);
  const index = found?.index ?? (Array.isArray(args) ? args.length : 0);
  return wanted.size === 0 || at(args, [index]) === option ? [] : [set([...ARGUMENTS, index], option)];
}
