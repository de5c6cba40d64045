// What is known of each line of Istio: which Kubernetes it supports, which Gateway API it was built with, and the faults of single
// patch releases. Kubernetes and ends of life from istio/istio.io, data/compatibility/supportStatus.yml, as of June 2026, which
// https://istio.io/latest/docs/releases/supported-releases/ shows; up to 1.24 from https://endoflife.date/istio, which reads that page.
// 1.31 from its announcement of 31 August 2026, its end by Istio's rule of six weeks after the second next line. What 1.32 supports was
// not found.

/** The release of Istio that is installed where the config names none. */
export const DEFAULT_ISTIO = "1.31.0";

export interface IstioLine {
  /** Major and minor version of Istio. */
  readonly istio: string;
  /** The first and the last minor version of Kubernetes 1. */
  readonly kubernetes: readonly [first: number, last: number];
  /** Its last day, or the month of it where Istio only expects it. */
  readonly endOfLife: string;
  /** Release of the Gateway API in its go.mod. */
  readonly gatewayApi: string;
}

/** Newest first. */
export const istioLines: readonly IstioLine[] = [
  { istio: "1.31", kubernetes: [32, 36], endOfLife: "2027-04", gatewayApi: "v1.6.0" },
  { istio: "1.30", kubernetes: [32, 36], endOfLife: "2026-12", gatewayApi: "v1.5.1" },
  { istio: "1.29", kubernetes: [31, 35], endOfLife: "2026-08", gatewayApi: "v1.4.0" },
  { istio: "1.28", kubernetes: [30, 34], endOfLife: "2026-07-01", gatewayApi: "v1.4.0" },
  { istio: "1.27", kubernetes: [29, 33], endOfLife: "2026-04-07", gatewayApi: "v1.3.0" },
  { istio: "1.26", kubernetes: [29, 33], endOfLife: "2025-12-22", gatewayApi: "v1.3.0" },
  { istio: "1.25", kubernetes: [29, 32], endOfLife: "2025-09-30", gatewayApi: "v1.2.1" },
  { istio: "1.24", kubernetes: [28, 31], endOfLife: "2025-06-24", gatewayApi: "v1.2.1" },
  { istio: "1.23", kubernetes: [27, 30], endOfLife: "2025-04-16", gatewayApi: "v1.2.1" },
  { istio: "1.22", kubernetes: [27, 30], endOfLife: "2025-01-22", gatewayApi: "v1.2.1" },
];

/** `1.29` of `v1.29.1-distroless`; undefined for what is no version. */
export function lineOf(version: string): string | undefined {
  return /^v?(\d+\.\d+)\b/.exec(version)?.[1];
}

/** Undefined for lines that are not listed. */
export const istioLine = (version: string): IstioLine | undefined =>
  istioLines.find(({ istio }) => istio === lineOf(version));

export function supports({ kubernetes: [first, last] }: IstioLine, kubernetes: string): boolean {
  const [major, minor] = (lineOf(kubernetes) ?? "").split(".").map(Number);
  return major === 1 && minor !== undefined && minor >= first && minor <= last;
}

/** Lines of Istio that support a version of Kubernetes, newest first. */
export const linesFor = (kubernetes: string): string[] =>
  istioLines.filter((line) => supports(line, kubernetes)).map(({ istio }) => istio);

/** @param today `2026-11-25` */
export const isOver = ({ endOfLife }: IstioLine, today: string): boolean =>
  today.slice(0, endOfLife.length) > endOfLife;

/** Release manifest of the Gateway API that a release of Istio was built with; the newest known for a line that is not listed. */
export function gatewayApiManifest(istio: string): string {
  const release = istioLine(istio)?.gatewayApi ?? istioLines[0]?.gatewayApi;
  return `https://github.com/kubernetes-sigs/gateway-api/releases/download/${release}/standard-install.yaml`;
}

/**
 * Kinds of the Gateway API that istiod does not process where the definitions are of an older release, by Istio line from which on it
 * is so (pkg/config/schema/gatewayapi/minimumversions.go in 1.31, pkg/kube/kclient/crdwatcher.go in 1.29).
 */
const minimums = [
  { kind: "GRPCRoute", gatewayApi: "v1.1.0", from: "1.29" },
  { kind: "BackendTLSPolicy", gatewayApi: "v1.4.0", from: "1.29" },
  { kind: "TLSRoute", gatewayApi: "v1.5.0", from: "1.30" },
  { kind: "TCPRoute", gatewayApi: "v1.6.0", from: "1.31" },
] as const;

const minorOf = (version: string) => Number(lineOf(version)?.split(".")[1]);

/** Kinds that a release of Istio ignores in a cluster with a release of the Gateway API. */
export function ignoredKinds(istio: string, gatewayApi: string): string[] {
  const numbers = (release: string) => release.replace(/^v/, "").split(/[.-]/).slice(0, 2).map(Number);
  const [major = 0, minor = 0] = numbers(gatewayApi);
  return minimums
    .filter(({ from }) => minorOf(istio) >= minorOf(from))
    .filter(({ gatewayApi: wanted }) => {
      const [wantedMajor = 0, wantedMinor = 0] = numbers(wanted);
      return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
    })
    .map(({ kind }) => kind);
}
