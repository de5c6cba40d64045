// After a killed run, Helm refuses to install a release ("cannot re-use a name that is still in use") or to upgrade it
// ("another operation is in progress"). It continues from a revision that is marked as failed.

import * as z from "zod";
import { type ApiServer, messageOf } from "../../kube/apiServer.ts";
import { readClaim } from "../../kube/claims.ts";
import { recordedRelease } from "../../mesh/claim.ts";
import { RELEASES, SYSTEM_NAMESPACE } from "../../mesh/ownership.ts";
import { callRevisions } from "../helmReleases.ts";
import type { Cluster, Kind } from "../kind.ts";
import { type Entry, type Verdict, verdictsOn } from "../releaseVerdicts.ts";

const SECRETS = `/api/v1/namespaces/${SYSTEM_NAMESPACE}/secrets`;

const inputs = z.strictObject({});

/**
 * Marks interrupted releases as failed. Every run checks for them before it handles the releases. It acts only while
 * the stack is locked, so no other run can be active.
 */
export const interruptedReleases: Kind<z.output<typeof inputs>, Record<string, never>> = {
  inputs,

  async look({ cluster }) {
    const verdicts = await verdictsIn(cluster);
    return verdicts.map(({ secret, status, helmStatus }) => ({
      property: "releases",
      words: `Helm's ${secret} says ${helmStatus}, because a run was interrupted: set to ${status}`,
    }));
  },

  // In a newly claimed cluster, the state has no release yet.
  create: ({ cluster }) => applyVerdicts(cluster, () => false),
  update: ({ cluster }) => applyVerdicts(cluster),
  delete: async () => {},
};

async function applyVerdicts(cluster: Cluster, isRecorded?: () => boolean): Promise<Record<string, never>> {
  const verdicts = await verdictsIn(cluster, isRecorded);
  if (verdicts.length > 0) await callRevisions(cluster.objects, verdicts);
  return {};
}

/** @param recorded whether the state has the release @default as recorded in the claim */
async function verdictsIn({ server, objects }: Cluster, recorded?: () => boolean): Promise<Verdict[]> {
  const secrets = (await list(server.get, SECRETS)).filter(({ labels }) => labels?.owner === "helm");
  if (secrets.length === 0) return [];
  const claimed = await readClaim(objects);
  return RELEASES.flatMap((release) => {
    const own = secrets.filter(({ labels }) => labels?.name === release);
    const known = claimed?.role.metadata.annotations?.[recordedRelease(release)];
    return own.length === 0 ? [] : verdictsOn(own, recorded?.() ?? own.some(({ uid }) => uid === known));
  });
}

/**
 * Empty if the cluster does not know the kind yet.
 * @throws Error if the list fails, because a wrong guess would change a release
 */
async function list(get: ApiServer["get"], path: string): Promise<Entry[]> {
  const { status, body } = await get(path, { metadata: "list" });
  if (status === 404) return [];
  if (status !== 200) throw new Error(`${path} cannot be listed: ${messageOf(body) ?? `HTTP ${status}`}`);
  return ((body as { items: { metadata: Entry }[] | null }).items ?? []).map(({ metadata }) => metadata);
}
