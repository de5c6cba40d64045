// What may be in somebody's cluster before the mesh comes.
import type { KubernetesObject } from "@kubernetes/client-node";
import { images } from "../../lab/images.ts";

/**
 * What stays when the mesh goes: namespaces that are lent to istiod and to the sample, with somebody's own work, and a CRD of
 * an Istio that was here once.
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
  {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "wasmplugins.extensions.istio.io", annotations: { owner: "somebody" } },
    spec: {
      group: "extensions.istio.io",
      scope: "Namespaced",
      names: { kind: "WasmPlugin", listKind: "WasmPluginList", plural: "wasmplugins", singular: "wasmplugin" },
      versions: [
        {
          name: "v1alpha1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
        },
      ],
    },
  } as KubernetesObject,
];

/** A control plane that a provider installed, though none of its pods need to run for that. */
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
