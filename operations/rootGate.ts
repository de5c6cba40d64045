// Whether every istiod and proxy holds what a phase of the root's rotation is for. Pure.
import { X509Certificate } from "node:crypto";
import { isChangingIssuer, type RotationPhase } from "../mesh/rootPhases.ts";
import { isSeen, type Look } from "../status/facts.ts";

/** What the stack has made, by SHA-256 fingerprint. */
export interface ExpectedTrust {
  readonly trusted: readonly string[];
  /** The root below which istiods sign. */
  readonly issuer: string;
  /** When that root ends, in ms since the epoch. */
  readonly rootEnd: number;
  /** By cluster, when its intermediate ends, in ms since the epoch. None where no root is exchanged. */
  readonly ends: Readonly<Record<string, number>>;
}

type At<Id extends string, Facts = unknown> = {
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
  /** Their proxies do not take roots from istiod: made before the program's settings were there. */
  | At<"withoutAgent", Pods>
  | At<"signsByOther", Pods>
  | At<"trustsOthers", Pods>
  | At<"leafOfOther", Pods>
  | At<"proxyNotAsked", Pods & { said: string }>;

const OF_ROOT = ["withoutAgent", "signsByOther", "trustsOthers", "leafOfOther", "proxyNotAsked"];

/** Never left out, even by --force: the next phase would break what it names. */
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

/** @param expected undefined where nothing was declared yet */
export function rootObstacles(
  looks: readonly Look[],
  phase: RotationPhase | undefined,
  expected?: ExpectedTrust,
  back = false,
): RootObstacle[] {
  return looks.filter(isSeen).flatMap(({ name: cluster, istiods, proxies = [], withoutAgent = [] }) => {
    const obstacle = <Id extends "withoutAgent" | "signsByOther" | "trustsOthers" | "leafOfOther">(
      id: Id,
      pods: readonly string[],
    ) => (pods.length === 0 ? [] : [{ id, severity: "error" as const, cluster, peer: "" as const, pods }]);
    const late = obstacle("withoutAgent", withoutAgent);
    const unasked = proxies.flatMap(({ pod, failure }): RootObstacle[] =>
      failure === undefined
        ? []
        : [{ id: "proxyNotAsked", severity: "error", cluster, peer: "", pods: [pod], said: failure }],
    );
    if (expected === undefined) return [...late, ...unasked];
    const asked = proxies.filter(({ failure }) => failure === undefined);
    const podsOf = (wrong: typeof asked) => wrong.map(({ pod }) => pod);
    const end = expected.ends[cluster];
    const others = istiods.filter(
      ({ signerEnds, rootEnds }) =>
        (end !== undefined && signerEnds !== end) || (phase === "drop" && rootEnds !== expected.rootEnd),
    );
    // An istiod that has not read its Secret yet may still have handed the other root to a proxy. On the way back that root has
    // signed nothing that is in use, and goes with the next leaf.
    const isExact = !back && phase !== "drop";
    const isTrusting = (trusted: readonly string[]) =>
      expected.trusted.every((root) => trusted.includes(root)) &&
      (!isExact || trusted.length === expected.trusted.length);
    return [
      ...late,
      ...unasked,
      ...obstacle(
        "signsByOther",
        others.map(({ pod }) => pod),
      ),
      ...obstacle("trustsOthers", podsOf(asked.filter(({ trusted }) => !isTrusting(trusted)))),
      // Until every istiod signs below the other root, a leaf may be of either.
      ...(isChangingIssuer(phase)
        ? []
        : obstacle("leafOfOther", podsOf(asked.filter(({ root }) => root !== expected.issuer)))),
    ];
  });
}
