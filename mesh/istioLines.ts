// Facts about each minor version of Istio: supported Kubernetes versions, end of life, and the Gateway API release in
// its go.mod.
// Kubernetes versions and ends of life: istio/istio.io, data/compatibility/supportStatus.yml, the source of
// https://istio.io/latest/docs/releases/supported-releases/. Up to 1.24: https://endoflife.date/istio, which reads that
// page. 1.29's end of life: its own announcement. 1.31's Kubernetes versions: the announcement of that release. For
// 1.32 no source was found. Gateway API: go.mod of the minor version's first release.

/** The release of Istio that is installed by default. */
export const DEFAULT_ISTIO = "1.31.0";

export interface IstioLine {
  /** Major and minor version of Istio. */
  readonly istio: string;
  /** The first and the last supported minor version of Kubernetes 1. */
  readonly kubernetes: readonly [first: number, last: number];
  /** Its last day, or only the month if Istio has no exact date. */
  readonly endOfLife: string;
  /** Release of the Gateway API in its go.mod. */
  readonly gatewayApi: string;
}

/** Newest first. */
export const istioLines: readonly IstioLine[] = [
  { istio: "1.31", kubernetes: [32, 36], endOfLife: "2027-02", gatewayApi: "v1.6.0" },
  { istio: "1.30", kubernetes: [32, 36], endOfLife: "2026-11", gatewayApi: "v1.5.1" },
  { istio: "1.29", kubernetes: [31, 35], endOfLife: "2026-10-12", gatewayApi: "v1.4.0" },
  { istio: "1.28", kubernetes: [30, 34], endOfLife: "2026-07-01", gatewayApi: "v1.4.0" },
  { istio: "1.27", kubernetes: [29, 33], endOfLife: "2026-04-07", gatewayApi: "v1.3.0" },
  { istio: "1.26", kubernetes: [29, 33], endOfLife: "2025-12-22", gatewayApi: "v1.3.0" },
  { istio: "1.25", kubernetes: [29, 32], endOfLife: "2025-09-30", gatewayApi: "v1.2.1" },
  { istio: "1.24", kubernetes: [28, 31], endOfLife: "2025-06-24", gatewayApi: "v1.2.0" },
  { istio: "1.23", kubernetes: [27, 30], endOfLife: "2025-04-16", gatewayApi: "v1.1.0" },
  { istio: "1.22", kubernetes: [27, 30], endOfLife: "2025-01-22", gatewayApi: "v1.1.0" },
];

/** `1.29` for `v1.29.1-distroless`; undefined if the text is no version. */
/** `1.31.0` for `1.31.0-distroless`; the text itself if it is not a version. */
export const plainVersion = (version: string): string => /^v?(\d+\.\d+\.\d+)/.exec(version)?.[1] ?? version;

export function lineOf(version: string): string | undefined {
  return /^v?(\d+\.\d+)\b/.exec(version)?.[1];
}

const releaseOf = (version: string) => (/^v?(\d+)\.(\d+)\.(\d+)/.exec(version) ?? []).slice(1).map(Number);

/** Whether `version` is newer than `than`; false if either is no version such as `1.29.1` or `v1.29.1-distroless`. */
export function isNewer(version: string, than: string): boolean {
  const [one, other] = [releaseOf(version), releaseOf(than)];
  const position = one.findIndex((part, index) => part !== other[index]);
  return position >= 0 && (one[position] ?? 0) > (other[position] ?? Infinity);
}

/** Undefined for lines that are not listed. */
export const istioLine = (version: string): IstioLine | undefined =>
  istioLines.find(({ istio }) => istio === lineOf(version));

type Numbers = readonly [major: number, minor: number];

const numbersOf = (version: string): Numbers => {
  const [major = NaN, minor = NaN] = (lineOf(version) ?? "").split(".").map(Number);
  return [major, minor];
};

export function supports({ kubernetes: [first, last] }: IstioLine, kubernetes: string): boolean {
  const [major, minor] = numbersOf(kubernetes);
  return major === 1 && minor >= first && minor <= last;
}

/** Minor versions of Istio that support a Kubernetes version, newest first. */
export const linesFor = (kubernetes: string): string[] =>
  istioLines.filter((line) => supports(line, kubernetes)).map(({ istio }) => istio);

/** @param today `2026-11-25` */
export const isAtEndOfLife = ({ endOfLife }: IstioLine, today: string): boolean =>
  today.slice(0, endOfLife.length) > endOfLife;

/**
 * Manifest of the Gateway API release with which an Istio release was built; the newest known one for an unknown minor
 * version.
 */
export function gatewayApiManifest(istio: string): string {
  const release = istioLine(istio)?.gatewayApi ?? istioLines[0]?.gatewayApi;
  return `https://github.com/kubernetes-sigs/gateway-api/releases/download/${release}/standard-install.yaml`;
}

/**
 * Kinds of the Gateway API that istiod ignores: below a minimum release
 * (pkg/config/schema/gatewayapi/minimumversions.go since 1.30, pkg/kube/kclient/crdwatcher.go before), or above a
 * release whose CRDs no longer serve the version that istiod reads.
 */
const LIMITS = [
  { kind: "GRPCRoute", lines: [25, Infinity], from: [1, 1], to: [Infinity, 0] },
  { kind: "BackendTLSPolicy", lines: [28, Infinity], from: [1, 4], to: [Infinity, 0] },
  { kind: "TLSRoute", lines: [28, 29], from: [0, 0], to: [1, 4] },
  { kind: "TLSRoute", lines: [30, Infinity], from: [1, 5], to: [Infinity, 0] },
  { kind: "TCPRoute", lines: [31, Infinity], from: [1, 6], to: [Infinity, 0] },
] as const;

const isBefore = ([a, b]: Numbers, [c, d]: Numbers) => a < c || (a === c && b < d);

/** Kinds that an Istio release ignores with a Gateway API release. */
export function ignoredKinds(istio: string, gatewayApi: string): string[] {
  const [, line] = numbersOf(istio);
  const release = numbersOf(gatewayApi);
  return LIMITS.filter(({ lines: [first, last] }) => line >= first && line <= last)
    .filter(({ from, to }) => isBefore(release, from) || isBefore(to, release))
    .map(({ kind }) => kind);
}
