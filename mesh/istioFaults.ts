// Faults of single patch releases of Istio that hit meshes like these. From its release notes (istio/istio.io,
// content/en/news/releases); each has the number of its issue in istio/istio.

export type FaultId =
  | "secretDeadlock"
  | "secretIgnored"
  | "secretPanic"
  | "gatewaysLost"
  | "endpointsWiped"
  | "webhookLate";

export interface IstioFault {
  readonly id: FaultId;
  readonly issue: number;
  /** By minor version of Istio: the first patch release without it. All before it have it. */
  readonly fixedIn: Readonly<Record<number, number>>;
  /** Whether it takes a second cluster. */
  readonly betweenClusters: boolean;
}

export const istioFaults: readonly IstioFault[] = [
  { id: "secretDeadlock", issue: 59875, fixedIn: { 29: 3 }, betweenClusters: true },
  { id: "secretPanic", issue: 60520, fixedIn: { 29: 5 }, betweenClusters: true },
  { id: "secretIgnored", issue: 60612, fixedIn: { 30: 3 }, betweenClusters: true },
  { id: "gatewaysLost", issue: 60920, fixedIn: { 30: 4 }, betweenClusters: true },
  { id: "endpointsWiped", issue: 61043, fixedIn: { 30: 4 }, betweenClusters: true },
  // In 1.28 and before as well, where it was never mended.
  { id: "webhookLate", issue: 61049, fixedIn: { 29: 7, 30: 4 }, betweenClusters: false },
];

export interface FaultsFound {
  readonly faults: readonly { readonly id: FaultId; readonly issue: number }[];
  /** First patch release of the line without all of them. */
  readonly mended: string;
}

/** @param version `1.29.1`, `v1.29.1-distroless` @returns undefined where none is known */
export function faultsOf(version: string, clusters: number): FaultsFound | undefined {
  const [, minor = "", patch = ""] = /^v?1\.(\d+)\.(\d+)/.exec(version) ?? [];
  const found = istioFaults.flatMap(({ id, issue, fixedIn, betweenClusters }) => {
    const fixed = fixedIn[Number(minor)];
    const isThere = fixed !== undefined && patch !== "" && Number(patch) < fixed;
    return isThere && (clusters > 1 || !betweenClusters) ? [{ id, issue, fixed }] : [];
  });
  if (found.length === 0) return undefined;
  const last = Math.max(...found.map(({ fixed }) => fixed));
  return { faults: found.map(({ id, issue }) => ({ id, issue })), mended: `1.${minor}.${last}` };
}
