// The states of an Istio upgrade in one cluster, and the config of each. Pure.
import { type Edit, isTable, type Path } from "../config/edits.ts";
import { isNewer, lineOf } from "../mesh/istioLines.ts";
import type { Served } from "../mesh/nextIstiod.ts";

/**
 * Progress of a cluster. 0: as before. 1: a second istiod of the new version runs. 2: the sample uses it. 3: the
 * gateways use it as well. 4: the first istiod has the new version. 5: sample and gateways use the first istiod again.
 * 6: the second istiod is deleted.
 */
export type Level = 0 | 1 | 2 | 3 | 4 | 5 | 6;

export interface IstioState {
  readonly id: "istio";
  readonly cluster: string;
  readonly level: Level;
  /** The level from which the cluster comes. */
  readonly before: Level;
  readonly from: string;
  readonly to: string;
  /** Whether the operation goes back. @default false */
  readonly isBack?: boolean;
}

/** For a patch release, istiod is upgraded in place. */
export const levels = (from: string, to: string): readonly Level[] =>
  lineOf(from) === lineOf(to) ? [6] : [1, 2, 3, 4, 5, 6];

/** Whether the first istiod has the new version. */
export const hasNewVersion = (level: Level): boolean => level >= 4;

/** The state before, for going back. */
export const undone = ({ before, level: _, ...state }: IstioState): IstioState => ({
  ...state,
  level: before,
  before: before === 0 ? 0 : ((before - 1) as Level),
  isBack: true,
});

interface Declared {
  readonly version?: string;
  readonly next?: { readonly version: string; readonly serves: Served };
}

/** The value of `clusters[].istio` at a level. */
export function declaredAt(level: Level, to: string): Declared {
  const serves = (["nothing", "nothing", "sample", "gateways", "gateways", "nothing", "nothing"] as const)[level];
  return {
    ...(hasNewVersion(level) && { version: to }),
    ...(level >= 1 && level <= 5 && { next: { version: to, serves } }),
  };
}

/** The level that an entry declares. */
export function levelOf(istio: unknown, to: string): Level {
  const { version, next } = (isTable(istio) ? istio : {}) as { version?: unknown; next?: unknown };
  const isMoved = version === to;
  if (!isTable(next)) return isMoved ? 6 : 0;
  if (isMoved) return next.serves === "gateways" ? 4 : 5;
  return next.serves === "gateways" ? 3 : next.serves === "sample" ? 2 : 1;
}

/** Edits that make an entry declare a state; none if it already declares this or a later one. @param path path of the entry */
export function istioEdits({ level, to, isBack = false }: IstioState, entry: { readonly istio?: unknown }, path: Path) {
  const now = levelOf(entry.istio, to);
  if (isBack ? now <= level : now >= level) return [];
  const { version, next } = declaredAt(level, to);
  const own = isTable(entry.istio) ? entry.istio : {};
  const at = (...more: string[]) => [...path, "istio", ...more];
  const set = (at: Path, value: string): Edit => ({ is: "set", path: at, value, secret: false });
  const remove = (...more: string[]): Edit => ({ is: "remove", path: at(...more) });
  if (version === undefined && next === undefined)
    return own.version === undefined || own.version === to ? [remove()] : [];
  const former = isTable(own.next) ? own.next : {};
  return [
    ...(version !== undefined && own.version !== version ? [set(at("version"), version)] : []),
    ...(next !== undefined && former.version !== next.version ? [set(at("next", "version"), next.version)] : []),
    ...(next !== undefined && (former.serves ?? "nothing") !== next.serves
      ? [set(at("next", "serves"), next.serves)]
      : []),
    ...(version === undefined && own.version !== undefined ? [remove("version")] : []),
    ...(next === undefined && own.next !== undefined ? [remove("next")] : []),
  ];
}

const minor = (version: string) => Number(lineOf(version)?.split(".")[1] ?? Number.NaN);

/** Reason why a mesh cannot be upgraded to a version. Istio allows two minor releases for upgrades by revision. */
export function upgradeProblem(from: string, to: string): "older" | "tooFar" | undefined {
  if (!isNewer(to, from)) return "older";
  return lineOf(to)?.split(".")[0] !== lineOf(from)?.split(".")[0] || minor(to) - minor(from) > 2
    ? "tooFar"
    : undefined;
}
