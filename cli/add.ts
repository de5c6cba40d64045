import { isBlock } from "../config/problems.ts";
import type { Messages } from "../i18n/messages.ts";
import { reviewsVersion } from "../mesh/reviewsVersion.ts";
import { movedBy } from "../operations/state.ts";
import { entriesOf } from "./adoption.ts";
import type { Options } from "./command.ts";
import { answerOf } from "./forget.ts";
import { type OperationStart, operationCommand } from "./operation.ts";
import { outputArgs } from "./stackOutput.ts";

/** Fields of the new entry by option. */
const FIELDS = {
  context: "context",
  kubeconfig: "kubeconfig",
  csp: "csp",
  network: "network",
  "api-server": "apiServer",
  "external-address": "externalAddress",
} as const;

/** `npm run mesh -- add NAME`: adds a cluster to the mesh, at any position in the list. */
export const add = operationCommand({
  kind: "add",
  options: {
    ...Object.fromEntries(Object.keys(FIELDS).map((option) => [option, { type: "string" as const }])),
    at: { type: "string" },
  },
  async begin(beginning) {
    const { name: cluster = "", stack, config, options, messages, world, pulumi } = beginning;
    const { add: texts } = messages.operations;
    const entries = entriesOf(stack.raw);
    const index = entries.findIndex(({ name }) => name === cluster);
    const given = givenIn(options, messages);
    if (index >= 0) {
      const surplus = [...Object.keys(given), "at"].filter((option) => options[option] !== undefined);
      const key = `csp-mesh:clusters[${index}]`;
      if (surplus.length > 0) throw new Error(texts.exists(cluster, key, surplus.map((one) => `--${one}`).join(", ")));
      if (entries[index]?.state !== undefined && entries[index].state !== "present") {
        return { refused: texts.leaves(cluster, `${key}.state`) };
      }
      const versions = await liveVersions(beginning);
      if (versions.has(cluster)) return { refused: texts.member(cluster) };
      return { kind: "add", cluster, ...withSamples(moved(entries, cluster, versions)), reached: 0 };
    }
    const { context, ...more } = given;
    if (context === undefined) throw new Error(texts.needs("--context"));
    if (config.ca.source === "intermediates") return { refused: texts.intermediate(cluster) };
    const position = positionIn(options, entries.length, messages);
    const entry = {
      context,
      ...Object.fromEntries(
        Object.entries(more).map(([option, value]) => [FIELDS[option as keyof typeof FIELDS], value]),
      ),
    };
    const { from, failure = "" } = await answerOf(entry, messages, world, pulumi);
    if (from === undefined) return { refused: texts.silent(cluster, failure) };
    return { kind: "add", cluster, position, entry, ...withSamples(movedBy(entries, position)), reached: 0 };
  },
  after: (record, _, { operations: texts }) => texts.add.added(record.kind === "add" ? record.cluster : ""),
});

const withSamples = <Sample>(samples: readonly Sample[]) => (samples.length === 0 ? {} : { samples: [...samples] });

/**
 * @throws Error if the option is a kubeconfig's text, which may contain secrets and would be visible on the command
 * line
 */
function givenIn(options: Options, { operations: { add: texts } }: Messages): Readonly<Record<string, string>> {
  const given = Object.keys(FIELDS).flatMap((option) =>
    options[option] === undefined ? [] : [[option, String(options[option])] as const],
  );
  if (given.some(([, value]) => isBlock(value))) throw new Error(texts.noText);
  return Object.fromEntries(given);
}

/** @returns the position from 0 @throws Error that names the allowed values */
function positionIn({ at }: Options, count: number, { operations: { add: texts } }: Messages): number {
  if (at === undefined) return count;
  const position = /^\d{1,6}$/.test(String(at)) ? Number(at) : 0;
  if (position < 1 || position > count + 1) throw new Error(texts.badPosition(String(at), String(count + 1)));
  return position - 1;
}

/** Versions of the running samples, by cluster, from the outputs of the last `pulumi up`; empty before the first. */
async function liveVersions({ stack, messages, pulumi }: OperationStart): Promise<ReadonlyMap<string, number>> {
  const [, name = ""] = await stack.target();
  const why = messages.pulumiFor.stackOutput(name, "mesh");
  const output = await pulumi(outputArgs("mesh", name), why).catch(() => "{}");
  const { clusters = [], sample } = JSON.parse(output) as {
    readonly clusters?: readonly { readonly name: string }[];
    readonly sample?: { readonly versions?: Readonly<Record<string, string>> } | null;
  };
  return new Map(clusters.map((each) => [each.name, Number(sample?.versions?.[each.name]?.slice(1) ?? 0)]));
}

/** Clusters whose version would change because an entry was inserted by hand before theirs. */
const moved = (
  entries: readonly { readonly name?: string; readonly sampleVersion?: unknown }[],
  cluster: string,
  versions: ReadonlyMap<string, number>,
) =>
  entries.flatMap(({ name = "", sampleVersion }, index) => {
    const version = versions.get(name) ?? 0;
    const isMoved = name !== cluster && sampleVersion === undefined && version > 0 && version !== reviewsVersion(index);
    return isMoved ? [{ cluster: name, version }] : [];
  });
