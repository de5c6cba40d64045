// OpenShift admits a pod by the SecurityContextConstraints of its service account. A dry run by another account does
// not show this.
import { flattened, valueAt } from "../../mesh/chartValues.ts";
import type { Check } from "../cluster.ts";

const GROUP = "security.openshift.io/v1";

/**
 * With Istio's profile for OpenShift, proxies use a user id from their namespace's range, and istio-cni does what would
 * need NET_ADMIN.
 */
export const openShift: Check = async ({ name: cluster, ask }, { istio }) => {
  const { body } = await ask(`/apis/${GROUP}`);
  if ((body as { groupVersion?: unknown } | null)?.groupVersion !== GROUP) return [];
  const values = flattened(istio.values.istiod);
  const platform = valueAt(values, "platform") ?? valueAt(values, "global.platform");
  const isConfigured = platform === "openshift" && valueAt(values, "cni.enabled") !== false;
  return [
    isConfigured
      ? { id: "openShift", severity: "ok", cluster }
      : { id: "openShiftRefuses", severity: "warning", cluster },
  ];
};
