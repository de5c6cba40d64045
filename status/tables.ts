// The state of a mesh as two tables: its clusters, and each direction between them.
import type { StatusMessages } from "../i18n/messages.ts";
import { table } from "../i18n/table.ts";
import type { Terminal } from "../i18n/terminal.ts";
import type { Direction } from "./directions.ts";
import { isSilent, type Look } from "./facts.ts";
import type { MeshStatus } from "./lookAtMesh.ts";

const DAY = 86_400_000;

export function statusTables(
  status: MeshStatus,
  directions: readonly Direction[],
  { status: texts }: { readonly status: StatusMessages },
  now: number,
  { columns }: Terminal = {},
): string {
  const clusters = table([texts.clusters, ...status.looks.map((look) => clusterRow(look, texts, now))], { columns });
  if (directions.length === 0) return clusters;
  return `${clusters}\n${table([texts.directions, ...directions.map((row) => directionRow(row, texts, now))], { columns })}`;
}

function clusterRow(look: Look, { answers, days }: StatusMessages, now: number): string[] {
  if (isSilent(look)) return [look.name, answers.no, "", "", "", "", "", "", ""];
  const { name, kubernetes, istiods, gateways, notReady, tokens } = look;
  const least = (role: "leaf" | "intermediate" | "root") =>
    gateways.length === 0 ? "" : days(decimal(Math.min(...gateways.map(({ daysLeft }) => daysLeft[role]))));
  const ready = ({ length }: readonly unknown[], others: readonly string[]) => `${length}/${length + others.length}`;
  return [
    name,
    kubernetes,
    [counts(istiods.map(({ version }) => version)), ready(istiods, notReady.istiod)].filter(Boolean).join(" "),
    ready(gateways, notReady.gateway),
    counts(
      istiods.flatMap(({ proxies }) => proxies.map(({ version }) => version)),
      true,
    ),
    least("leaf"),
    least("intermediate"),
    least("root"),
    tokens.map((made) => days(decimal((now - made) / DAY))).join(", "),
  ];
}

/** Each distinct version, with its count if `counted`. */
function counts(versions: readonly string[], counted = false): string {
  return [...Map.groupBy(versions, (version) => version)]
    .map(([version, { length }]) => (counted ? `${version} (${length})` : version))
    .join(", ");
}

const decimal = (days: number) => (days < 10 ? days.toFixed(1) : String(Math.floor(days)));

function directionRow(row: Direction, { answers, seconds, now: just }: StatusMessages, now: number): string[] {
  const { endpoints, expectedEndpoints, lastAnswer } = row;
  const ago = lastAnswer === null ? undefined : Math.round((now - lastAnswer) / 1_000);
  return [
    row.from,
    row.to,
    row.apiServer ? answers.yes : answers.no,
    `${row.synced}/${row.replicas}`,
    row.gateways.join(", ") || "-",
    expectedEndpoints === null ? String(endpoints) : `${endpoints}/${expectedEndpoints}`,
    row.answers === null ? "-" : String(row.answers),
    ago === undefined ? "-" : ago === 0 ? just : seconds(ago),
  ];
}
