// Compares clocks by the Date header of the API servers' answers, which has a resolution of one second. Needs no
// requests of its own.
import type { ApiAnswer } from "../kube/apiServer.ts";
import type { PreflightFinding } from "../mesh/preflightFindings.ts";

/**
 * How far a cluster's clock is ahead of this machine's, in ms: lower and upper bound. A Date has no fraction of a
 * second, and was written between request and answer.
 */
export interface Offset {
  readonly least: number;
  readonly most: number;
}

type Dated = Pick<ApiAnswer, "headers" | "sentAt" | "answeredAt">;

/**
 * Undefined if no answer had a Date, or if the answers contradict each other, for example because a clock was set
 * meanwhile.
 */
export function offsetOf(answers: readonly Dated[]): Offset | undefined {
  const dated = answers
    .map(({ headers, sentAt, answeredAt }) => ({ date: Date.parse(headers.date ?? ""), sentAt, answeredAt }))
    .filter(({ date }) => !Number.isNaN(date));
  if (dated.length === 0) return undefined;
  const least = Math.max(...dated.map(({ date, answeredAt }) => date - answeredAt));
  const most = Math.min(...dated.map(({ date, sentAt }) => date + 1000 - sentAt));
  return least <= most ? { least, most } : undefined;
}

/** Offset between two clocks. */
export const between = (first: Offset, second: Offset): Offset => ({
  least: first.least - second.most,
  most: first.most - second.least,
});

/** The proven part of a difference, in ms: positive if the clock is ahead, 0 if both may be equal. */
export const certain = ({ least, most }: Offset): number => (least > 0 ? least : most < 0 ? most : 0);

/**
 * Istio's certificates are valid from 2 minutes before they are issued (istio/istio,
 * security/pkg/pki/util/generate_cert.go, ClockSkewGracePeriod), in seconds. A cluster whose clock is further behind
 * refuses new certificates of its peers until it has caught up.
 */
export const GRACE = 120;
/** Difference between clusters from which a warning is given, in seconds, because such a clock will drift further. */
const HALF = 60;
/**
 * Difference between this machine and a cluster from which a warning is given, in seconds. Root and intermediates are
 * valid from this machine's time on, so a cluster that is behind refuses them for that long. Tokens with an expiry have
 * the same problem.
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

/** The largest bound that is exceeded. */
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
