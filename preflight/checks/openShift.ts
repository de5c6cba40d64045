// OpenShift lets pods in by SecurityContextConstraints of their accounts, which no dry run by another account shows.
import { flattened, valueAt } from "../../mesh/chartValues.ts";
import type { Check } from "../cluster.ts";

const GROUP = "security.openshift.io/v1";

/** Istio's profile for it: proxies get users of their namespaces' ranges, and istio-cni does what needs NET_ADMIN. */
export const openShift: Check = async ({ name: cluster, ask }, { istio }) => {
  const { body } = await ask(`/apis/${GROUP}`);
  if ((body as { groupVersion?: unknown } | null)?.groupVersion !== GROUP) return [];
  const values = flattened(istio.values.istiod);
  const platform = valueAt(values, "platform") ?? valueAt(values, "global.platform");
  const isMeant = platform === "openshift" && valueAt(values, "cni.enabled") !== false;
  return [
    isMeant ? { id: "openShift", severity: "ok", cluster } : { id: "openShiftRefuses", severity: "warning", cluster },
  ];
};
