import type { Cluster } from "../kube/cluster.ts";
import type { Mesh } from "./mesh.ts";

/** What a check found out. */
export interface Verdict {
  readonly passed: boolean;
  /** What was seen: the evidence where it passed, the cause where it did not. One line. */
  readonly seen: string;
  /** What to do about it. */
  readonly hint?: string;
}

/** Longest waits, in ms. */
export interface Deadlines {
  /** One request of the sample. */
  readonly request: number;
  /** Until every cluster has answered. */
  readonly answers: number;
  /** Until every istiod replica has synced every other cluster. */
  readonly sync: number;
  /** Until a request is in the access log: Istio has Envoy write it every second (istio pkg/envoy/proxy.go). */
  readonly accessLog: number;
  /** Until the pods of a Deployment that was scaled to none are gone, besides the time that they have to end. */
  readonly podsGone: number;
  /** Until an API server takes the former replicas of a Deployment back: nothing cuts that short. */
  readonly restore: number;
  /** Until a Deployment is ready again. */
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
  /** Ends the checks; what they changed is put back first. */
  readonly signal: AbortSignal;
}

export interface Check {
  readonly name: string;
  /** Changes the mesh for a moment. */
  readonly disruptive: boolean;
  run(context: CheckContext): Promise<Verdict>;
  /** Looks whether a disruptive one could begin. @throws Error that says what is missing, which may be why others failed */
  begin?(context: CheckContext): Promise<unknown>;
}
