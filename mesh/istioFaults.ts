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
  /** Patch releases of a minor version that have it: the first, and the first that is without it. */
  readonly in: Readonly<Record<number, readonly [first: number, mended: number]>>;
  /** Whether it takes a second cluster. */
  readonly betweenClusters: boolean;
}

export const istioFaults: readonly IstioFault[] = [
  { id: "secretDeadlock", issue: 59875, in: { 29: [0, 3] }, betweenClusters: true },
  { id: "secretPanic", issue: 60520, in: { 29: [0, 5] }, betweenClusters: true },
  { id: "secretIgnored", issue: 60612, in: { 30: [0, 3] }, betweenClusters: true },
  { id: "gatewaysLost", issue: 60920, in: { 30: [0, 4] }, betweenClusters: true },
  { id: "endpointsWiped", issue: 61043, in: { 30: [0, 4] }, betweenClusters: true },
  // In 1.28 and before as well, where it was never mended.
  { id: "webhookLate", issue: 61049, in: { 29: [0, 7], 30: [0, 4] }, betweenClusters: false },
];

export interface FaultsFound {
  readonly faults: readonly { readonly id: FaultId; readonly issue: number }[];
  /** First patch release of the line without all of them. */
  readonly mended: string;
}

/** @param version `1.29.1`, `v1.29.1-distroless` @returns undefined where none is known */
export function faultsOf(version: string, clusters: number): FaultsFound | undefined {
  const [, minor = "", patch = ""] = /^v?1\.(\d+)\.(\d+)/.exec(version) ?? [];
  const found = istioFaults.flatMap(({ id, issue, in: lines, betweenClusters }) => {
    const [first, mended] = lines[Number(minor)] ?? [0, 0];
    const isThere = patch !== "" && Number(patch) >= first && Number(patch) < mended;
    return isThere && (clusters > 1 || !betweenClusters) ? [{ id, issue, mended }] : [];
  });
  if (found.length === 0) return undefined;
  const mended = Math.max(...found.map((fault) => fault.mended));
  return { faults: found.map(({ id, issue }) => ({ id, issue })), mended: `1.${minor}.${mended}` };
}
