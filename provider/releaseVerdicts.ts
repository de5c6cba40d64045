// What revisions of a Helm release are to be called after a run that was killed. Pure.

/** Metadata of a Secret in which Helm keeps a revision. */
export interface Entry {
  readonly name: string;
  readonly uid?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Label of a revision that this program called failed though Helm had installed it. */
export const GIVEN_UP = "csp-mesh.io/given-up";

/** What a revision shall be called from now on. */
export interface Verdict {
  readonly secret: string;
  /** What Helm calls it. */
  readonly helmStatus: string;
  readonly status: "failed" | "deployed";
  /** Whether to put the label on it. */
  readonly givenUp: boolean;
}

/**
 * Revisions that Helm thinks are being made, and installed ones that the stack may not know, count as failed. One that
 * the stack did know after all, so that it was not installed anew, is what it was again.
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
    const isWronged = status === "failed" && labels[GIVEN_UP] !== undefined && version(revision) === newest;
    return isWronged && isRecorded ? [{ secret, helmStatus: status, status: "deployed", givenUp: false }] : [];
  });
}
