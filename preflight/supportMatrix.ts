// Which Kubernetes each line of Istio supports. From istio/istio.io, data/compatibility/supportStatus.yml, as of June 2026, which
// https://istio.io/latest/docs/releases/supported-releases/ shows; ends of life up to 1.24 from https://endoflife.date/istio, which
// reads that page. Istio 1.31 came later: its row is to be added from there.

export interface SupportedLine {
  /** Major and minor version of Istio. */
  readonly istio: string;
  /** The first and the last minor version of Kubernetes 1. */
  readonly kubernetes: readonly [first: number, last: number];
  /** Its last day, or the month of it where Istio only expects it. */
  readonly endOfLife: string;
}

/** Newest first. */
export const supportMatrix: readonly SupportedLine[] = [
  { istio: "1.30", kubernetes: [32, 36], endOfLife: "2026-11" },
  { istio: "1.29", kubernetes: [31, 35], endOfLife: "2026-08" },
  { istio: "1.28", kubernetes: [30, 34], endOfLife: "2026-07-01" },
  { istio: "1.27", kubernetes: [29, 33], endOfLife: "2026-04-07" },
  { istio: "1.26", kubernetes: [29, 33], endOfLife: "2025-12-22" },
  { istio: "1.25", kubernetes: [29, 32], endOfLife: "2025-09-30" },
  { istio: "1.24", kubernetes: [28, 31], endOfLife: "2025-06-24" },
  { istio: "1.23", kubernetes: [27, 30], endOfLife: "2025-04-16" },
  { istio: "1.22", kubernetes: [27, 30], endOfLife: "2025-01-22" },
];

/** `1.29` of `v1.29.1-distroless`; undefined for what is no version. */
export function lineOf(version: string): string | undefined {
  return /^v?(\d+\.\d+)\b/.exec(version)?.[1];
}

export function supports({ kubernetes: [first, last] }: SupportedLine, kubernetes: string): boolean {
  const [major, minor] = (lineOf(kubernetes) ?? "").split(".").map(Number);
  return major === 1 && minor !== undefined && minor >= first && minor <= last;
}

/** Lines of Istio that support a version of Kubernetes, newest first. */
export const linesFor = (kubernetes: string): string[] =>
  supportMatrix.filter((line) => supports(line, kubernetes)).map(({ istio }) => istio);

/** @param today `2026-11-25` */
export const isOver = ({ endOfLife }: SupportedLine, today: string): boolean =>
  today.slice(0, endOfLife.length) > endOfLife;
