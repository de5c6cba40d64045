// The state of a live cluster at one time.

/** A cluster that answered. */
export interface ClusterFacts {
  readonly name: string;
  readonly network: string;
  /** Version of its API server. */
  readonly kubernetes: string;
  /** Ready replicas of istiod. */
  readonly istiods: readonly IstiodFacts[];
  /** Pods that are not ready, as `namespace/name`. */
  readonly notReady: { readonly istiod: readonly string[]; readonly gateway: readonly string[] };
  /** Ready pods of the east-west gateway. */
  readonly gateways: readonly GatewayFacts[];
  /** Creation times of the tokens with which peers watch this cluster, in ms since the epoch. */
  readonly tokens: readonly number[];
  /** Running pods with a sidecar, as `namespace/name`. */
  readonly withSidecar: readonly string[];
  /** Certificates of each proxy; only if requested. */
  readonly proxies?: readonly ProxyFacts[];
  /** istiods that started before phase `drop` of a root rotation, by name; only if requested. */
  readonly notRestarted?: readonly string[];
  /** Pods whose proxy does not get roots from istiod, as `namespace/name`; only if requested. */
  readonly withoutAgent?: readonly string[];
  /** Running pods that should have a sidecar but have none, as `namespace/name`. */
  readonly withoutSidecar: readonly string[];
  readonly hasWebhook: boolean;
  /**
   * Only if requested: istiods that do not sign with the intermediate in Secret `cacerts`, and certificates of the
   * sample's proxies.
   */
  readonly issuer?: { readonly unloaded: readonly string[]; readonly proxies: readonly GatewayFacts[] } | undefined;
  /** Failed requests, with the reason. */
  readonly unanswered: readonly string[];
}

/** A cluster that did not answer. */
export interface SilentCluster {
  readonly name: string;
  readonly network: string;
  readonly failure: string;
}

export type Look = ClusterFacts | SilentCluster;

export const isSilent = (look: Look): look is SilentCluster => "failure" in look;
export const isSeen = (look: Look): look is ClusterFacts => !isSilent(look);

export interface IstiodFacts {
  readonly pod: string;
  readonly version: string;
  /** Expiry of istiod's signing intermediate, in ms since the epoch; only if requested. */
  readonly signerEnds?: number | undefined;
  /** Expiry of the first root that it trusts; only if requested. */
  readonly rootEnds?: number | undefined;
  /** Sync state of each cluster that it watches through a remote secret. */
  readonly watched: Readonly<Record<string, string>>;
  /** Gateway addresses, `host:port`, by network. */
  readonly networks: Readonly<Record<string, readonly string[]>>;
  /** Number of endpoints by cluster, including its own. */
  readonly endpoints: Readonly<Record<string, number>>;
  /** Proxies that are connected to it. */
  readonly proxies: readonly { readonly pod: string; readonly version: string }[];
}

/** A proxy's live certificates. */
export interface ProxyFacts {
  /** As `namespace/name`. */
  readonly pod: string;
  /** Fingerprint of the trusted root at the end of its chain; empty without such a root. */
  readonly root: string;
  readonly trusted: readonly string[];
  /** Why it could not be queried. */
  readonly failure?: string;
}

export interface GatewayFacts {
  readonly pod: string;
  /** Why its live certificates do not chain to a root that it trusts; empty if they do. */
  readonly problems: readonly string[];
  readonly daysLeft: { readonly leaf: number; readonly intermediate: number; readonly root: number };
  /** SHA-256 fingerprint of the root at the end of its chain; empty without such a root. */
  readonly root: string;
  /** Fingerprints of all roots that it trusts. */
  readonly trusted: readonly string[];
}

/** Answers to the sample's caller in one cluster. */
export interface SampleAnswers {
  readonly from: string;
  /** Clusters that should answer. */
  readonly expected: readonly string[];
  /** Answers by cluster. */
  readonly answered: ReadonlyMap<string, number>;
  /** Number of requests; 0 if no request was possible. */
  readonly requests: number;
  /** Message of the last failure, or why no request was possible; empty without a failure. */
  readonly lastFailure: string;
}
