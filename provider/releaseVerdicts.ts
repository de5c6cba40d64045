// Decides which status the revisions of a Helm release get after a killed run. Pure.

/** Metadata of a Secret in which Helm keeps a revision. */
export interface Entry {
  readonly name: string;
  readonly uid?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Label of a revision that Helm had installed and this program marked as failed. */
export const GIVEN_UP = "csp-mesh.io/given-up";

/** The new status of a revision. */
export interface Verdict {
  readonly secret: string;
  /** Helm's current status of it. */
  readonly helmStatus: string;
  readonly status: "failed" | "deployed";
  /** Whether to add the label GIVEN_UP. */
  readonly givenUp: boolean;
}

/**
 * Marks as failed: pending revisions, and deployed ones that the state may not know. If the state knows such a revision
 * after all, and Helm has not installed it again, its status becomes deployed again.
 *
 * @param revisions all of one release
 */
export function verdictsOn(revisions: readonly Entry[], isRecorded: boolean): Verdict[] {
  const version = ({ labels }: Entry) => Number(labels?.version);
  const newest = Math.max(...revisions.map(version));
  return revisions.flatMap((revision): Verdict[] => {
    const { name: secret, labels: { status = "", ...labels } = {} } = revision;
    if (status.startsWith("pending-")) return [{ secret, helmStatus: status, status: "failed", givenUp: false }];
    if (status === "deployed" && !isRecorded) return [{ secret, helmStatus: status, status: "failed", givenUp: true }];
    const isGivenUp = status === "failed" && labels[GIVEN_UP] !== undefined && version(revision) === newest;
    return isGivenUp && isRecorded ? [{ secret, helmStatus: status, status: "deployed", givenUp: false }] : [];
  });
}
