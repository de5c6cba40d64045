import * as pulumi from "@pulumi/pulumi";
import { RandomId } from "@pulumi/random/randomId.js";
import { stackOwner } from "../config/stackOwner.ts";
import { SYSTEM_NAMESPACE } from "../mesh/ownership.ts";
import { sampleParts } from "../mesh/sampleParts.ts";
import * as k8s from "./kubernetes.ts";
import { type ClusterAccess, MeshResource } from "./meshResource.ts";

export interface ClusterClaimArgs {
  /** The cluster's name in the mesh: a DNS-1123 label. Another name later is another cluster. */
  readonly cluster: string;
  /** Path of a kubeconfig as the config has it, or its text as a secret. */
  readonly kubeconfig: pulumi.Input<string>;
  readonly context: pulumi.Input<string>;
  /** Network of its pods, no other cluster's. It cannot change while the mesh stands. */
  readonly network: string;
  /** The same in every cluster of the mesh; it cannot change while the mesh stands. */
  readonly meshId: string;
  /** The same in every cluster of the mesh; it cannot change while the mesh stands. */
  readonly trustDomain: string;
  /** Istio's CRDs, and other people's custom resources with them, stay when the mesh goes. @default false */
  readonly keepCrds?: boolean;
  /** Release of Istio that will be installed, such as `1.31.0`: CRDs of a later one stay as they are. */
  readonly istioVersion: string;
  /** What this stack may make besides the mesh: looked for once more when the cluster is left. @default nothing */
  readonly extras?: ClusterExtras;
  /** Longest wait when the cluster is left, in seconds. @default 300 */
  readonly awaitSeconds?: number;
}

export interface ClusterExtras {
  /** Cilium is set up for Istio: in this namespace, or wherever it is found. */
  readonly cilium?: { readonly namespace?: string | undefined } | undefined;
  readonly gatewayApi?: boolean;
  readonly metricsServer?: boolean;
  readonly storageClass?: boolean;
  /** Namespace of the sample. */
  readonly sample?: { readonly namespace: string; readonly logins: readonly string[] } | undefined;
}

/**
 * A cluster of the mesh, claimed for this stack: a cluster of another stack is refused, and nothing of another stack is ever touched.
 * It comes before all else in its cluster and goes last, when it removes what Helm, istiod and killed runs leave behind.
 */
export class ClusterClaim extends pulumi.ComponentResource {
  /** How the stack's own provider reaches the cluster, with the claim. */
  readonly access: ClusterAccess;
  /** Name of istiod's namespace, with its network's label. */
  readonly namespace: pulumi.Output<string>;
  /** The same, once Helm can install and upgrade whatever became of the run before. */
  readonly releaseNamespace: pulumi.Output<string>;
  /** The cluster is this stack's. */
  readonly done: pulumi.Resource;
  /** Names of Istio's CRDs that are of a later release. */
  readonly newerCrds: pulumi.Output<readonly string[]>;
  readonly network: string;
  readonly meshId: string;
  readonly trustDomain: string;

  constructor(name: string, args: ClusterClaimArgs, opts?: pulumi.ComponentResourceOptions) {
    super("csp-mesh:index:ClusterClaim", name, {}, opts);
    const child = { parent: this };
    const { cluster, kubeconfig, context, network, meshId, trustDomain, istioVersion: istio, keepCrds = false } = args;
    const { awaitSeconds = 300 } = args;
    const { cilium, sample, ...extras } = args.extras ?? {};
    this.network = network;
    this.meshId = meshId;
    this.trustDomain = trustDomain;

    // Of this state: a second one of the same name is another owner.
    const claimId = new RandomId(`${name}-claim-id`, { byteLength: 8 }, child).hex;
    const owner = stackOwner();
    const bare = { cluster, kubeconfig, context };
    // Recorded before the claim is made: what a killed run made without a record goes with it.
    const cleanup = new MeshResource(
      "ClusterCleanup",
      `${name}-cleanup`,
      bare,
      {
        claimId,
        owner,
        keepCrds,
        awaitSeconds,
        gatewayApi: false,
        metricsServer: false,
        storageClass: false,
        ...extras,
        ...(cilium && { cilium }),
        ...(sample && { sample: { namespace: sample.namespace, parts: sampleParts(sample.logins) } }),
      },
      child,
    );
    const claim = new MeshResource<{ uid: string; newerCrds: readonly string[] }>(
      "ClusterClaim",
      `${name}-claim`,
      bare,
      { claimId, owner, network, mesh: meshId, trustDomain, keepCrds, istio },
      { ...child, dependsOn: cleanup },
      ["uid", "newerCrds"],
    );
    this.done = claim;
    this.newerCrds = claim.found.newerCrds;
    this.access = { ...bare, claim: claimId };

    // A patch, because the namespace may be somebody's: Kubernetes' provider takes over what exists in some of its
    // versions, refuses it in others, and deletes it with the stack in both.
    const system = new k8s.NamespacePatch(
      `${name}-istio-system`,
      {
        metadata: {
          name: SYSTEM_NAMESPACE,
          labels: { "topology.istio.io/network": network },
          annotations: { "pulumi.com/patchForce": "true" },
        },
      },
      { ...child, dependsOn: claim },
    );
    this.namespace = system.metadata.apply((metadata) => metadata?.name ?? SYSTEM_NAMESPACE);
    const releases = new MeshResource(
      "InterruptedReleases",
      `${name}-interrupted-releases`,
      this.access,
      {},
      { ...child, dependsOn: claim },
    );
    this.releaseNamespace = pulumi.all([this.namespace, releases.urn]).apply(([namespace]) => namespace);

    this.registerOutputs({ namespace: this.namespace });
  }
}
