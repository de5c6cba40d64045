import * as pulumi from "@pulumi/pulumi";
import { giveUpInterrupted } from "../hooks/interruptedReleases.ts";
import { SYSTEM_NAMESPACE } from "../hooks/ownership.ts";
import { askedOf, type ClusterAccess } from "./clusterHook.ts";
import * as k8s from "./kubernetes.ts";
import { undoableHook } from "./undoableHook.ts";

export interface ClusterBaselineArgs {
  /** The cluster's name in the mesh, for messages. */
  readonly cluster: string;
  readonly network: string;
  readonly access: ClusterAccess;
  /** Istio's CRDs, and other people's custom resources with them, stay when the mesh goes. */
  readonly keepCrds: boolean;
}

/**
 * What was there before Istio: refused where it is another Istio, marked where it has to stay. It comes before all else in
 * its cluster and goes last, when it removes what Helm and istiod leave behind.
 */
export class ClusterBaseline extends pulumi.ComponentResource {
  /** Name of istiod's namespace, with its network's label. */
  readonly namespace: pulumi.Output<string>;
  /** The same, once Helm can install and upgrade whatever became of the run before. */
  readonly releaseNamespace: pulumi.Output<string>;
  /** Deleted after all that depends on it: it uninstalls the releases and removes what they leave. */
  readonly hook: pulumi.Resource;

  constructor(name: string, args: ClusterBaselineArgs, opts?: pulumi.ComponentResourceOptions) {
    super("csp-mesh:index:ClusterBaseline", name, {}, opts);
    const child = { parent: this };
    this.hook = undoableHook(
      `${name}-baseline`,
      { ...args.access, hook: "baseline", settings: { cluster: args.cluster, keepCrds: args.keepCrds } },
      child,
    );
    // A patch, because the namespace may be somebody's: Kubernetes' provider takes over what exists in some of its
    // versions, refuses it in others, and deletes it with the stack in both.
    const system = new k8s.NamespacePatch(
      `${name}-istio-system`,
      {
        metadata: {
          name: SYSTEM_NAMESPACE,
          labels: { "topology.istio.io/network": args.network },
          annotations: { "pulumi.com/patchForce": "true" },
        },
      },
      { ...child, dependsOn: this.hook },
    );
    this.namespace = system.metadata.apply((metadata) => metadata?.name ?? SYSTEM_NAMESPACE);
    const releaseNamespace = pulumi
      .all([this.namespace, args.access.kubeconfig, args.access.context])
      .apply(async ([namespace, kubeconfig, context]) => {
        if (!pulumi.runtime.isDryRun()) await askedOf(args.cluster, giveUpInterrupted(kubeconfig, context));
        return namespace;
      });
    // The kubeconfig may be secret, the namespace is not.
    this.releaseNamespace = pulumi.unsecret(releaseNamespace);

    this.registerOutputs({ namespace: this.namespace });
  }
}
