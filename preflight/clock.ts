// Clocks, by the Date that API servers write on their answers: to the second, and told by requests that were made anyway.
import type { ApiAnswer } from "../kube/apiServer.ts";
import type { PreflightFinding } from "../mesh/preflightFindings.ts";

/**
 * How far a cluster's clock is ahead of this machine's, in ms: at least, and at most. A Date is cut to its second, and was
 * written between question and answer.
 */
export interface Offset {
  readonly least: number;
  readonly most: number;
}

type Dated = Pick<ApiAnswer, "headers" | "asked" | "answered">;

/** Undefined where no answer had a Date, or they contradict each other, as when a clock is set meanwhile. */
export function offsetOf(answers: readonly Dated[]): Offset | undefined {
  const dated = answers
    .map(({ headers, asked, answered }) => ({ date: Date.parse(headers.date ?? ""), asked, answered }))
    .filter(({ date }) => !Number.isNaN(date));
  if (dated.length === 0) return undefined;
  const least = Math.max(...dated.map(({ date, answered }) => date - answered));
  const most = Math.min(...dated.map(({ date, asked }) => date + 1000 - asked));
  return least <= most ? { least, most } : undefined;
}

/** Of a first clock to a second. */
export const between = (first: Offset, second: Offset): Offset => ({
  least: first.least - second.most,
  most: first.most - second.least,
});

/** What is certain of a difference, in ms: positive where the clock is ahead, 0 where both may show the same. */
export const certain = ({ least, most }: Offset): number => (least > 0 ? least : most < 0 ? most : 0);

/**
 * Seconds by which certificates that Istio issues are valid before they are issued: 2 minutes (istio/istio,
 * security/pkg/pki/util/generate_cert.go, ClockSkewGracePeriod). A cluster whose clock is further behind refuses its peer's
 * workloads for as long as they are that young.
 */
export const GRACE = 120;
/** Of it, when to speak of it: a clock that drifts so far drifts further. */
const HALF = 60;
/**
 * Seconds between this machine and a cluster: root and intermediates are valid from the moment at which this machine makes
 * them, so a cluster that is behind takes them for not yet valid so much longer. Tokens with an end are no better off.
 */
const SMALL = 10;

/** @param clusters in the order of the config */
export function clockFindings(clusters: readonly { readonly name: string; readonly offset: Offset }[]) {
  const own = clusters.map(({ name, offset }) => againstThisMachine(name, offset));
  const pairs = clusters.flatMap((first, position) =>
    clusters.slice(position + 1).flatMap((second) => {
      const seconds = certain(between(first.offset, second.offset)) / 1000;
      const bound = bounds(Math.abs(seconds), GRACE, HALF);
      return bound === undefined ? [] : [differs(first.name, seconds, bound, bound === GRACE, second.name)];
    }),
  );
  return [...own, ...pairs];
}

function againstThisMachine(cluster: string, offset: Offset): PreflightFinding {
  const seconds = certain(offset) / 1000;
  const bound = bounds(Math.abs(seconds), seconds < 0 ? GRACE : Number.POSITIVE_INFINITY, SMALL);
  if (bound !== undefined) return differs(cluster, seconds, bound, bound === GRACE);
  const accuracy = Math.ceil(Math.max(Math.abs(offset.least), Math.abs(offset.most)) / 100) / 10;
  return { id: "clock", severity: "ok", cluster, accuracy };
}

/** The larger bound that is crossed. */
const bounds = (seconds: number, large: number, small: number) =>
  seconds > large ? large : seconds > small ? small : undefined;

function differs(cluster: string, seconds: number, bound: number, fatal: boolean, peer?: string): PreflightFinding {
  return {
    id: "clockDiffers",
    severity: fatal ? "error" : "warning",
    cluster,
    ...(peer !== undefined && { peer }),
    seconds: Math.floor(Math.abs(seconds)),
    is: seconds > 0 ? "ahead" : "behind",
    bound,
  };
}
