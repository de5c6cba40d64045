// Objects that may exist in a cluster before the mesh.
import type { KubernetesObject } from "@kubernetes/client-node";
import { images } from "../../lab/images.ts";

function crd(group: string, kind: string, version: string, metadata: object): KubernetesObject {
  const singular = kind.toLowerCase();
  const plural = `${singular}s`;
  const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}`, ...metadata },
    spec: {
      group,
      scope: "Namespaced",
      names: { kind, listKind: `${kind}List`, plural, singular },
      versions: [{ name: version, served: true, storage: true, schema }],
    },
  } as KubernetesObject;
}

/**
 * Objects that stay when the mesh is destroyed: existing namespaces for istiod and the sample with objects of others,
 * and CRDs of a removed Istio, one older and one newer than ours.
 */
export const foundBefore: readonly KubernetesObject[] = [
  {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "istio-system", labels: { "topology.istio.io/network": "another", owner: "somebody" } },
  },
  { apiVersion: "v1", kind: "Namespace", metadata: { name: "sample", labels: { owner: "somebody" } } },
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "shop", namespace: "sample" },
    spec: {
      selector: { matchLabels: { app: "shop" } },
      template: {
        metadata: { labels: { app: "shop" } },
        spec: {
          terminationGracePeriodSeconds: 0,
          containers: [{ name: "shop", image: images.curl, command: ["sleep", "infinity"] }],
        },
      },
    },
  } as KubernetesObject,
  crd("extensions.istio.io", "WasmPlugin", "v1alpha1", { annotations: { owner: "somebody" } }),
  crd("networking.istio.io", "ProxyConfig", "v1beta1", { labels: { "app.kubernetes.io/version": "99.0.0" } }),
];

/** A control plane that a provider has installed. Its pods need not run for the test. */
export const addonIstiod = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "istiod", namespace: "kube-public", labels: { app: "istiod" } },
  spec: {
    replicas: 0,
    selector: { matchLabels: { app: "istiod" } },
    template: {
      metadata: { labels: { app: "istiod" } },
      spec: { containers: [{ name: "discovery", image: "pilot" }] },
    },
  },
};

export const somebodysEntry = {
  apiVersion: "networking.istio.io/v1",
  kind: "ServiceEntry",
  metadata: { name: "somebodys", namespace: "default" },
  spec: { hosts: ["a.example"], location: "MESH_EXTERNAL", resolution: "NONE" },
};

export const somebodysRoute = {
  apiVersion: "gateway.networking.k8s.io/v1",
  kind: "HTTPRoute",
  metadata: { name: "front", namespace: "default" },
  spec: {},
};
