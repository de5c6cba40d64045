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
  /** `reviews` gives the cluster's name in its answers. */
  readonly claim: ClusterClaim;
  /** Number of the version of `reviews` here; see `reviewsVersion`. */
  readonly version: number;
  /** Made where it is not there. Somebody's own keeps its labels and stays. */
  readonly namespace: string;
  /** Images by workload. */
  readonly images: SampleImages;
  /** Requests and limits of each container, without its sidecar. @default none */
  readonly resources?: ContainerResources | undefined;
  /** On which nodes the pods may run. @default any */
  readonly pods?: Placement;
  /** Secrets with which nodes log in at the images' registry. @default none */
  readonly pullSecrets?: readonly PullSecret[];
  /** Where its pods get their proxies from; with another proxy they are made anew. */
  readonly injector: Injector;
  /** istiod is ready: pods made before its webhook serves stay without a sidecar. */
  readonly istiod: pulumi.Resource;
  /** Istio's own kinds are known. */
  readonly definitions: pulumi.Resource;
  /** What else must be done before the first pod with a proxy. @default nothing */
  readonly podPrerequisites?: readonly pulumi.Resource[];
  /** Longest wait for each workload, in seconds. @default 300 */
  readonly awaitSeconds?: number;
}

const skipAwait = { "pulumi.com/skipAwait": "true" };

/**
 * The part of Istio's Bookinfo that shows a mesh at work: one version of `reviews` in each cluster and `sleep` to ask it.
 * The Service `reviews` is in every cluster, because a name without one in the caller's own cluster does not resolve.
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
      // Another namespace is another resource.
      `${name}-namespace-${args.namespace}`,
      claim.access,
      {
        namespace: args.namespace,
        parts: sampleParts(logins),
        ...(args.injector.revision !== undefined && { revision: args.injector.revision }),
      },
      // Its pods wait for istiod anyway; before that, what istiod waits for comes first.
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
          // Not other people's, where the namespace is theirs.
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
          // A ClusterIP is there at once; awaited, each takes the provider ten seconds.
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
      // The Kubernetes provider would wait as well, but would not say why there are no pods.
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
