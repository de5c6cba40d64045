// Runs all preflight checks. Only reads.

import { shownIn } from "../kube/shown.ts";
import { isUnreached, type PreflightFinding } from "../mesh/preflightFindings.ts";
import { admission } from "./checks/admission.ts";
import { caFindings, type LiveRoot, liveRoot } from "./checks/ca.ts";
import { claim } from "./checks/claim.ts";
import { domainFindings, type LiveDomains, liveDomains } from "./checks/clusterDomain.ts";
import { cni } from "./checks/cni.ts";
import { gatewayApi } from "./checks/gatewayApi.ts";
import { istio } from "./checks/istio.ts";
import { loadBalancer } from "./checks/loadBalancer.ts";
import { metrics } from "./checks/metrics.ts";
import { namespaces } from "./checks/namespaces.ts";
import { nodes } from "./checks/nodes.ts";
import { openShift } from "./checks/openShift.ts";
import { registries } from "./checks/registries.ts";
import { rights } from "./checks/rights.ts";
import { room } from "./checks/room.ts";
import { sample } from "./checks/sample.ts";
import { storage } from "./checks/storage.ts";
import { version } from "./checks/version.ts";
import { clockFindings, type Offset, offsetOf } from "./clock.ts";
import { type Check, type ObservedCluster, Unreadable } from "./cluster.ts";
import { connect, FIRST_NAMESPACE } from "./connect.ts";
import type { ClusterSettings, MeshSettings } from "./settings.ts";

const checks: readonly Check[] = [
  version,
  rights,
  nodes,
  registries,
  room,
  loadBalancer,
  storage,
  metrics,
  cni,
  claim,
  istio,
  namespaces,
  admission,
  openShift,
  gatewayApi,
  sample,
];

/**
 * Checks all clusters concurrently. Findings are in the order of the config and of the checks. They quote versions,
 * annotations and messages from the clusters, which are made safe to print.
 */
export async function examine(mesh: MeshSettings): Promise<readonly PreflightFinding[]> {
  const examined = await Promise.all(mesh.clusters.map((cluster) => examineCluster(cluster, mesh)));
  const clocks = examined.flatMap(({ name, offset }) => (offset === undefined ? [] : [{ name, offset }]));
  const asked = examined.flatMap(({ name, domains }) => (domains === undefined ? [] : [{ name, ...domains }]));
  const both = [
    ...sameClusters(examined),
    ...domainFindings(asked, mesh.clusterDomain),
    ...caFindings(examined, mesh.ca, mesh.rootRotation),
    ...clockFindings(clocks),
  ];
  const all = examined.flatMap(({ name, findings }) => [
    ...findings,
    ...both.filter(({ cluster }) => cluster === name),
  ]);
  return shownIn(all.some(({ id }) => id === "claimed") ? all.map(asOfExistingMesh) : all);
}

/** A warning, if a cluster of an existing mesh does not answer: its changes fail, but all others are carried out. */
function asOfExistingMesh(finding: PreflightFinding): PreflightFinding {
  return isUnreached(finding) ? ({ ...finding, severity: "warning" } as PreflightFinding) : finding;
}

interface Examined {
  readonly name: string;
  readonly findings: readonly PreflightFinding[];
  readonly uid?: string | undefined;
  readonly root?: LiveRoot | undefined;
  /** Undefined if the check was skipped. */
  readonly domains?: { readonly live: LiveDomains | undefined } | undefined;
  readonly offset?: Offset | undefined;
}

async function examineCluster(settings: ClusterSettings, mesh: MeshSettings): Promise<Examined> {
  const { name } = settings;
  const { finding, observed } = await connect(settings);
  if (observed === undefined) return { name, findings: [finding] };
  const problems = new Problems(name);
  const [uid, root, domains, ...found] = await Promise.all([
    uidOf(observed).catch(problems.note),
    liveRoot(observed).catch(problems.note),
    liveDomains(observed).then((live) => ({ live }), problems.note),
    ...checks.map((check) => check(observed, mesh).catch(problems.note)),
  ]);
  return {
    name,
    uid,
    root,
    domains,
    findings: [finding, ...found.flatMap((findings) => findings ?? []), ...problems.findings()],
    offset: offsetOf(observed.answers),
  };
}

async function uidOf({ read }: ObservedCluster): Promise<string | undefined> {
  return (await read<{ metadata: { uid: string } }>(FIRST_NAMESPACE, { metadata: "object" }))?.metadata.uid;
}

function sameClusters(all: readonly Examined[]): PreflightFinding[] {
  return all.flatMap(({ name: cluster, uid }, position) => {
    const first = uid === undefined ? undefined : all.slice(0, position).find((other) => other.uid === uid);
    if (uid === undefined || first === undefined) return [];
    return [{ id: "sameCluster", severity: "error", cluster, peer: first.name, uid }];
  });
}

/** Reasons why checks could not run. A missing right to read says nothing about rights to create. */
class Problems {
  readonly #cluster: string;
  readonly #paths = new Set<string>();
  readonly #said = new Set<string>();

  constructor(cluster: string) {
    this.#cluster = cluster;
  }

  readonly note = (error: unknown): undefined => {
    if (error instanceof Unreadable && error.status === 403) this.#paths.add(error.path.replace(/\?.*/, ""));
    else if (error instanceof Unreadable || (error as { code?: unknown }).code !== undefined || isTimeout(error))
      this.#said.add((error as Error).message);
    else throw error;
  };

  findings(): PreflightFinding[] {
    const about = { severity: "warning", cluster: this.#cluster } as const;
    return [
      ...(this.#paths.size === 0 ? [] : [{ id: "notSeen", ...about, paths: [...this.#paths].toSorted() } as const]),
      ...(this.#said.size === 0 ? [] : [{ id: "notChecked", ...about, said: [...this.#said].toSorted() } as const]),
    ];
  }
}

const isTimeout = (error: unknown) => / did not answer within /.test((error as Error).message);
