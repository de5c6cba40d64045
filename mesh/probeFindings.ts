import type { Severity } from "./severity.ts";
import type { Unconnected } from "./unconnected.ts";

/** The testing cluster and the tested peer. `peer` is empty if the finding concerns the cluster alone. */
interface Pair {
  readonly cluster: string;
  readonly peer: string;
}
type Finding<Id extends string, Of extends Severity, Facts = unknown> = Pair & {
  readonly id: Id;
  readonly severity: Of;
} & Readonly<Facts>;

/** How a cluster reaches a peer's API server, and the config fields that determine it. */
export interface ApiServerFacts {
  /** URL as the peers reach it. */
  server: string;
  /** `host:port` to which the connection failed: the server's, or that of the proxy in front of it. */
  address: string;
  /** Path of the peer's entry in the stack file: `clusters[1]`. */
  field: string;
  /** Path of the cluster's own entry. */
  ownField: string;
  /** Source addresses of the cluster's connections; empty if the config does not give them. */
  from: readonly string[];
  /** Provider's name for the list of addresses that may reach the peer's API server. */
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

/** Message of a server or of the system, unchanged. */
interface WithMessage {
  said: string;
}

/** All findings of the probe. */
export type ProbeFinding =
  /** The program could not create the probe in the cluster. */
  | Finding<"clusterNotProbed", "error", WithMessage & { field: string }>
  | Finding<"podNotRunning", "error", WithMessage & { image: string }>
  /** The pod runs, but is unreachable through the API server. */
  | Finding<"podNotReached", "error", WithMessage>
  | Finding<"namespaceLeft", "warning", WithMessage & { namespace: string }>
  | Finding<"apiServerAnswers", "ok", { server: string }>
  | Finding<"apiServerUnconnected", "error", ApiServerFacts & WithMessage & { why: Unconnected }>
  | Finding<"apiServerProxyRefuses", "error", ApiServerFacts & { status: number }>
  | Finding<"apiServerUnknownCa", "error", ApiServerFacts & WithMessage>
  | Finding<"apiServerWrongName", "error", ApiServerFacts & { name: string; names: string }>
  /** No TLS, or a failing handshake. */
  | Finding<"apiServerNoTls", "error", ApiServerFacts & WithMessage>
  | Finding<"apiServerTokenRefused", "error", ApiServerFacts & WithMessage & { status: number }>
  | Finding<"apiServerOddAnswer", "error", ApiServerFacts & { status: number }>
  | Finding<"apiServerNotTried", "warning", ApiServerFacts & { scheme: string }>
  | Finding<"gatewayAnswers", "ok", { address: string }>
  | Finding<"gatewayWithoutAddress", "error", { field: string }>
  | Finding<"gatewayUnconnected", "error" | "warning", GatewayFacts & WithMessage & { why: Unconnected }>
  /** Connections to 15443 are accepted, but closed at once. */
  | Finding<"gatewayCloses", "error" | "warning", GatewayFacts>
  /** Port 15021 reports that the gateway is not ready. */
  | Finding<"gatewayNotReady", "warning", GatewayFacts & { status: number }>;

/** A finding of one kind. */
export type ProbeFindingOf<Id extends ProbeFinding["id"]> = Extract<ProbeFinding, { id: Id }>;
