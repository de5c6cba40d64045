// Helm refuses to install what a killed run left half-way ("cannot re-use a name that is still in use"), and to upgrade it
// ("another operation is in progress"). What it marks as failed it does take up again.

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
 * A run that was killed may leave releases that Helm refuses to touch. Every run looks, and releases wait for it: it acts only while
 * the stack is locked, and so no other run is at work.
 */
export const interruptedReleases: Kind<z.output<typeof inputs>, Record<string, never>> = {
  inputs,

  async look({ cluster }) {
    const verdicts = await verdictsIn(cluster);
    return verdicts.map(({ secret, status, helmStatus }) => ({
      property: "releases",
      words: `Helm's ${secret} says ${helmStatus}, left by a run that was interrupted: called ${status}`,
    }));
  },

  // Of a cluster that was only claimed now the state has no release yet.
  create: ({ cluster }) => callThem(cluster, () => false),
  update: ({ cluster }) => callThem(cluster),
  delete: async () => {},
};

async function callThem(cluster: Cluster, isRecorded?: () => boolean): Promise<Record<string, never>> {
  const verdicts = await verdictsIn(cluster, isRecorded);
  if (verdicts.length > 0) await callRevisions(cluster.objects, verdicts);
  return {};
}

/** @param recorded whether the state has the release @default as the claim says */
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

/** None of a kind that the cluster does not know yet. @throws Error where it does not say, since a guess would be a verdict */
async function list(get: ApiServer["get"], path: string): Promise<Entry[]> {
  const { status, body } = await get(path, { metadata: "list" });
  if (status === 404) return [];
  if (status !== 200) throw new Error(`${path} cannot be listed: ${messageOf(body) ?? `HTTP ${status}`}`);
  return ((body as { items: { metadata: Entry }[] | null }).items ?? []).map(({ metadata }) => metadata);
}
