import type { Severity } from "./severity.ts";
import type { Unconnected } from "./unconnected.ts";

/** Who tried whom. `peer` is empty where it is about the cluster alone. */
interface Pair {
  readonly cluster: string;
  readonly peer: string;
}
type Finding<Id extends string, Of extends Severity, Facts = unknown> = Pair & {
  readonly id: Id;
  readonly severity: Of;
} & Readonly<Facts>;

/** How a cluster reaches a peer's API server, and where that is said. */
export interface ApiServerFacts {
  /** URL as the peers reach it. */
  server: string;
  /** `host:port` that did not let the cluster in: the server's, or that of the proxy before it. */
  address: string;
  /** The peer's place in the stack file: `clusters[1]`. */
  field: string;
  /** The cluster's own. */
  ownField: string;
  /** Addresses from which the cluster is seen; none where the config does not tell. */
  from: readonly string[];
  /** What the peer's provider calls the list of addresses that may reach its API servers. */
  list?: string;
}

/** How a cluster reaches a peer's gateway. */
export interface GatewayFacts {
  /** `host:port` */
  address: string;
  field: string;
  ownField: string;
  from: readonly string[];
}

/** What somebody else said, word for word. */
interface Said {
  said: string;
}

/** All that the probe can find. */
export type ProbeFinding =
  /** The program itself could do nothing in the cluster. */
  | Finding<"clusterNotProbed", "error", Said & { field: string }>
  | Finding<"podNotRunning", "error", Said & { image: string }>
  /** The pod runs, but nothing gets to it through the API server. */
  | Finding<"podNotReached", "error", Said>
  | Finding<"namespaceLeft", "warning", Said & { namespace: string }>
  | Finding<"apiServerAnswers", "ok", { server: string }>
  | Finding<"apiServerUnconnected", "error", ApiServerFacts & Said & { why: Unconnected }>
  | Finding<"apiServerProxyRefuses", "error", ApiServerFacts & { status: number }>
  | Finding<"apiServerUnknownCa", "error", ApiServerFacts & Said>
  | Finding<"apiServerWrongName", "error", ApiServerFacts & { name: string; names: string }>
  /** No TLS, or none that works. */
  | Finding<"apiServerNoTls", "error", ApiServerFacts & Said>
  | Finding<"apiServerTokenRefused", "error", ApiServerFacts & Said & { status: number }>
  | Finding<"apiServerOddAnswer", "error", ApiServerFacts & { status: number }>
  | Finding<"apiServerNotTried", "warning", ApiServerFacts & { scheme: string }>
  | Finding<"gatewayAnswers", "ok", { address: string }>
  | Finding<"gatewayWithoutAddress", "error", { field: string }>
  | Finding<"gatewayUnconnected", "error" | "warning", GatewayFacts & Said & { why: Unconnected }>
  /** Somebody takes connections on 15443 and ends them. */
  | Finding<"gatewayCloses", "error" | "warning", GatewayFacts>
  /** 15021 says that it is not ready. */
  | Finding<"gatewayNotReady", "warning", GatewayFacts & { status: number }>;

/** A finding of one kind. */
export type ProbeFindingOf<Id extends ProbeFinding["id"]> = Extract<ProbeFinding, { id: Id }>;
