// Whether this stack can take over an existing mesh, and the needed changes. Pure.
import { type Edit, keyOf } from "../config/edits.ts";
import type { MeshConfig } from "../config/parse.ts";
import type { Messages } from "../i18n/messages.ts";
import type { Claim } from "../mesh/claim.ts";
import { type Authority, authorityOf, caLeaves, lostKeys, unusable } from "./caTakeover.ts";
import { editsToward } from "./configEdits.ts";
import type { ExistingMesh, Observed } from "./existingMesh.ts";
import type { RawConfig } from "./stackConfig.ts";

/** A cluster's claim that another owner currently has. */
export interface Handover extends Pick<ExistingMesh, "objects"> {
  readonly cluster: string;
  readonly claim: Claim;
}

export interface Adoption {
  readonly edits: readonly Edit[];
  readonly handovers: readonly Handover[];
  /** Reasons against the takeover, one line each, in the language of the messages. */
  readonly problems: readonly string[];
}

export interface Stack extends Pick<RawConfig, "raw" | "written"> {
  readonly owner: string;
  readonly config: Pick<MeshConfig, "istio">;
  /** Ids of claims that are in this stack's state. */
  readonly ids: ReadonlySet<string>;
}

type Texts = Messages["adopt"]["problems"];

export function adoptionOf(observed: readonly Observed[], stack: Stack, { adopt }: Pick<Messages, "adopt">): Adoption {
  const texts = adopt.problems;
  const entries = entriesOf(stack.raw);
  const isGone = ({ state }: Entry) => state === "gone";
  const gone = new Set(entries.filter(isGone).flatMap(({ name }) => name ?? []));
  // The name in a claim that differs from the entry's is a problem of its own.
  const names = new Set([
    ...entries.flatMap(({ name }) => name ?? []),
    ...observed.flatMap(({ existing }) => existing?.claim?.cluster ?? []),
  ]);
  const problems = observed.flatMap((cluster) => ofCluster(cluster, entries, names, texts));
  const claimed = observed.flatMap(({ name, existing }) =>
    existing?.claim === undefined ? [] : [{ cluster: name, claim: existing.claim, objects: existing.objects }],
  );
  const handovers = claimed.filter(({ claim }) => !isOurs(claim, stack));
  problems.push(
    ...ofMesh(claimed, "mesh", keyOf(["istio", "meshId"]), stack.config.istio.meshId, texts),
    ...ofMesh(claimed, "trustDomain", keyOf(["istio", "trustDomain"]), stack.config.istio.trustDomain, texts),
    ...mixed(handovers, ({ claim }) => claim.owner).map(texts.owners),
  );

  const authorities = new Map<string, Authority>();
  for (const { name, existing } of observed) {
    if (existing === undefined) continue;
    if (existing.ca === undefined) problems.push(texts.noCa(name));
    else {
      try {
        authorities.set(name, authorityOf(existing.ca));
      } catch (error) {
        problems.push(texts.otherCa(name, (error as Error).message));
      }
    }
  }
  const roots = [...new Set([...authorities.values()].map(({ root }) => root))];
  const kept = lostKeys(stack.raw.ca, authorities, gone).map((path) => texts.lostKey(path));
  if (roots.length > 1)
    problems.push(
      texts.roots(
        grouped(
          [...authorities],
          ([, { root }]) => root,
          ([name]) => name,
        ),
      ),
    );
  else if (authorities.size > 0)
    problems.push(...unusable(authorities, stack.config.istio.trustDomain).map((line) => texts.unusable(line)));
  if (authorities.size === observed.length) problems.push(...kept);

  const stays = ([, part, name]: readonly (string | number)[]) => part === "intermediates" && gone.has(String(name));
  const edits = problems.length > 0 ? [] : editsToward("ca", caLeaves(authorities), stack, stays);
  return { edits, handovers, problems };
}

interface Entry {
  readonly name?: string;
  readonly state?: string;
}

export const entriesOf = ({ clusters }: RawConfig["raw"]): readonly Entry[] =>
  Array.isArray(clusters) ? clusters.map((entry) => (entry ?? {}) as Entry) : [];

/** Whether the claim was already handed over, or belongs to this state. */
export const isOurs = ({ owner, id }: Claim, stack: Pick<Stack, "owner" | "ids">) =>
  owner === stack.owner && (id === "" || stack.ids.has(id));

function ofCluster(
  { name, network, existing, failure }: Observed,
  entries: readonly Entry[],
  names: ReadonlySet<string>,
  texts: Texts,
): string[] {
  if (existing === undefined) return [texts.unreachable(name, failure ?? "")];
  const { claim, uid, peers } = existing;
  if (claim === undefined) return [texts.noClaim(name)];
  if (claim.owner === "?") return [texts.unreadable(name)];
  const field = (key: string) => keyOf(["clusters", entries.findIndex((entry) => entry.name === name), key]);
  return [
    ...(claim.cluster === name ? [] : [texts.name(name, claim.cluster, field("name"))]),
    ...(claim.network === network ? [] : [texts.network(name, claim.network, field("network"))]),
    ...(claim.uid === uid ? [] : [texts.uid(name, claim.uid, uid)]),
    ...peers.filter((peer) => !names.has(peer)).map((peer) => texts.member(name, peer)),
  ];
}

function ofMesh(
  claimed: readonly Pick<Handover, "cluster" | "claim">[],
  key: "mesh" | "trustDomain",
  field: string,
  configured: string,
  texts: Texts,
): string[] {
  const several = mixed(claimed, ({ claim }) => claim[key]);
  if (several.length > 0) return several.map(key === "mesh" ? texts.meshes : texts.trustDomains);
  const live = claimed[0]?.claim[key];
  return live === undefined || live === configured ? [] : [texts.setting(field, live, configured)];
}

/** If the clusters differ, a text with each value and its clusters. */
function mixed<Claimed extends Pick<Handover, "cluster">>(
  claimed: readonly Claimed[],
  of: (claimed: Claimed) => string,
): string[] {
  const values = new Set(claimed.map(of));
  if (values.size < 2) return [];
  return [claimed.map((each) => `${each.cluster}: ${of(each)}`).join(", ")];
}

/** Names grouped by value: `a, b / c`. */
function grouped<Item>(items: readonly Item[], by: (item: Item) => string, name: (item: Item) => string): string {
  return [...Map.groupBy(items, by).values()].map((group) => group.map(name).join(", ")).join(" / ");
}
