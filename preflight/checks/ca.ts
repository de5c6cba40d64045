// Whether the mesh keeps its root: what the config would make is compared with the Secret by which each istiod signs.
import { X509Certificate } from "node:crypto";
import { fingerprint, type RootSettings, rootDifferences } from "../../mesh/caIdentity.ts";
import { CA_SECRET, SYSTEM_NAMESPACE, wasFound, wasMade } from "../../mesh/ownership.ts";
import type { PreflightFinding } from "../../mesh/preflightFindings.ts";
import { ENDS } from "../../mesh/statusFindings.ts";
import type { ObservedCluster } from "../cluster.ts";
import { claimOn } from "./claim.ts";
import { namespaceOf } from "./namespaces.ts";

const PATH = `/api/v1/namespaces/${SYSTEM_NAMESPACE}/secrets/${CA_SECRET}`;

/** The root of a cluster in which the mesh stands. */
export type LiveRoot = X509Certificate | "unreadable";

/** Nothing where the mesh does not stand. Of the Secret only the root's certificate, which is public, is kept. */
export async function liveRoot(observed: ObservedCluster): Promise<LiveRoot | undefined> {
  const stands = (await claimOn(observed)) !== undefined || (await isMarked(observed));
  return stands ? observed.read<LiveRoot>(PATH, { keep: rootIn }) : undefined;
}

/** Where somebody deleted the claim, the namespace still says that the mesh is here. */
async function isMarked(observed: ObservedCluster): Promise<boolean> {
  const namespace: object | undefined = await namespaceOf(observed, SYSTEM_NAMESPACE);
  return namespace !== undefined && (wasMade(namespace) || wasFound(namespace));
}

function rootIn(secret: unknown): LiveRoot {
  const { data } = (secret ?? {}) as { readonly data?: Readonly<Record<string, string>> };
  try {
    return new X509Certificate(Buffer.from(data?.["root-cert.pem"] ?? "", "base64"));
  } catch {
    return "unreadable";
  }
}

const DAY = 86_400_000;

/** Never an error: what replaces a root is a `pulumi up` as well. `npm run mesh -- status` fails when little time is left. */
function ending(cluster: string, { validTo }: X509Certificate, now: number): PreflightFinding[] {
  const end = Date.parse(validTo);
  const days = Math.floor((end - now) / DAY);
  if (days >= ENDS.root.warning) return [];
  return [{ id: "rootEnds", severity: "warning", cluster, date: new Date(end).toISOString().slice(0, 10), days }];
}

/** A root that is the config's is what the others should have; where none is, the first cluster's. */
export function caFindings(
  all: readonly { readonly name: string; readonly root?: LiveRoot | undefined }[],
  settings: RootSettings,
  now = Date.now(),
): PreflightFinding[] {
  const roots = all.flatMap(({ name, root }) => (root instanceof X509Certificate ? [{ name, root }] : []));
  const wanted = roots.find(({ root }) => rootDifferences(root, settings).length === 0) ?? roots[0];
  return all.flatMap(({ name: cluster, root }): PreflightFinding[] => {
    if (root === undefined) return [];
    if (root === "unreadable" || wanted === undefined) return [{ id: "rootUnreadable", severity: "warning", cluster }];
    if (!root.raw.equals(wanted.root.raw)) {
      const peer = { peer: wanted.name, peerRoot: fingerprint(wanted.root) };
      return [{ id: "rootsDiffer", severity: "error", cluster, root: fingerprint(root), ...peer }];
    }
    const differences = rootDifferences(root, settings);
    return differences.length === 0
      ? [
          { id: "rootKept", severity: "ok", cluster, root: fingerprint(root) },
          ...(settings.source === "generated" ? ending(cluster, root, now) : []),
        ]
      : differences.map((difference) => ({ id: "rootWouldChange", severity: "error", cluster, ...difference }));
  });
}
