import * as pulumi from "@pulumi/pulumi";
import { RandomId } from "@pulumi/random/randomId.js";
import { stackOwner } from "../config/stackOwner.ts";
import { SYSTEM_NAMESPACE } from "../mesh/ownership.ts";
import { sampleParts } from "../mesh/sampleParts.ts";
import * as k8s from "./kubernetes.ts";
import { type ClusterAccess, MeshResource } from "./meshResource.ts";

export interface ClusterClaimArgs {
  /** The cluster's name in the mesh: a DNS-1123 label. Changing it means another cluster. */
  readonly cluster: string;
  /** Path of a kubeconfig as written in the config, or its text as a secret. */
  readonly kubeconfig: pulumi.Input<string>;
  readonly context: pulumi.Input<string>;
  /** Network of its pods, unique in the mesh. It cannot change while the mesh exists. */
  readonly network: string;
  /** Must be the same in every cluster of the mesh. It cannot change while the mesh exists. */
  readonly meshId: string;
  /** Must be the same in every cluster of the mesh. It cannot change while the mesh exists. */
  readonly trustDomain: string;
  /** Keep Istio's CRDs, and therefore all custom resources, when the mesh is destroyed. @default false */
  readonly keepCrds?: boolean;
  /** Release of Istio to install, such as `1.31.0`. CRDs of a later release are not changed. */
  readonly istioVersion: string;
  /** Further features of this stack whose leftovers the cleanup searches on destroy. @default none */
  readonly extras?: ClusterExtras;
  /** Longest wait of the cleanup, in seconds. @default 300 */
  readonly awaitSeconds?: number;
}

export interface ClusterExtras {
  /** Cilium is configured for Istio, in this namespace or in the one where it is found. */
  readonly cilium?: { readonly namespace?: string | undefined } | undefined;
  readonly gatewayApi?: boolean;
  readonly metricsServer?: boolean;
  readonly storageClass?: boolean;
  /** Namespace of the sample, and names of its pull secrets. */
  readonly sample?: { readonly namespace: string; readonly logins: readonly string[] } | undefined;
}

/**
 * Claims a cluster of the mesh for this stack. Refuses a cluster of another stack and changes nothing in it. It is the
 * first resource in its cluster and is deleted last; then it deletes the leftovers of Helm, istiod and killed runs.
 */
export class ClusterClaim extends pulumi.ComponentResource {
  /** Kubeconfig, context and claim for the stack's own provider. */
  readonly access: ClusterAccess;
  /** Name of istiod's namespace, which has its network label. */
  readonly namespace: pulumi.Output<string>;
  /** The same, available after interrupted releases are corrected, so that Helm can install and upgrade. */
  readonly releaseNamespace: pulumi.Output<string>;
  /** Done when the cluster is claimed for this stack. */
  readonly done: pulumi.Resource;
  /** Names of Istio's CRDs that belong to a later release. */
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

    // The id belongs to this state: another state of a stack with the same name is another owner.
    const claimId = new RandomId(`${name}-claim-id`, { byteLength: 8 }, child).hex;
    const owner = stackOwner();
    const bare = { cluster, kubeconfig, context };
    // Created before the claim, so that a destroy also deletes objects that a killed run did not record.
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

    // A patch, because the namespace may belong to others. Pulumi's plugin takes over or refuses existing objects,
    // depending on its version, and deletes them with the stack in both cases.
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
