// The objects that pulumi up creates in a cluster, for dry runs.
import { CLAIM } from "../mesh/claim.ts";
import { MADE, MANAGED_BY, PROGRAM } from "../mesh/ownership.ts";
import { INJECTION } from "../mesh/sampleInjection.ts";
import type { ComingPods } from "./comingPods.ts";

export interface ComingObject {
  /** Path for the POST request. */
  readonly path: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly body: object;
  /** The workload to which a pod belongs. */
  readonly pods?: ComingPods;
}

const labels = { [MANAGED_BY]: PROGRAM };

/** A namespace as the program creates it. @param isSample true if its pods get sidecars */
export function namespaceObject(name: string, isSample: boolean): ComingObject {
  const metadata = {
    name,
    annotations: { [MADE]: "true" },
    ...(isSample && { labels: { [INJECTION]: "enabled" } }),
  };
  return {
    path: "/api/v1/namespaces",
    kind: "Namespace",
    name,
    body: { apiVersion: "v1", kind: "Namespace", metadata },
  };
}

/** One object of each cluster-scoped kind: a policy that refuses one refuses the others as well. */
export function clusterObjects(): ComingObject[] {
  const role = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name: CLAIM, labels } };
  const webhook = {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingWebhookConfiguration",
    metadata: { name: "istio-sidecar-injector", labels: { app: "sidecar-injector" } },
    webhooks: [],
  };
  const names = { kind: "Telemetry", listKind: "TelemetryList", plural: "telemetries", singular: "telemetry" };
  const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
  const definition = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "telemetries.telemetry.istio.io", labels: { app: "istio-pilot" } },
    spec: {
      group: "telemetry.istio.io",
      names,
      scope: "Namespaced",
      versions: [{ name: "v1", served: true, storage: true, schema }],
    },
  };
  return [
    { path: "/apis/rbac.authorization.k8s.io/v1/clusterroles", body: role },
    { path: "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations", body: webhook },
    { path: "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", body: definition },
  ].map(({ path, body }) => ({ path, kind: body.kind, name: body.metadata.name, body }));
}

/** A workload's Deployment, one of its pods, its Service and its ServiceAccount. */
export function workloadObjects(pods: ComingPods): ComingObject[] {
  const { namespace, deployment: name, pod, service, account } = pods;
  // Disable injection, because istiod's webhook does not exist yet or would add a second proxy. Use the account
  // "default", because a missing account would be refused.
  const template = {
    metadata: {
      ...pod.metadata,
      labels: { ...pod.metadata?.labels, "sidecar.istio.io/inject": "false" },
    },
    spec: { ...pod.spec, serviceAccountName: "default" },
  };
  const matchLabels = template.metadata.labels;
  const inNamespace = (root: string, plural: string, kind: string, own: string, more: object, of?: ComingPods) => ({
    path: `${root}/namespaces/${namespace}/${plural}`,
    kind,
    namespace,
    name: own,
    body: {
      apiVersion: root.replace(/^\/apis?\//, ""),
      kind,
      metadata: { name: own, namespace, labels },
      ...more,
    },
    ...(of && { pods: of }),
  });
  const ofService = service && {
    metadata: { name: service.name, namespace, labels, annotations: service.annotations ?? {} },
    spec: service.spec,
  };
  return [
    inNamespace(
      "/api/v1",
      "pods",
      "Pod",
      name,
      { ...template, metadata: { ...template.metadata, name, namespace } },
      pods,
    ),
    inNamespace("/apis/apps/v1", "deployments", "Deployment", name, { spec: { selector: { matchLabels }, template } }),
    ...(ofService ? [inNamespace("/api/v1", "services", "Service", service.name, ofService)] : []),
    ...(account === undefined ? [] : [inNamespace("/api/v1", "serviceaccounts", "ServiceAccount", account, {})]),
  ];
}
