// Helm refuses to install what a killed run left half-way ("cannot re-use a name that is still in use"), and to upgrade it
// ("another operation is in progress"). What it marks as failed it does take up again.

import { type ApiServer, apiServer, messageOf } from "../net/apiServer.ts";
import { patiently } from "../net/patiently.ts";
import { SYSTEM_NAMESPACE, TOKEN_SECRET } from "./ownership.ts";

const NAMESPACE = `namespaces/${SYSTEM_NAMESPACE}`;

interface Entry {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
}

const isCrossNetwork = ({ name }: Entry) => name === "cross-network-gateway";

/** What the stack makes only after it has recorded the release: while there is none, it may not know of it. */
const WITNESSES: Readonly<
  Record<string, (secrets: readonly Entry[], get: ApiServer["get"]) => boolean | Promise<boolean>>
> = {
  "istio-base": (secrets) => secrets.some(({ name }) => name.startsWith(TOKEN_SECRET)),
  istiod: async (_, get) =>
    (await list(get, `/apis/networking.istio.io/v1/${NAMESPACE}/gateways`)).some(isCrossNetwork),
};

/** Label of a revision that this program called failed though Helm had installed it. */
export const GIVEN_UP = "csp-mesh.io/given-up";

/** What a revision shall be called from now on. */
export interface Verdict {
  readonly secret: string;
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
    if (status.startsWith("pending-")) return [{ secret, status: "failed", givenUp: false }];
    if (status === "deployed" && !isRecorded) return [{ secret, status: "failed", givenUp: true }];
    const isWronged = status === "failed" && labels[GIVEN_UP] !== undefined && version(revision) === newest;
    return isWronged && isRecorded ? [{ secret, status: "deployed", givenUp: false }] : [];
  });
}

/** Only while the stack is locked, and so no other run is at work: not in a preview. */
export async function giveUpInterrupted(kubeconfig: string, context: string): Promise<void> {
  const server = await apiServer(kubeconfig, context);
  const { get } = server;
  const secrets = await list(get, `/api/v1/${NAMESPACE}/secrets`);
  const verdicts = await Promise.all(
    Object.entries(WITNESSES).map(async ([release, isRecorded]) => {
      const own = secrets.filter(({ labels }) => labels?.owner === "helm" && labels.name === release);
      return own.length === 0 ? [] : verdictsOn(own, await isRecorded(secrets, get));
    }),
  );
  if (verdicts.flat().length === 0) return;
  // Loaded only here: most runs were not interrupted.
  const { callRevisions } = await import("./helmReleases.ts");
  const { objectsOf } = await import("./objects.ts");
  await callRevisions(objectsOf(server), verdicts.flat());
}

/** None of a kind that the cluster does not know yet. @throws Error where it does not say, since a guess would be a verdict */
async function list(get: ApiServer["get"], path: string): Promise<Entry[]> {
  const { status, body } = await patiently(() => get(path, { metadata: "list" }));
  if (status === 404) return [];
  if (status !== 200) throw new Error(`${path} cannot be listed: ${messageOf(body) ?? `HTTP ${status}`}`);
  return ((body as { items: { metadata: Entry }[] | null }).items ?? []).map(({ metadata }) => metadata);
}
