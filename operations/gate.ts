import { setTimeout } from "node:timers/promises";
import { onlyStaying } from "../config/gone.ts";
import { exchangesRoot, type OperationRecord } from "../config/operationSchema.ts";
import type { MeshConfig } from "../config/parse.ts";
import { flattened, valueAt } from "../mesh/chartValues.ts";
import { GATEWAY, INGRESS } from "../mesh/ownership.ts";
import type { StatusFinding } from "../mesh/statusFindings.ts";
import { fingerprintsIn } from "../proof/certificates.ts";
import { isSeen } from "../status/facts.ts";
import type { LookOptions, MeshStatus } from "../status/lookAtMesh.ts";
import { type ExpectedTrust, type RootObstacle, rootObstacles } from "./rootGate.ts";
import type { State } from "./state.ts";
import { undone } from "./upgrade.ts";
import { type UpgradeObstacle, upgradeObstacles } from "./upgradeGate.ts";

export type LookAtMesh = (config: MeshConfig, options?: LookOptions) => Promise<MeshStatus>;

/** A reason why a gate stays closed. */
export type Obstacle =
  | StatusFinding
  | UpgradeObstacle
  /** The istiod of a staying cluster still has endpoints of the leaving cluster, or watches it. */
  | { readonly id: "notForgotten"; readonly severity: "error"; readonly cluster: string; readonly peer: string }
  | RootObstacle
  /** The status check itself failed. */
  | {
      readonly id: "notLooked";
      readonly severity: "error";
      readonly cluster: "";
      readonly peer: "";
      readonly said: string;
    };

export interface Gate {
  readonly look: LookAtMesh;
  /** The roots that the stack has created. */
  readonly trust: () => Promise<ExpectedTrust>;
  /** Longest wait for the gate to open, in seconds; 0 checks once. */
  readonly seconds: number;
  readonly signal: AbortSignal;
  /** Pauses between two checks, in ms. */
  readonly pause?: ((ms: number, signal: AbortSignal) => Promise<unknown>) | undefined;
}

export interface Declared {
  readonly kind: OperationRecord["kind"];
  /** @default no state is declared yet */
  readonly state?: State;
  readonly back?: boolean;
}

/** Interval between two checks, in ms. Each check sends about 50 requests. */
const PAUSE = 2_000;
/** Longest wait for an API server's first answer, in ms. */
const FIRST_ANSWER_WITHIN = 10_000;

/**
 * Repeats the status check of the remaining clusters until it finds no fault.
 *
 * @param declared the declared state or, with `back`, the reverted one @default none yet
 * @param known keys of faults that are ignored @default none
 * @returns the remaining faults; empty if the gate opened
 * @throws the signal's reason
 */
export async function obstaclesAt(
  config: MeshConfig,
  { look, trust, seconds, signal, pause = (ms, signal) => setTimeout(ms, undefined, { signal }) }: Gate,
  declared?: Declared,
  known: readonly string[] = [],
): Promise<readonly Obstacle[]> {
  const staying = onlyStaying(config);
  const deadline = Date.now() + seconds * 1000;
  const certificates = exchangesRoot(declared?.kind);
  // The stack does not change while the gate waits, and each question starts Pulumi.
  const expected = certificates && declared.state ? await trust() : undefined;
  const others = certificates ? rootsBesides(config) : [];
  for (;;) {
    signal.throwIfAborted();
    const asked = { timeout: FIRST_ANSWER_WITHIN, signal, ...(certificates && { certificates }) };
    const obstacles = await look(staying, { ...asked, ...issuersFor(declared?.state) }).then(
      (status) => [
        ...status.findings.filter((finding) => finding.severity === "error" && !known.includes(faultKey(finding))),
        ...ofState(status, config, declared),
        ...(certificates
          ? rootObstacles(status.looks, config.rootRotation?.phase, expected, { back: declared.back === true, others })
          : []),
      ],
      (error: Error): Obstacle[] => {
        signal.throwIfAborted();
        return [{ id: "notLooked", severity: "error", cluster: "", peer: "", said: error.message }];
      },
    );
    if (obstacles.length === 0 || Date.now() + PAUSE > deadline) return obstacles;
    await pause(PAUSE, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      throw error;
    });
  }
}

/** Roots in the config that istiod trusts in addition to the mesh's own. */
function rootsBesides({ istio }: MeshConfig): readonly string[] {
  const found = valueAt<unknown>(flattened(istio.values.istiod), "meshConfig.caCertificates");
  const texts = (Array.isArray(found) ? found : []).map((each) => (each as { pem?: unknown } | null)?.pem);
  return texts.flatMap((pem) => (typeof pem === "string" ? fingerprintsIn(pem) : []));
}

/** Key of a fault, as in an operation's record of known faults. */
export const faultKey = ({ id, cluster, peer }: Obstacle): string => [id, cluster, peer].filter(Boolean).join(" ");

const issuersFor = (state?: State) => (state?.id === "intermediate" ? { issuers: [state.cluster] } : {});

function ofState(
  status: MeshStatus,
  { clusters }: MeshConfig,
  { state, back = false }: Partial<Declared> = {},
): Obstacle[] {
  if (state?.id === "istio") {
    const hasIngress = clusters.find(({ name }) => name === state.cluster)?.ingress !== undefined;
    return upgradeObstacles(status, back ? undone(state) : state, [GATEWAY, ...(hasIngress ? [INGRESS] : [])]);
  }
  const isForgotten = (state?.id === "leaving" || state?.id === "removed") && !back;
  return isForgotten ? remembered(status, state.cluster) : [];
}

/** Istio may keep addresses of a cluster whose remote secret is gone: https://github.com/istio/istio/issues/60920. */
function remembered({ looks }: MeshStatus, peer: string): Obstacle[] {
  return looks
    .filter(isSeen)
    .filter(({ istiods }) => istiods.some(({ watched, endpoints }) => peer in watched || (endpoints[peer] ?? 0) > 0))
    .map(({ name: cluster }) => ({ id: "notForgotten", severity: "error", cluster, peer }));
}
