// The second istiod of a cluster, which is there while Istio is upgraded.

/** Its revision (`istio.io/rev`), and the end of the names of all that its chart makes: the same in every upgrade. */
export const NEXT = "next";
/** Its Helm release, and its Deployment. */
export const NEXT_ISTIOD = `istiod-${NEXT}`;

/** What it gives proxies to, each with all before it. Everything else has those of the istiod that stays. */
export const SERVED = ["nothing", "sample", "gateways"] as const;
export type Served = (typeof SERVED)[number];

export const isServed = (what: Served, by: Served): boolean => SERVED.indexOf(by) >= SERVED.indexOf(what);

/** A Deployment's own part of a pod's name has no vowels. */
export const isNextIstiod = (pod: string): boolean => pod.startsWith(`${NEXT_ISTIOD}-`);
export const istiodOf = (pod: string): string => (isNextIstiod(pod) ? NEXT_ISTIOD : "istiod");
