import type { Cluster } from "../kube/cluster.ts";
import type { Mesh } from "./mesh.ts";

/** Result of a check. */
export interface Verdict {
  readonly passed: boolean;
  /** One line: the evidence if the check passed, the cause if it failed. */
  readonly seen: string;
  /** The remedy. */
  readonly hint?: string;
}

/** Longest waits, in ms. */
export interface Deadlines {
  /** For one request to the sample. */
  readonly request: number;
  /** For every cluster to answer. */
  readonly answers: number;
  /** For every istiod replica to sync every other cluster. */
  readonly sync: number;
  /** For a request to appear in the access log: Istio makes Envoy write it every second (istio pkg/envoy/proxy.go). */
  readonly accessLog: number;
  /** For the pods of a Deployment scaled to zero to terminate, in addition to their grace period. */
  readonly podsGone: number;
  /** For an API server to accept the former replicas of a Deployment. An interruption does not shorten this wait. */
  readonly restore: number;
  /** For a Deployment to become ready again. */
  readonly podsReady: number;
}

export const defaultDeadlines: Deadlines = {
  request: 5_000,
  answers: 60_000,
  sync: 30_000,
  accessLog: 15_000,
  podsGone: 60_000,
  restore: 600_000,
  podsReady: 120_000,
};

export interface CheckContext {
  readonly mesh: Mesh;
  /** In the order of `mesh.clusters`. */
  readonly clusters: readonly Cluster[];
  /** Namespace of the sample's workloads. */
  readonly namespace: string;
  readonly deadlines: Deadlines;
  /** Ends the checks, after they have undone their changes. */
  readonly signal: AbortSignal;
  /** Prints a line in addition to the results. */
  readonly say: (line: string) => void;
}

export interface Check {
  readonly name: string;
  /** Whether the check temporarily changes the mesh. */
  readonly disruptive: boolean;
  run(context: CheckContext): Promise<Verdict>;
  /**
   * Tests whether a disruptive check could start.
   * @throws Error with the missing precondition, which may explain failures of other checks
   */
  begin?(context: CheckContext): Promise<unknown>;
}
