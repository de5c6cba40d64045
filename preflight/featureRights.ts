// Rights that only some configs need.
import { L7_KINDS } from "../mesh/ciliumL7.ts";
import { KEEP, type Right, rights } from "./right.ts";
import type { RightsSettings, SampleRights } from "./rights.ts";

type Features = Pick<RightsSettings, "gatewayApi" | "metricsServer" | "storageClass" | "cilium">;

export function featureRights({ gatewayApi, metricsServer, storageClass, cilium }: Features): Right[] {
  return [
    ...(gatewayApi ? gatewayApiRights : []),
    ...(metricsServer ? metricsServerRights : []),
    ...(storageClass ? rights("list create patch delete", "storage.k8s.io", "storageclasses") : []),
    ...(cilium ? ciliumRights(cilium) : []),
  ];
}

/** List other people's objects of these CRDs before deleting the CRDs. */
const gatewayApiRights = [
  ...rights("get list create update patch delete", "apiextensions.k8s.io", "customresourcedefinitions"),
  ...rights("list", "gateway.networking.k8s.io", "*"),
];

const RBAC = "rbac.authorization.k8s.io";
const kubeSystem = { namespace: "kube-system" };
const APPLY = "get list create patch delete";

/** Roles in metrics-server's `components.yaml` and in its chart. */
const METRICS_ROLES = ["metrics-server", "aggregated-metrics-reader", "metrics-server-aggregated-reader"].map(
  (name) => `system:${name}`,
);

/** All namespaced objects of metrics-server are in `kube-system`. */
const metricsServerRights = [
  ...rights(APPLY, "apiregistration.k8s.io", "apiservices"),
  ...rights(APPLY, RBAC, "clusterroles clusterrolebindings"),
  ...METRICS_ROLES.flatMap((name) => rights("bind", RBAC, "clusterroles", { name })),
  ...rights("bind", RBAC, "clusterroles", { name: "system:auth-delegator" }),
  ...rights("bind", RBAC, "roles", { ...kubeSystem, name: "extension-apiserver-authentication-reader" }),
  // Installed objects are found by label in all namespaces.
  ...rights("list", "apps", "deployments"),
  ...rights("list", "", "services serviceaccounts"),
  ...rights("list", "policy", "poddisruptionbudgets"),
  ...rights("list", RBAC, "rolebindings"),
  ...rights(APPLY, "apps", "deployments", kubeSystem),
  ...rights(APPLY, "", "services serviceaccounts", kubeSystem),
  ...rights(APPLY, "policy", "poddisruptionbudgets", kubeSystem),
  ...rights(APPLY, RBAC, "rolebindings", kubeSystem),
  // To report why it is not ready.
  ...rights("list", "", "pods events", kubeSystem),
  ...rights("get", "", "pods/log", kubeSystem),
];

/** Without `namespace`, Cilium's DaemonSet may be in any namespace. */
function ciliumRights({ namespace, l7 }: Exclude<Features["cilium"], false>): Right[] {
  const where = namespace === undefined ? {} : { namespace };
  return [
    ...rights("get list patch", "apps", "daemonsets", where),
    ...rights("get patch", "", "configmaps", { ...where, name: "cilium-config" }),
    ...rights("list delete", "apps", "controllerrevisions", where),
    ...rights("list", "", "pods events", where),
    // List users of the layer 7 proxy before disabling it.
    ...(l7 ? [...rights("list", "cilium.io", Object.values(L7_KINDS).join(" ")), ...rights("list", "", "pods")] : []),
  ];
}

/** Rights for the sample's workloads, for listing other objects in its namespace, and for the proof. */
export function sampleRights({ namespace, pullSecrets, traffic }: SampleRights): Right[] {
  const inside = { namespace };
  const rules = "virtualservices destinationrules";
  return [
    ...rights("get patch delete", "", "namespaces", { name: namespace }),
    ...rights(KEEP, "apps", "deployments", inside),
    ...rights(KEEP, "", "services serviceaccounts", inside),
    ...rights(KEEP, "telemetry.istio.io", "telemetries", inside),
    ...rights(traffic ? KEEP : "get delete", "networking.istio.io", rules, inside),
    ...(pullSecrets ? rights(KEEP, "", "secrets", inside) : []),
    // List other people's objects, because of which the namespace stays.
    ...rights("list", "*", "*", inside),
    // Objects on which the sample's Deployments depend.
    ...rights("list watch", "", "pods events persistentvolumeclaims", inside),
    ...rights("list watch", "apps", "replicasets", inside),
    ...rights("get create", "", "pods/exec", inside),
    ...rights("get", "", "pods/log", inside),
  ];
}

/** The probe's namespace has a new name each time, so the rights cannot be restricted to it. */
export const probeRights = [
  ...rights("create delete get list", "", "namespaces"),
  ...rights("create", "", "serviceaccounts serviceaccounts/token secrets"),
  ...rights("create delete get", "", "pods"),
  ...rights("get create", "", "pods/portforward"),
  ...rights("get", "", "configmaps", { namespace: "kube-system", name: "kube-root-ca.crt" }),
];
