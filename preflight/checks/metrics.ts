// Whether the cluster has a metrics API for autoscalers.
import { type ApiService, METRICS_API, trouble } from "../../kube/metricsApi.ts";
import type { Check } from "../cluster.ts";

export const metrics: Check = async ({ name: cluster, read }, { metricsServer }) => {
  const service = await read<ApiService>(`/apis/apiregistration.k8s.io/v1/apiservices/${METRICS_API}`);
  if (service === undefined) {
    return metricsServer.source === undefined
      ? [{ id: "noMetrics", severity: "warning", cluster }]
      : [{ id: "metricsCome", severity: "ok", cluster }];
  }
  const said = trouble(service);
  return said === undefined
    ? [{ id: "metrics", severity: "ok", cluster }]
    : [{ id: "metricsNotServed", severity: "warning", cluster, said }];
};
