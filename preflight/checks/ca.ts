// Whether the mesh keeps its root CA: compares the config with the Secret from which each istiod signs.
import { X509Certificate } from "node:crypto";
import { fingerprint, type RootSettings, rootDifferences } from "../../mesh/caIdentity.ts";
import { CA_SECRET, SYSTEM_NAMESPACE, wasFound, wasMade } from "../../mesh/ownership.ts";
import type { PreflightFinding } from "../../mesh/preflightFindings.ts";
import { phaseOf, type RotationPhase, STEPS } from "../../mesh/rootPhases.ts";
import { ENDS } from "../../mesh/statusFindings.ts";
import type { ObservedCluster } from "../cluster.ts";
import { claimOn } from "./claim.ts";
import { namespaceOf } from "./namespaces.ts";

const PATH = `/api/v1/namespaces/${SYSTEM_NAMESPACE}/secrets/${CA_SECRET}`;

/** Roots that a cluster of an existing mesh trusts, the former one first, and the phase of their rotation. */
export interface LiveTrust {
  readonly roots: readonly [X509Certificate, ...X509Certificate[]];
  readonly phase: RotationPhase;
}

export type LiveRoot = LiveTrust | "unreadable";

/** Undefined in a cluster without the mesh. Only the root certificates of the Secret are kept; they are public. */
export async function liveRoot(observed: ObservedCluster): Promise<LiveRoot | undefined> {
  const meshExists = (await claimOn(observed)) !== undefined || (await isMarked(observed));
  return meshExists ? observed.read<LiveRoot>(PATH, { keep: rootIn }) : undefined;
}

/**
 * Whether the namespace has this program's marks: if the claim was deleted by hand, they still show that the mesh is
 * here.
 */
async function isMarked(observed: ObservedCluster): Promise<boolean> {
  const namespace: object | undefined = await namespaceOf(observed, SYSTEM_NAMESPACE);
  return namespace !== undefined && (wasMade(namespace) || wasFound(namespace));
}

function rootIn(secret: unknown): LiveRoot {
  const { data } = (secret ?? {}) as { readonly data?: Readonly<Record<string, string>> };
  const entry = (name: string) => Buffer.from(data?.[name] ?? "", "base64").toString("utf8");
  try {
    const bundle = blocksOf(entry("root-cert.pem"));
    const texts = [...new Set(bundle)];
    const [first, ...more] = texts.map((block) => new X509Certificate(block));
    if (first === undefined) return "unreadable";
    const issuer = blocksOf(entry("cert-chain.pem")).at(-1) ?? texts[0];
    const phase = phaseOf({ distinct: texts.length, total: bundle.length }, issuer === texts[0]);
    return { roots: [first, ...more], phase };
  } catch {
    return "unreadable";
  }
}

const blocksOf = (pem: string) => pem.match(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs) ?? [];

const DAY = 86_400_000;

/**
 * Never an error, because replacing a root also needs a `pulumi up`. `npm run mesh -- status` fails shortly before the
 * end.
 */
function ending(cluster: string, { validTo }: X509Certificate, now: number): PreflightFinding[] {
  const end = Date.parse(validTo);
  const days = Math.floor((end - now) / DAY);
  if (days >= ENDS.root.warning) return [];
  return [{ id: "rootEnds", severity: "warning", cluster, date: new Date(end).toISOString().slice(0, 10), days }];
}

/**
 * Compares the clusters' roots with each other. The expected root is one that matches the config or, if none does, the
 * first cluster's.
 *
 * @param rotation the phase and target of a root rotation, if one is under way
 */
export function caFindings(
  all: readonly { readonly name: string; readonly root?: LiveRoot | undefined }[],
  settings: RootSettings,
  rotation?: { readonly phase: RotationPhase; readonly ca: RootSettings } | undefined,
  now = Date.now(),
): PreflightFinding[] {
  const matches = (of: RootSettings) => (root: X509Certificate) => rootDifferences(root, of).length === 0;
  const kept = rotation?.phase === "drop" ? rotation.ca : settings;
  const expectedRootOf = ({ roots }: LiveTrust) => roots.find(matches(kept)) ?? roots[0];
  const liveRoots = all.flatMap(({ name, root }) =>
    typeof root === "object" ? [{ name, root: expectedRootOf(root) }] : [],
  );
  const wanted = liveRoots.find(({ root }) => matches(kept)(root)) ?? liveRoots[0];
  return all.flatMap(({ name: cluster, root: live }): PreflightFinding[] => {
    if (live === undefined) return [];
    if (live === "unreadable" || wanted === undefined) return [{ id: "rootUnreadable", severity: "warning", cluster }];
    const root = expectedRootOf(live);
    if (!root.raw.equals(wanted.root.raw)) {
      const peer = { peer: wanted.name, peerRoot: fingerprint(wanted.root) };
      return [{ id: "rootsDiffer", severity: "error", cluster, root: fingerprint(root), ...peer }];
    }
    const differences = rootDifferences(root, kept);
    if (differences.length > 0)
      return differences.map((difference) => ({ id: "rootWouldChange", severity: "error", cluster, ...difference }));
    // The second root is the new one. It becomes the config's own when the former root is dropped.
    const next = live.roots[1];
    const isDone = root === next && rotation?.phase !== "drop";
    const step = isDone ? "done" : (rotation?.phase ?? "prepared");
    if (!STEPS[live.phase].includes(step)) {
      return [{ id: "rootStepSkipped", severity: "error", cluster, live: live.phase, wanted: step }];
    }
    if (next && next !== root && step !== "prepared" && rotation) {
      const others = rootDifferences(next, rotation.ca);
      if (others.length > 0) {
        return others.map(({ field, ...difference }) => {
          return { id: "rootWouldChange", severity: "error", cluster, field: `rootRotation.${field}`, ...difference };
        });
      }
    }
    return [
      { id: "rootKept", severity: "ok", cluster, root: fingerprint(root) },
      ...(kept.source === "generated" ? ending(cluster, root, now) : []),
    ];
  });
}
