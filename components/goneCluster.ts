import * as pulumi from "@pulumi/pulumi";
import { kubeconfigText } from "../kube/parsedKubeconfig.ts";
import * as k8s from "./kubernetes.ts";
import { MeshResource } from "./meshResource.ts";

/**
 * A cluster that is gone for good. Its resources, which the program no longer has, leave the stack in the same run without any
 * request to it; the other clusters' remote secrets of it are deleted, and their istiods forget it.
 */
export class GoneCluster extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("csp-mesh:index:GoneCluster", name, {}, opts);
    new MeshResource("GoneCluster", `${name}-gone`, undefined, { name }, { parent: this });
    // The provider of its resources, which leads nowhere from now on: an address that answers is not reached either.
    new k8s.Provider(name, {
      kubeconfig: nowhere,
      context: "gone",
      clusterIdentifier: name,
      enableSecretMutable: true,
      deleteUnreachable: true,
    });
    this.registerOutputs();
  }
}

/** Port 1 of this machine: refused at once. */
const nowhere = kubeconfigText({
  apiVersion: "v1",
  kind: "Config",
  clusters: [{ name: "gone", cluster: { server: "https://127.0.0.1:1" } }],
  contexts: [{ name: "gone", context: { cluster: "gone", user: "gone" } }],
  users: [{ name: "gone", user: {} }],
});
