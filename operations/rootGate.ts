// Whether every istiod and proxy has the certificates that a phase of the root rotation requires. Pure.
import { X509Certificate } from "node:crypto";
import { forgetsFormer, isChangingIssuer, type RotationPhase } from "../mesh/rootPhases.ts";
import { isSeen, type Look } from "../status/facts.ts";

/** Certificates that the stack has created, by SHA-256 fingerprint. */
export interface ExpectedTrust {
  readonly trusted: readonly string[];
  /** The root of the intermediates with which istiods sign. */
  readonly issuer: string;
  /** Expiry of that root, in ms since the epoch. */
  readonly rootEnd: number;
  /** Expiry of each cluster's intermediate, in ms since the epoch. Empty without a root rotation. */
  readonly ends: Readonly<Record<string, number>>;
}

type ObstacleOf<Id extends string, Facts = unknown> = {
  readonly id: Id;
  readonly severity: "error";
  readonly cluster: string;
  readonly peer: "";
} & Readonly<Facts>;
interface Pods {
  /** As `namespace/name`. */
  pods: readonly string[];
}

export type RootObstacle =
  /** Pods whose proxies do not get roots from istiod, because they were created before the program's settings. */
  | ObstacleOf<"withoutAgent", Pods>
  | ObstacleOf<"signsByOther", Pods>
  /** istiods that were not restarted, and still accept clients with certificates of the former root. */
  | ObstacleOf<"acceptsFormer", Pods>
  | ObstacleOf<"trustsOthers", Pods>
  | ObstacleOf<"leafOfOther", Pods>
  | ObstacleOf<"proxyNotAsked", Pods & { said: string }>;

const OF_ROOT = ["withoutAgent", "signsByOther", "acceptsFormer", "trustsOthers", "leafOfOther", "proxyNotAsked"];

/** Obstacles that even --force does not ignore, because the next phase would break the pods that they list. */
export const isOfRoot = (obstacle: { readonly id: string }): obstacle is RootObstacle => OF_ROOT.includes(obstacle.id);

/** @param json the stack output `mesh` */
export function expectedTrust(json: string): ExpectedTrust {
  const { rootCertificate, rotation } = JSON.parse(json) as {
    readonly rootCertificate: string;
    readonly rotation?: {
      readonly trusted: readonly string[];
      readonly intermediates: Readonly<Record<string, string>>;
    };
  };
  const end = (pem: string) => Date.parse(new X509Certificate(pem).validTo);
  const fingerprint = (pem: string) => new X509Certificate(pem).fingerprint256;
  return {
    trusted: (rotation?.trusted ?? [rootCertificate]).map(fingerprint),
    issuer: fingerprint(rootCertificate),
    rootEnd: end(rootCertificate),
    ends: Object.fromEntries(
      Object.entries(rotation?.intermediates ?? {}).map(([cluster, pem]) => [cluster, end(pem)]),
    ),
  };
}

/**
 * @param expected undefined if nothing is declared yet
 * @param options `others`: fingerprints of additional roots that istiod trusts (`meshConfig.caCertificates`) @default
 * none
 */
export function rootObstacles(
  looks: readonly Look[],
  phase: RotationPhase | undefined,
  expected?: ExpectedTrust,
  { back = false, others: known = [] }: { readonly back?: boolean; readonly others?: readonly string[] } = {},
): RootObstacle[] {
  return looks.filter(isSeen).flatMap(({ name: cluster, istiods, proxies = [], withoutAgent = [], ...seen }) => {
    const obstacle = <Id extends Exclude<RootObstacle["id"], "proxyNotAsked">>(id: Id, pods: readonly string[]) =>
      pods.length === 0 ? [] : [{ id, severity: "error" as const, cluster, peer: "" as const, pods }];
    const late = obstacle("withoutAgent", withoutAgent);
    const unqueried = proxies.flatMap(({ pod, failure }): RootObstacle[] =>
      failure === undefined
        ? []
        : [{ id: "proxyNotAsked", severity: "error", cluster, peer: "", pods: [pod], said: failure }],
    );
    if (expected === undefined) return [...late, ...unqueried];
    const queried = proxies.filter(({ failure }) => failure === undefined);
    const podsOf = (wrong: typeof queried) => wrong.map(({ pod }) => pod);
    const end = expected.ends[cluster];
    const others = istiods.filter(
      ({ signerEnds, rootEnds }) =>
        (end !== undefined && signerEnds !== end) || (phase === "drop" && rootEnds !== expected.rootEnd),
    );
    // An istiod that has not read its Secret yet may still have sent the other root to a proxy. On the way back, that
    // root has signed no certificate in use, and the proxy drops it with its next leaf.
    const isExact = !back && phase !== "drop";
    const isTrusting = (trusted: readonly string[]) =>
      expected.trusted.every((root) => trusted.includes(root)) &&
      (!isExact || trusted.every((root) => expected.trusted.includes(root) || known.includes(root)));
    return [
      ...late,
      ...unqueried,
      ...obstacle(
        "signsByOther",
        others.map(({ pod }) => pod),
      ),
      ...obstacle("acceptsFormer", (forgetsFormer(phase) && seen.notRestarted) || []),
      ...obstacle("trustsOthers", podsOf(queried.filter(({ trusted }) => !isTrusting(trusted)))),
      // While istiods change to the other root, a leaf may come from either root.
      ...(isChangingIssuer(phase)
        ? []
        : obstacle("leafOfOther", podsOf(queried.filter(({ root }) => root !== expected.issuer)))),
    ];
  });
}
