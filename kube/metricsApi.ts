// The API by which autoscalers learn what pods use: served by metrics-server, or by whatever else a provider has for it.
import type { Named, Objects } from "./objects.ts";

export const METRICS_API = "v1beta1.metrics.k8s.io";

/** An APIService, as far as it is looked at. */
export type ApiService = Named & {
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
  };
};

export async function metricsApi(objects: Objects): Promise<ApiService | undefined> {
  return (await objects.read("apiregistration.k8s.io/v1", "APIService", METRICS_API)) as ApiService | undefined;
}

/** What keeps it from being served, in the API server's words; nothing where it is. */
export function trouble(service: ApiService | undefined): string | undefined {
  if (service === undefined) return `there is no APIService ${METRICS_API}`;
  const available = service.status?.conditions?.find(({ type }) => type === "Available");
  if (available?.status === "True") return undefined;
  return `APIService ${METRICS_API} is not available: ${available?.message ?? "its service was not asked yet"}`;
}
