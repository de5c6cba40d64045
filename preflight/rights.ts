// Rights that an account needs in one cluster for `pulumi up`, the proof and `pulumi destroy`, and further ones for a
// root rotation.
//
// Istio's charts create roles. To create a role, an account needs all rights that the role grants, or `escalate` on the
// role and `bind` for its binding. This list contains `escalate`, and `bind` for named roles, instead of the rights that
// the roles grant. It is therefore the same for every release of Istio. Listing istiod's own rights would not restrict
// the account, because an account that may create workloads and webhooks can obtain any right.

import { METRICS_API } from "../kube/metricsApi.ts";
import { NEXT, NEXT_ISTIOD } from "../mesh/nextIstiod.ts";
import { CA_SECRET, SYSTEM_NAMESPACE } from "../mesh/ownership.ts";
import { featureRights, probeRights, sampleRights } from "./featureRights.ts";
import { distinct, KEEP, type Right, rights } from "./right.ts";

export type { Right } from "./right.ts";

/** Settings that determine the rights needed in a cluster. */
export interface RightsSettings {
  /** Install the Gateway API's CRDs if there are none. */
  readonly gatewayApi: boolean;
  readonly metricsServer: boolean;
  readonly storageClass: boolean;
  /** Configure Cilium for Istio, in this namespace or in the one where it is found. `l7`: disable its layer 7 proxy. */
  readonly cilium: false | { readonly namespace?: string | undefined; readonly l7?: boolean };
  /** Keep Istio's CRDs when the mesh is destroyed. */
  readonly keepCrds: boolean;
  readonly sample: false | SampleRights;
  /** Two istiods exist, as during an upgrade of Istio. @default false */
  readonly secondIstiod?: boolean;
  /** Start the probe's short-lived pods, in a namespace of their own. */
  readonly probe: boolean;
}

export interface SampleRights {
  readonly namespace: string;
  /** Create pull secrets with logins in this namespace. */
  readonly pullSecrets: boolean;
  /** Create traffic rules for the sample. */
  readonly traffic: boolean;
}

/** All needed rights, without those that another one includes. */
export function neededRights(settings: RightsSettings): readonly Right[] {
  const { sample, probe, keepCrds, secondIstiod } = settings;
  return distinct([
    ...lookRights,
    ...baselineRights,
    ...(keepCrds ? [] : rights("delete", "apiextensions.k8s.io", CRDS)),
    ...chartRights,
    ...gatewayRights,
    ...(secondIstiod ? boundTo(`-${NEXT}`, NEXT_ISTIOD) : []),
    ...checkRights,
    ...featureRights(settings),
    ...(sample ? sampleRights(sample) : []),
    ...(probe ? probeRights : []),
  ]);
}

const CRDS = "customresourcedefinitions";
const RBAC = "rbac.authorization.k8s.io";
const GATEWAY_API = "gateway.networking.k8s.io";
/** API groups of Istio's CRDs, including those of former releases. */
const ISTIO_GROUPS = ["networking", "security", "telemetry", "extensions", "install"].map((name) => `${name}.istio.io`);

const system = { namespace: SYSTEM_NAMESPACE };

/** Rights of the preflight: nodes, pods, load balancers, and add-ons of the provider. */
const lookRights = [
  ...rights("get", "", "namespaces", { name: "kube-system" }),
  ...rights("list", "", "nodes pods services"),
  ...rights("list", "apps", "daemonsets"),
  ...rights("list", "storage.k8s.io", "storageclasses"),
  // To read the live root's certificate.
  ...rights("get", "", "secrets", { ...system, name: CA_SECRET }),
];

/** Objects that existed before the mesh, and objects that istiod leaves, are searched in all namespaces. */
const baselineRights = [
  ...rights("create", "", "namespaces"),
  ...rights("get patch delete", "", "namespaces", { name: SYSTEM_NAMESPACE }),
  ...rights("list", "", "secrets"),
  ...rights("list get delete", "", "configmaps"),
  ...rights("list", "apps", "deployments"),
  ...ISTIO_GROUPS.flatMap((group) => rights("list", group, "*")),
  ...rights("list get patch delete", GATEWAY_API, "gatewayclasses"),
  // istiod's leader election records, in a namespace that stays.
  ...rights("list get delete", "coordination.k8s.io", "leases", system),
  // To list objects of others in a namespace before deleting it.
  ...rights("list", "*", "*", system),
];

/** Roles of Istio's charts, with the release that creates them. */
const CHART_ROLES = ["istiod-clusterrole", "istiod-gateway-controller", "istio-reader-clusterrole"];
const boundTo = (revision: string, role: string) => [
  ...CHART_ROLES.flatMap((name) =>
    rights("bind", RBAC, "clusterroles", { name: `${name}${revision}-${SYSTEM_NAMESPACE}` }),
  ),
  ...rights("bind", RBAC, "roles", { ...system, name: role }),
];

const chartRights = [
  ...rights("get list create patch", "apiextensions.k8s.io", CRDS),
  ...rights(
    "get list create patch delete",
    "admissionregistration.k8s.io",
    "mutatingwebhookconfigurations validatingwebhookconfigurations",
  ),
  ...rights("get create patch delete", RBAC, "clusterroles clusterrolebindings"),
  // `resourceNames` cannot restrict these: the authorizer does not know the name of an object that is being created.
  ...rights("escalate", RBAC, "clusterroles"),
  ...rights("escalate", RBAC, "roles", system),
  ...boundTo("", "istiod"),
  ...rights("get create patch delete", RBAC, "roles rolebindings", system),
  // Helm keeps its releases in Secrets.
  ...rights("update", "", "secrets", system),
  ...rights(KEEP, "", "configmaps secrets services serviceaccounts", system),
  ...rights(KEEP, "apps", "deployments", system),
  ...rights(KEEP, "autoscaling", "horizontalpodautoscalers", system),
  ...rights(KEEP, "policy", "poddisruptionbudgets", system),
];

/**
 * Rights for gateways, in addition to those for the charts. Events and pods are read to report why a gateway is not
 * ready.
 */
const gatewayRights = [
  ...rights(KEEP, RBAC, "roles rolebindings", system),
  ...rights(KEEP, "networking.istio.io", "gateways", system),
  ...rights(KEEP, "security.istio.io", "peerauthentications", system),
  ...rights("list watch", "", "pods events", system),
  ...rights("list watch", "apps", "replicasets", system),
  ...rights("get", "apiregistration.k8s.io", "apiservices", { name: METRICS_API }),
];

/**
 * The proof calls istiod from inside its pods. An exec by WebSocket is a `get`, and from Kubernetes 1.35 on a `create`.
 */
const checkRights = rights("get create", "", "pods/exec", system);

/** Rights for `rotate-root` alone, which reads the certificates of every sidecar, in all namespaces. */
export const rotationRights: readonly Right[] = rights("get create", "", "pods/exec");
