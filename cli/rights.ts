import { resolve } from "node:path";
import { profiles } from "../csp/profiles.ts";
import type { Messages } from "../i18n/messages.ts";
import { table } from "../i18n/table.ts";
import type { Terminal } from "../i18n/terminal.ts";
import { rightsLines } from "../preflight/checks/rights.ts";
import { clusterRole } from "../preflight/clusterRole.ts";
import { distinct } from "../preflight/right.ts";
import { neededRights, type Right, rotationRights } from "../preflight/rights.ts";
import { rightsSettings } from "../preflight/rightsSettings.ts";
import { writeAccountKubeconfig } from "./accountKubeconfig.ts";
import { type Command, outputOf, UsageError } from "./command.ts";
import { stackConfig, stackOptions } from "./stackConfig.ts";

interface ClusterRights {
  readonly cluster: string;
  /** Name of its provider's product. */
  readonly title: string;
  readonly needed: readonly Right[];
}

/** `mesh rights`: the rights that a kubeconfig's account needs in each cluster. */
export const rights: Command = {
  options: {
    ...stackOptions,
    cluster: { type: "string" },
    output: { type: "string" },
    kubeconfig: { type: "string" },
    hours: { type: "string" },
  },
  async run(options, messages, world) {
    const output = outputOf(options, messages, ["table", "json", "yaml"]);
    const { cluster: asked, kubeconfig, hours = "24" } = options;
    if (options.hours !== undefined && kubeconfig === undefined)
      throw new UsageError(messages.rights.needs("--hours", "--kubeconfig"));
    if (!(Number(hours) >= 1)) throw new UsageError(messages.rights.badHours(String(hours)));
    if (options.output !== undefined && kubeconfig !== undefined)
      throw new UsageError(messages.excluded("--output", "--kubeconfig"));
    const config = await stackConfig(options, messages, world, undefined, kubeconfig !== undefined);
    const chosen = config.clusters.filter(({ name }) => asked === undefined || asked === name);
    if (chosen.length === 0) {
      const names = config.clusters.map(({ name }) => name).join(", ");
      throw new UsageError(messages.optionValue("--cluster", String(asked), names));
    }
    if (kubeconfig !== undefined) {
      const file = resolve(world.folder ?? world.root, String(kubeconfig));
      const written = await writeAccountKubeconfig(file, chosen, Number(hours), messages);
      for (const { cluster, ends } of written) world.stdout(`${messages.rights.written(file, cluster, ends)}\n`);
      return 0;
    }
    const clusters = chosen.map((cluster) => ({
      cluster: cluster.name,
      title: profiles[cluster.csp].title,
      needed: neededRights(rightsSettings(config, cluster, { probe: true })),
    }));
    const shown = { table: asTable, json: asJson, yaml: asYaml }[output];
    world.stdout(shown(clusters, messages, world.terminal));
    return 0;
  },
};

/** Several names are printed on separate lines. */
const WIDTHS = [60, 60, 40, 42, 80];
const VERBS = ["get", "list", "watch", "create", "update", "patch", "delete", "bind", "escalate"];

/** Prints a line for each kind of resource with its verbs, sorted by kind. */
function asTable(clusters: readonly ClusterRights[], { rights: texts }: Messages, { columns }: Terminal = {}): string {
  return clusters
    .map(({ cluster, title, needed }) => {
      const rows = mergedRights(needed).map(({ group, path, namespaces, names, verbs }) => [
        group || texts.core,
        path,
        namespaces.map((namespace) => namespace ?? texts.everywhere).join(", "),
        names.join(", "),
        verbs.join(","),
      ]);
      return `${cluster}: ${title}\n${table([texts.columns, ...rows], { columns, limits: WIDTHS })}`;
    })
    .concat(`${texts.forRotation} ${rightsLines(rotationRights).join("; ")}\n`)
    .join("\n");
}

interface Line {
  readonly group: string;
  /** Resource, with a subresource after a slash. */
  readonly path: string;
  readonly namespaces: readonly (string | undefined)[];
  readonly names: readonly string[];
  readonly verbs: readonly string[];
}

/** Merges rights: verbs on the same objects share a line, then names with the same verbs, then namespaces. */
function mergedRights(needed: readonly Right[]): Line[] {
  const lines = needed.map(({ verb, group, resource, subresource, namespace, name }): Line => {
    const path = subresource === undefined ? resource : `${resource}/${subresource}`;
    return { group, path, namespaces: [namespace], names: name === undefined ? [] : [name], verbs: [verb] };
  });
  const merged = (["verbs", "names", "namespaces"] as const).reduce(mergedBy, lines);
  const keyOf = ({ group, path, namespaces, names }: Line) =>
    [group, path, namespaces[0] ?? "", names[0] ?? ""].join("\0");
  return merged.toSorted((one, two) => (keyOf(one) < keyOf(two) ? -1 : 1));
}

function mergedBy(lines: readonly Line[], field: "verbs" | "names" | "namespaces"): Line[] {
  // Do not merge a right to all names with a right to certain names.
  const keyOf = (line: Line) => JSON.stringify({ ...line, [field]: field === "names" && line.names.length > 0 });
  return [...Map.groupBy(lines, keyOf).values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    if (field === "namespaces") return { ...first, namespaces: group.flatMap((line) => line.namespaces) };
    const all = group.flatMap((line) => line[field]);
    const sorted =
      field === "verbs" ? all.toSorted((one, two) => VERBS.indexOf(one) - VERBS.indexOf(two)) : all.toSorted();
    return { ...first, [field]: sorted };
  });
}

const asJson = (clusters: readonly ClusterRights[]) =>
  `${JSON.stringify(
    clusters.map(({ cluster, needed }) => ({ cluster, rights: needed, forRotateRoot: rotationRights })),
    null,
    2,
  )}\n`;

/** One ClusterRole that is sufficient for all clusters. */
function asYaml(clusters: readonly ClusterRights[], { rights: { comment } }: Messages): string {
  const all = distinct([...clusters.flatMap(({ needed }) => needed), ...rotationRights]);
  return clusterRole(all, [comment(clusters.map(({ cluster }) => cluster).join(", "))]);
}
