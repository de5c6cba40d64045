// The second istiod of a cluster, which exists only during an upgrade of Istio.

/** Its revision (`istio.io/rev`), the suffix of its chart's object names. Every upgrade uses the same revision. */
export const NEXT = "next";
/** Name of its Helm release and of its Deployment. */
export const NEXT_ISTIOD = `istiod-${NEXT}`;

/** The pods that get proxies from it; each value includes the values before it. All other pods use the istiod that stays. */
export const SERVED = ["nothing", "sample", "gateways"] as const;
export type Served = (typeof SERVED)[number];

export const isServed = (what: Served, by: Served): boolean => SERVED.indexOf(by) >= SERVED.indexOf(what);

/** Not ambiguous: the generated part of a pod's name has no vowels, so it is never `next`. */
export const isNextIstiod = (pod: string): boolean => pod.startsWith(`${NEXT_ISTIOD}-`);
export const istiodOf = (pod: string): string => (isNextIstiod(pod) ? NEXT_ISTIOD : "istiod");
