// The resource metrics API, from which autoscalers read the usage of pods: served by metrics-server or by a provider's
// replacement.
import type { Named, Objects } from "./objects.ts";

export const METRICS_API = "v1beta1.metrics.k8s.io";

/** The fields of an APIService that the program reads. */
export type ApiService = Named & {
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
  };
};

export async function metricsApi(objects: Objects): Promise<ApiService | undefined> {
  return (await objects.read("apiregistration.k8s.io/v1", "APIService", METRICS_API)) as ApiService | undefined;
}

/** Why the API is not served, in the API server's words; undefined if it is. */
export function trouble(service: ApiService | undefined): string | undefined {
  if (service === undefined) return `APIService ${METRICS_API} does not exist`;
  const available = service.status?.conditions?.find(({ type }) => type === "Available");
  if (available?.status === "True") return undefined;
  return `APIService ${METRICS_API} is not available: ${available?.message ?? "the API server has not checked it yet"}`;
}
