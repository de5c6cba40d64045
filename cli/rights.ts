import { profiles } from "../csp/profiles.ts";
import type { Messages } from "../i18n/messages.ts";
import { table } from "../i18n/table.ts";
import { clusterRole } from "../preflight/clusterRole.ts";
import { distinct } from "../preflight/right.ts";
import { neededRights, type Right } from "../preflight/rights.ts";
import { rightsSettings } from "../preflight/rightsSettings.ts";
import { type Command, outputOf } from "./command.ts";
import { stackConfig, stackOptions } from "./stackConfig.ts";

interface ClusterRights {
  readonly cluster: string;
  /** Its provider's product. */
  readonly title: string;
  readonly needed: readonly Right[];
}

/** `npm run mesh -- rights`: what the account of a kubeconfig must be allowed in each cluster. */
export const rights: Command = {
  options: { ...stackOptions, cluster: { type: "string" }, output: { type: "string" } },
  async run(options, messages, world) {
    const output = outputOf(options, messages, ["table", "json", "yaml"]);
    const config = await stackConfig(options, messages, world);
    const { cluster: asked } = options;
    const chosen = config.clusters.filter(({ name }) => asked === undefined || asked === name);
    if (chosen.length === 0) {
      const names = config.clusters.map(({ name }) => name).join(", ");
      throw new Error(messages.optionValue("--cluster", String(asked), names));
    }
    const clusters = chosen.map((cluster) => ({
      cluster: cluster.name,
      title: profiles[cluster.csp].title,
      needed: neededRights(rightsSettings(config, cluster, { probe: true })),
    }));
    const shown = { table: asTable, json: asJson, yaml: asYaml }[output];
    world.stdout(shown(clusters, messages));
    return 0;
  },
};

/** Verbs in one line that go together. */
function asTable(clusters: readonly ClusterRights[], { rights: texts }: Messages): string {
  return clusters
    .map(({ cluster, title, needed }) => {
      const lines = new Map<string, { verbs: string[]; where: string[] }>();
      for (const { verb, group, resource, subresource, namespace, name } of needed) {
        const path = `${resource}${subresource === undefined ? "" : `/${subresource}`}`;
        const where = [group || texts.core, path, namespace ?? texts.everywhere, name ?? ""];
        const line = lines.get(JSON.stringify(where)) ?? { verbs: [], where };
        line.verbs.push(verb);
        lines.set(JSON.stringify(where), line);
      }
      const rows = [...lines.values()].map(({ verbs, where: [group = "", ...where] }) => [
        group,
        ...where,
        verbs.join(","),
      ]);
      return `${cluster}: ${title}\n${table([texts.columns, ...rows])}`;
    })
    .join("\n");
}

const asJson = (clusters: readonly ClusterRights[]) =>
  `${JSON.stringify(
    clusters.map(({ cluster, needed }) => ({ cluster, rights: needed })),
    null,
    2,
  )}\n`;

/** One ClusterRole, good for each of them. */
function asYaml(clusters: readonly ClusterRights[], { rights: { comment } }: Messages): string {
  const all = distinct(clusters.flatMap(({ needed }) => needed));
  return clusterRole(all, [comment(clusters.map(({ cluster }) => cluster).join(", "))]);
}
