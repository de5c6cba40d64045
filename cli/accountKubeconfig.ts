// Writes a kubeconfig for the program's own account in each cluster, as docs/rights.md describes.
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { stringify } from "yaml";
import * as z from "zod";
import type { ClusterConfig } from "../config/parse.ts";
import type { Messages } from "../i18n/messages.ts";
import { ApiError, apiServer, succeeded } from "../kube/apiServer.ts";
import { entriesOfContext } from "../kube/kubeconfig.ts";
import { readKubeconfig } from "../kube/parsedKubeconfig.ts";
import { inShell } from "../kube/quote.ts";
import { CLUSTER_ROLE } from "../preflight/clusterRole.ts";
import { firstLine } from "./existingMesh.ts";

export const ACCOUNT = { namespace: "kube-system", name: CLUSTER_ROLE } as const;
const MARK = "# Written by csp-mesh (rights --kubeconfig)";

interface Access {
  readonly cluster: string;
  readonly entry: object;
  readonly token: string;
  /** Expiry in RFC 3339. */
  readonly ends: string;
}

/**
 * @returns each cluster with its token's expiry
 * @throws Error that names the clusters in which no token could be created
 */
export async function writeAccountKubeconfig(
  file: string,
  clusters: readonly Pick<ClusterConfig, "name" | "kubeconfig" | "context">[],
  hours: number,
  { rights }: Pick<Messages, "rights">,
): Promise<readonly Pick<Access, "cluster" | "ends">[]> {
  if (existsSync(file) && !(await readFile(file, "utf8")).startsWith(MARK)) throw new Error(rights.notOurs(file));
  const outcomes = await Promise.allSettled(clusters.map((cluster) => accessTo(cluster, hours)));
  const failures = outcomes.flatMap((outcome, index) => {
    if (outcome.status === "fulfilled") return [];
    const { name = "", context = "" } = clusters[index] ?? {};
    const isMissing = outcome.reason instanceof ApiError && outcome.reason.status === 404;
    return isMissing ? rights.noAccount(name, inShell(context)) : rights.noToken(name, firstLine(outcome.reason));
  });
  if (failures.length > 0) throw new Error(failures.join("\n"));
  const all = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? outcome.value : []));
  const ends = all.map(({ cluster, ends }) => `# ${cluster}: ${rights.tokenEnds(ends)}\n`).join("");
  const kubeconfig = {
    apiVersion: "v1",
    kind: "Config",
    clusters: all.map(({ cluster, entry }) => ({ name: cluster, cluster: entry })),
    users: all.map(({ cluster, token }) => ({ name: `${ACCOUNT.name}-${cluster}`, user: { token } })),
    contexts: all.map(({ cluster }) => ({
      name: cluster,
      context: { cluster, user: `${ACCOUNT.name}-${cluster}` },
    })),
    "current-context": all[0]?.cluster ?? "",
  };
  await writePrivately(file, `${MARK}\n${ends}${stringify(kubeconfig, { lineWidth: 0 })}`);
  return all;
}

const answerSchema = z.object({ status: z.object({ token: z.string().min(1), expirationTimestamp: z.string() }) });

async function accessTo(
  { name, kubeconfig, context }: Pick<ClusterConfig, "name" | "kubeconfig" | "context">,
  hours: number,
): Promise<Access> {
  const server = await apiServer(kubeconfig, context);
  try {
    const path = `/api/v1/namespaces/${ACCOUNT.namespace}/serviceaccounts/${ACCOUNT.name}/token`;
    const request = {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: { expirationSeconds: Math.round(hours * 3_600) },
    };
    const { status } = answerSchema.parse(succeeded(await server.post(path, request)));
    return {
      cluster: name,
      entry: await clusterEntry(kubeconfig, context),
      token: status.token,
      ends: status.expirationTimestamp,
    };
  } finally {
    server.close();
  }
}

/** The cluster entry of the administrator's kubeconfig, with its CA inline instead of in a file. */
async function clusterEntry(kubeconfig: string, context: string): Promise<object> {
  const isText = kubeconfig.includes("\n");
  const { cluster } = entriesOfContext("kubeconfig", isText ? kubeconfig : readKubeconfig(kubeconfig), context);
  const { extensions: _, "certificate-authority": ca, ...entry } = cluster;
  const data = entry["certificate-authority-data"];
  const folder = isText ? process.cwd() : dirname(kubeconfig);
  const read = ca && !data ? (await readFile(resolve(folder, ca))).toString("base64") : data;
  return JSON.parse(JSON.stringify({ ...entry, "certificate-authority-data": read }));
}

/** Writes the file atomically, readable by its owner only from the start. */
async function writePrivately(file: string, text: string): Promise<void> {
  const half = `${file}.${randomUUID()}`;
  try {
    await writeFile(half, text, { mode: 0o600, flag: "wx" });
    await rename(half, file);
  } catch (error) {
    await rm(half, { force: true });
    throw error;
  }
}
