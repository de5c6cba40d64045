import * as pulumi from "@pulumi/pulumi";
import { kubeconfigText } from "../kube/parsedKubeconfig.ts";
import * as k8s from "./kubernetes.ts";
import { MeshResource } from "./meshResource.ts";

/**
 * A cluster that is permanently gone. The program no longer declares its resources, and this component makes their
 * deletion succeed without requests. The other clusters' remote secrets for it are deleted, and their istiods forget
 * it.
 */
export class GoneCluster extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("csp-mesh:index:GoneCluster", name, {}, opts);
    new MeshResource("GoneCluster", `${name}-gone`, undefined, { name }, { parent: this });
    // Replaces the provider of its resources by one that connects to nothing, even if the cluster's address answers.
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

/** Port 1 of this machine refuses connections at once. */
const nowhere = kubeconfigText({
  apiVersion: "v1",
  kind: "Config",
  clusters: [{ name: "gone", cluster: { server: "https://127.0.0.1:1" } }],
  contexts: [{ name: "gone", context: { cluster: "gone", user: "gone" } }],
  users: [{ name: "gone", user: {} }],
});
