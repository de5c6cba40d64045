// Lists all rules of all clusters in the form of a request for firewall changes.
import type { Messages } from "../i18n/messages.ts";
import type { ClusterEgress } from "./egressRules.ts";
import type { ClusterRules } from "./firewallRules.ts";
import { originOf, reasonOf } from "./firewallTexts.ts";

export interface Request {
  readonly rules: readonly ClusterRules[];
  readonly egress: readonly ClusterEgress[];
  /** Known addresses of the clusters' gateways. */
  readonly gateways: ReadonlyMap<string, string>;
}

/** The first row contains the headings. */
export function requestRows({ rules, egress, gateways }: Request, messages: Messages): readonly (readonly string[])[] {
  const { firewall } = messages;
  const rows = rules.flatMap(({ cluster, rules }) => [
    ...rules.map((rule) => {
      const address = rule.address ?? (rule.at === "gateway" ? gateways.get(cluster) : undefined);
      const place = `${firewall.places[rule.at]} (${cluster})`;
      return [
        cluster,
        firewall.directions.in,
        firewall.actions[rule.action],
        "TCP",
        originOf(rule, messages),
        address === undefined ? place : `${place} ${address}`,
        rule.port,
        reasonOf(rule.reason, messages),
      ];
    }),
    ...(egress.find((each) => each.cluster === cluster)?.rules ?? []).map(({ to, peer = "", address, port, from }) => [
      cluster,
      firewall.directions.out,
      firewall.actions.allow,
      "TCP",
      [firewall.nodesOf(cluster), ...from].join(", "),
      [firewall.targets[to](peer), ...(address === undefined ? [] : [address])].join(" "),
      port,
      firewall.purposes[to](peer),
    ]),
  ]);
  return [firewall.request, ...rows];
}

/** CSV according to RFC 4180, except for line ends. */
export const asCsv = (rows: readonly (readonly string[])[]): string =>
  rows
    .map((row) => `${row.map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(",")}\n`)
    .join("");

export function asMarkdown([headings = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  // Escape angle brackets, which Markdown would take for HTML.
  const escaped = (cell: string) => cell.replaceAll(/[|<>]/g, (sign) => `\\${sign}`);
  return [line(headings), line(headings.map(() => "---")), ...rows.map((row) => line(row.map(escaped)))].join("");
}
