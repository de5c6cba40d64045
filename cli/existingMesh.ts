// Reads the claim, the CA and the peers of an existing mesh from one of its clusters. Only reads.
import type { V1Secret } from "@kubernetes/client-node";
import type { ClusterConfig } from "../config/parse.ts";
import { type ApiServer, apiServer } from "../kube/apiServer.ts";
import { clusterUid, readClaim } from "../kube/claims.ts";
import { type Objects, objectsOf } from "../kube/objects.ts";
import { shown } from "../kube/shown.ts";
import type { Claim } from "../mesh/claim.ts";
import { CA_SECRET, SYSTEM_NAMESPACE } from "../mesh/ownership.ts";

export interface ExistingMesh {
  readonly objects: Objects;
  readonly claim: Claim | undefined;
  /** UID of kube-system. */
  readonly uid: string;
  /** Entries of the Secret with the CA, in base64. */
  readonly ca: Readonly<Record<string, string>> | undefined;
  /** Clusters that its istiod watches. */
  readonly peers: readonly string[];
}

/** A cluster of the config with its state, or the reason why it could not be read. */
export interface Observed extends Pick<ClusterConfig, "name" | "network"> {
  readonly existing?: ExistingMesh;
  /** The reason, in one line. */
  readonly failure?: string;
}

export async function observe({ name, network, kubeconfig, context }: ClusterConfig): Promise<Observed> {
  let server: ApiServer | undefined;
  try {
    server = await apiServer(kubeconfig, context);
    return { name, network, existing: await read(objectsOf(server)) };
  } catch (error) {
    return { name, network, failure: firstLine(error) };
  } finally {
    // Later requests open a new connection.
    server?.close();
  }
}

async function read(objects: Objects): Promise<ExistingMesh> {
  const [found, uid, secret, names] = await Promise.all([
    readClaim(objects),
    clusterUid(objects),
    objects.read<V1Secret>("v1", "Secret", CA_SECRET, SYSTEM_NAMESPACE),
    objects.names("v1", "Secret", SYSTEM_NAMESPACE),
  ]);
  const peers = [...names].flatMap((name) => /^istio-remote-secret-(.+)$/.exec(name)?.[1] ?? []).toSorted();
  return { objects, claim: found?.claim, uid, ca: secret?.data, peers };
}

/** Further lines of commands and libraries may quote secrets. */
export function firstLine(error: unknown): string {
  const [line = ""] = (error as Error).message.trim().split("\n", 1);
  return shown(line, 200);
}
