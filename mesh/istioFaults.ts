// Faults of individual patch releases of Istio that affect meshes like these, from its release notes (istio/istio.io,
// content/en/news/releases). Each has its issue number in istio/istio.

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
  /** By minor version of Istio: the first patch release without the fault. All earlier ones have it. */
  readonly fixedIn: Readonly<Record<number, number>>;
  /** Whether the fault only affects meshes with several clusters. */
  readonly betweenClusters: boolean;
}

export const istioFaults: readonly IstioFault[] = [
  { id: "secretDeadlock", issue: 59875, fixedIn: { 29: 3 }, betweenClusters: true },
  { id: "secretPanic", issue: 60520, fixedIn: { 29: 5 }, betweenClusters: true },
  { id: "secretIgnored", issue: 60612, fixedIn: { 30: 3 }, betweenClusters: true },
  { id: "gatewaysLost", issue: 60920, fixedIn: { 30: 4 }, betweenClusters: true },
  { id: "endpointsWiped", issue: 61043, fixedIn: { 30: 4 }, betweenClusters: true },
  // 1.28 and earlier have this fault too, and it was never fixed there.
  { id: "webhookLate", issue: 61049, fixedIn: { 29: 7, 30: 4 }, betweenClusters: false },
];

export interface FaultsFound {
  readonly faults: readonly { readonly id: FaultId; readonly issue: number }[];
  /** The first patch release of the line without all these faults. */
  readonly fixedRelease: string;
}

/** @param version `1.29.1`, `v1.29.1-distroless` @returns undefined if no fault is known */
export function faultsOf(version: string, clusters: number): FaultsFound | undefined {
  const [, minor = "", patch = ""] = /^v?1\.(\d+)\.(\d+)/.exec(version) ?? [];
  const found = istioFaults.flatMap(({ id, issue, fixedIn, betweenClusters }) => {
    const fixed = fixedIn[Number(minor)];
    const isAffected = fixed !== undefined && patch !== "" && Number(patch) < fixed;
    return isAffected && (clusters > 1 || !betweenClusters) ? [{ id, issue, fixed }] : [];
  });
  if (found.length === 0) return undefined;
  const last = Math.max(...found.map(({ fixed }) => fixed));
  return { faults: found.map(({ id, issue }) => ({ id, issue })), fixedRelease: `1.${minor}.${last}` };
}
