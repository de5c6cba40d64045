import * as pulumi from "@pulumi/pulumi";
import type { ContainerResources } from "../mesh/gatewayOptions.ts";
import { CALLER_IDENTITY_LOG } from "../mesh/istiodValues.ts";
import { anywhere, type Injector, type Placement, withNewProxies } from "../mesh/podParts.ts";
import { REVIEWS, sampleParts } from "../mesh/sampleParts.ts";
import { type SampleImages, sampleWorkloads } from "../mesh/samplePods.ts";
import type { ClusterClaim } from "./clusterClaim.ts";
import * as k8s from "./kubernetes.ts";
import { MeshResource } from "./meshResource.ts";
import { ours } from "./ours.ts";
import { makePullSecrets, type PullSecret } from "./pullSecrets.ts";
import { within } from "./timeouts.ts";

export interface SampleBookinfoArgs {
  /** The cluster's claim. `reviews` answers with the cluster's name. */
  readonly claim: ClusterClaim;
  /** Number of the version of `reviews` here; see `reviewsVersion`. */
  readonly version: number;
  /** Created if it does not exist. An existing namespace keeps its labels and is not deleted. */
  readonly namespace: string;
  /** Images by workload. */
  readonly images: SampleImages;
  /** Requests and limits of each container, without its sidecar. @default none */
  readonly resources?: ContainerResources | undefined;
  /** Placement of the pods. @default any node */
  readonly pods?: Placement;
  /** Pull secrets for the images' registry. @default none */
  readonly pullSecrets?: readonly PullSecret[];
  /** The istiod and the image of its pods' proxies; a change recreates the pods. */
  readonly injector: Injector;
  /** istiod is ready: pods that are created before its webhook serves get no sidecar. */
  readonly istiod: pulumi.Resource;
  /** Istio's CRDs are installed. */
  readonly definitions: pulumi.Resource;
  /** Resources that must be done before the first pod with a proxy is created. @default none */
  readonly podPrerequisites?: readonly pulumi.Resource[];
  /** Longest wait for each workload, in seconds. @default 300 */
  readonly awaitSeconds?: number;
}

const skipAwait = { "pulumi.com/skipAwait": "true" };

/**
 * The part of Istio's Bookinfo that proves a mesh: one version of `reviews` in each cluster, and `sleep` to call it.
 * The Service `reviews` exists in every cluster, because a name without a Service in the caller's cluster does not
 * resolve.
 */
export class SampleBookinfo extends pulumi.ComponentResource {
  /** Namespace of both workloads. */
  readonly namespace: pulumi.Output<string>;

  constructor(name: string, args: SampleBookinfoArgs, opts: pulumi.ComponentResourceOptions) {
    super("csp-mesh:index:SampleBookinfo", name, {}, opts);
    const { pullSecrets = [], podPrerequisites = [], awaitSeconds = 300 } = args;
    const child = { parent: this };

    const logins = pullSecrets.filter(({ login }) => login !== undefined).map(({ name }) => name);
    const { claim, definitions } = args;
    const { found } = new MeshResource<{ namespace: string }>(
      "SampleNamespace",
      // The namespace is part of the name, so that changing it replaces the resource.
      `${name}-namespace-${args.namespace}`,
      claim.access,
      {
        namespace: args.namespace,
        parts: sampleParts(logins),
        ...(args.injector.revision !== undefined && { revision: args.injector.revision }),
      },
      // Its pods wait for istiod anyway, so create istiod's dependencies first.
      { ...child, dependsOn: [claim.done, definitions] },
      ["namespace"],
    );
    const { namespace } = found;
    const secrets = makePullSecrets(`${name}-sample`, namespace, pullSecrets, child);

    new k8s.CustomResource(
      `${name}-access-log`,
      {
        apiVersion: "telemetry.istio.io/v1",
        kind: "Telemetry",
        metadata: { name: CALLER_IDENTITY_LOG, namespace },
        spec: {
          // Select only our pods, because the namespace may belong to others.
          selector: { matchLabels: { app: REVIEWS } },
          accessLogging: [{ providers: [{ name: CALLER_IDENTITY_LOG }] }],
        },
      },
      { ...child, dependsOn: [args.istiod, definitions] },
    );

    const workloads = sampleWorkloads({
      cluster: claim.access.cluster,
      version: args.version,
      images: args.images,
      resources: args.resources,
      pullSecrets,
      pods: args.pods ?? anywhere,
    });
    for (const { app, port, deployment, account, labels, ...workload } of workloads) {
      const template = withNewProxies(workload.template, args.injector);
      const serviceAccount = new k8s.ServiceAccount(
        `${name}-${app}-account`,
        { metadata: ours({ name: account, namespace }) },
        child,
      );
      new k8s.Service(
        `${name}-${app}-service`,
        {
          // A ClusterIP exists at once, but the plugin would wait ten seconds for each.
          metadata: ours({ name: app, namespace, labels: { app, service: app }, annotations: skipAwait }),
          spec: { ports: [{ name: "http", port }], selector: { app } },
        },
        child,
      );
      const made = new k8s.Deployment(
        `${name}-${app}`,
        {
          metadata: ours({ name: deployment, namespace, labels, annotations: skipAwait }),
          spec: {
            replicas: 1,
            selector: { matchLabels: labels },
            template: { ...template, spec: { ...template.spec, serviceAccountName: serviceAccount.metadata.name } },
          },
        },
        { ...child, dependsOn: [args.istiod, ...podPrerequisites, ...secrets], customTimeouts: within(awaitSeconds) },
      );
      // Pulumi's plugin would also wait, but would not report why there are no pods.
      new MeshResource(
        "DeploymentReady",
        `${name}-${app}-ready`,
        claim.access,
        { namespace, name: deployment, awaitSeconds, after: { deployment: made.metadata.uid, template } },
        { ...child, dependsOn: made },
      );
    }

    this.namespace = namespace;
    this.registerOutputs({ namespace });
  }
}
