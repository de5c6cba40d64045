import { CALLER_IDENTITY_LOG } from "./istiodValues.ts";

export const REVIEWS = "reviews";
export const SLEEP = "sleep";
/** Service accounts, by app. */
export const ACCOUNTS = { [REVIEWS]: "bookinfo-reviews", [SLEEP]: "sleep" };

/** All objects that the sample may create in its namespace. @param logins names of its pull secrets */
export function sampleParts(logins: readonly string[]) {
  const of = (apiVersion: string, kind: string, ...names: string[]) =>
    names.map((name) => ({ apiVersion, kind, name }));
  return [
    ...of("apps/v1", "Deployment", "reviews-v1", "reviews-v2", "reviews-v3", SLEEP),
    ...of("v1", "Service", REVIEWS, SLEEP),
    ...of("v1", "Secret", ...logins),
    ...of("v1", "ServiceAccount", ...Object.values(ACCOUNTS)),
    ...of("telemetry.istio.io/v1", "Telemetry", CALLER_IDENTITY_LOG),
    ...of("networking.istio.io/v1", "VirtualService", REVIEWS),
    ...of("networking.istio.io/v1", "DestinationRule", REVIEWS),
  ];
}
