import * as pulumi from "@pulumi/pulumi";
import { CALLER_IDENTITY_LOG } from "../mesh/istiodValues.ts";
import type { ClusterClaim } from "./clusterClaim.ts";
import * as k8s from "./kubernetes.ts";
import { MeshResource } from "./meshResource.ts";
import { ours } from "./ours.ts";
import { makePullSecrets, type PullSecret, withPullSecrets } from "./pullSecrets.ts";
import { ACCOUNTS, REVIEWS, SLEEP, sampleParts } from "./sampleParts.ts";
import { within } from "./timeouts.ts";

export interface SampleBookinfoArgs {
  /** `reviews` gives the cluster's name in its answers. */
  readonly claim: ClusterClaim;
  /** Number of the version of `reviews` here; see `reviewsVersion`. */
  readonly version: number;
  /** Made where it is not there. Somebody's own keeps its labels and stays. */
  readonly namespace: string;
  /** Images by workload. */
  readonly images: Readonly<Record<"reviews-v1" | "reviews-v2" | "reviews-v3" | "curl", string>>;
  /** Secrets with which nodes log in at the images' registry. @default none */
  readonly pullSecrets?: readonly PullSecret[];
  /** istiod is ready: pods made before its webhook serves stay without a sidecar. */
  readonly istiod: pulumi.Resource;
  /** Istio's own kinds are known. */
  readonly definitions: pulumi.Resource;
  /** What else must be done before the first pod with a proxy. @default nothing */
  readonly podPrerequisites?: readonly pulumi.Resource[];
  /** Longest wait for each workload, in seconds. @default 300 */
  readonly awaitSeconds?: number;
}

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

    const reviews = `reviews-v${args.version}`;
    const logins = pullSecrets.filter(({ login }) => login !== undefined).map(({ name }) => name);
    const { claim, definitions } = args;
    const { found } = new MeshResource<{ namespace: string }>(
      "SampleNamespace",
      // Another namespace is another resource.
      `${name}-namespace-${args.namespace}`,
      claim.access,
      { namespace: args.namespace, parts: sampleParts(logins) },
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

    const workload = (app: string, deployment: string, account: string, port: number, pod: PodTemplate) => {
      const serviceAccount = new k8s.ServiceAccount(
        `${name}-${app}-account`,
        { metadata: ours({ name: account, namespace }) },
        child,
      );
      new k8s.Service(
        `${name}-${app}-service`,
        {
          // A ClusterIP is there at once; awaited, each takes the provider ten seconds.
          metadata: ours({
            name: app,
            namespace,
            labels: { app, service: app },
            annotations: { "pulumi.com/skipAwait": "true" },
          }),
          spec: { ports: [{ name: "http", port }], selector: { app } },
        },
        child,
      );
      const labels = { app, ...pod.labels };
      new k8s.Deployment(
        `${name}-${app}`,
        {
          metadata: ours({ name: deployment, namespace, labels }),
          spec: {
            replicas: 1,
            selector: { matchLabels: labels },
            template: {
              // In a namespace without injection as well.
              metadata: { labels: { ...labels, "sidecar.istio.io/inject": "true" } },
              spec: {
                serviceAccountName: serviceAccount.metadata.name,
                securityContext: {
                  runAsNonRoot: true,
                  runAsUser: pod.user,
                  seccompProfile: { type: "RuntimeDefault" },
                },
                // Nothing here is worth a graceful end.
                terminationGracePeriodSeconds: 0,
                ...withPullSecrets(pullSecrets),
                containers: [{ name: app, imagePullPolicy: "IfNotPresent", securityContext, ...pod.container }],
                volumes: pod.volumes ?? [],
              },
            },
          },
        },
        { ...child, dependsOn: [args.istiod, ...podPrerequisites, ...secrets], customTimeouts: within(awaitSeconds) },
      );
    };

    workload(REVIEWS, reviews, ACCOUNTS[REVIEWS], 9080, {
      labels: { version: `v${args.version}` },
      user: 1001,
      container: {
        image: args.images[reviews as keyof SampleBookinfoArgs["images"]],
        env: [
          { name: "LOG_DIR", value: "/tmp/logs" },
          { name: "CLUSTER_NAME", value: claim.access.cluster },
        ],
        ports: [{ containerPort: 9080 }],
        volumeMounts: [
          { name: "tmp", mountPath: "/tmp" },
          { name: "wlp-output", mountPath: "/opt/ibm/wlp/output" },
        ],
      },
      volumes: [
        { name: "wlp-output", emptyDir: {} },
        { name: "tmp", emptyDir: {} },
      ],
    });
    workload(SLEEP, SLEEP, ACCOUNTS[SLEEP], 80, {
      user: 100,
      container: { image: args.images.curl, command: ["/bin/sleep", "infinity"] },
    });

    this.namespace = namespace;
    this.registerOutputs({ namespace });
  }
}

/** As Pod Security's profile "restricted" wants containers. */
const securityContext = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };

/** What sets one workload of the sample apart from another. */
interface PodTemplate {
  readonly labels?: Readonly<Record<string, string>>;
  /** Numeric id of the image's own user: by a name, the kubelet cannot tell that it is not root. */
  readonly user: number;
  readonly container: { readonly image: string } & Readonly<Record<string, unknown>>;
  readonly volumes?: { name: string; emptyDir: Record<string, never> }[];
}
