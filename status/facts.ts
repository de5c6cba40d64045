// What one look at a live cluster tells.

/** A cluster that was looked at. */
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
  /** When the tokens of the peers' istiods were made, in ms since the epoch. */
  readonly tokens: readonly number[];
  /** Running pods with a sidecar, as `namespace/name`. */
  readonly withSidecar: readonly string[];
  /** What each proxy holds; only where it was asked for. */
  readonly proxies?: readonly ProxyFacts[];
  /** Pods whose proxy does not take roots from istiod, as `namespace/name`; only where it was asked for. */
  readonly withoutAgent?: readonly string[];
  /** Running pods that the webhook should have given one, as `namespace/name`. */
  readonly withoutSidecar: readonly string[];
  readonly hasWebhook: boolean;
  /** Where it was asked for: istiods that do not sign with the intermediate of Secret cacerts, and the sample's proxies. */
  readonly issuer?: { readonly unloaded: readonly string[]; readonly proxies: readonly GatewayFacts[] } | undefined;
  /** What could not be asked, and why. */
  readonly unanswered: readonly string[];
}

/** One that did not answer. */
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
  /** When the intermediate by which it signs ends, in ms since the epoch; only where it was asked for. */
  readonly signerEnds?: number | undefined;
  /** When the first root that it trusts ends, likewise. */
  readonly rootEnds?: number | undefined;
  /** State of each cluster that it watches by a remote secret. */
  readonly watched: Readonly<Record<string, string>>;
  /** Addresses of gateways, `host:port`, by network. */
  readonly networks: Readonly<Record<string, readonly string[]>>;
  /** Number of endpoints by cluster, its own included. */
  readonly endpoints: Readonly<Record<string, number>>;
  /** Proxies that it serves. */
  readonly proxies: readonly { readonly pod: string; readonly version: string }[];
}

/** A proxy's live certificates. */
export interface ProxyFacts {
  /** As `namespace/name`. */
  readonly pod: string;
  /** Fingerprint of the trusted root to which its leaf leads; empty where it leads to none. */
  readonly root: string;
  readonly trusted: readonly string[];
  /** Why it could not be asked. */
  readonly failure?: string;
}

export interface GatewayFacts {
  readonly pod: string;
  /** Why its live certificates do not lead to a root that it trusts; none where they do. */
  readonly problems: readonly string[];
  readonly daysLeft: { readonly leaf: number; readonly intermediate: number; readonly root: number };
  /** SHA-256 fingerprint of the root to which its chain leads; empty where it leads to none. */
  readonly root: string;
  /** Fingerprints of all roots that it trusts. */
  readonly trusted: readonly string[];
}

/** What the sample of a cluster was answered. */
export interface AskedFacts {
  readonly from: string;
  /** Clusters that should answer. */
  readonly expected: readonly string[];
  /** Answers by cluster. */
  readonly answered: ReadonlyMap<string, number>;
  /** None where it could not be asked. */
  readonly requests: number;
  /** The last failure's words, or why it could not be asked; empty without. */
  readonly said: string;
}
