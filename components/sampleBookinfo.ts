import * as pulumi from "@pulumi/pulumi";
import { CALLER_IDENTITY_LOG } from "./istiodValues.ts";
import * as k8s from "./kubernetes.ts";
import { within } from "./timeouts.ts";

export interface SampleBookinfoArgs {
  /** The cluster's name in the mesh; `reviews` tells it in its answers. */
  readonly cluster: string;
  /** Number of the version of `reviews` here; see `reviewsVersion`. */
  readonly version: number;
  readonly namespace: string;
  /** Images by workload. */
  readonly images: Readonly<Record<"reviews-v1" | "reviews-v2" | "reviews-v3" | "curl", string>>;
  /** The Release of istiod: pods made before its webhook serves stay without a sidecar. */
  readonly istiod: pulumi.Resource;
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
    const { awaitSeconds = 300 } = args;
    const child = { parent: this };

    const sample = new k8s.Namespace(
      `${name}-sample`,
      { metadata: { name: args.namespace, labels: { "istio-injection": "enabled" } } },
      { ...child, customTimeouts: within(awaitSeconds) },
    );
    const namespace = sample.metadata.name;

    new k8s.CustomResource(
      `${name}-access-log`,
      {
        apiVersion: "telemetry.istio.io/v1",
        kind: "Telemetry",
        metadata: { name: CALLER_IDENTITY_LOG, namespace },
        spec: { accessLogging: [{ providers: [{ name: CALLER_IDENTITY_LOG }] }] },
      },
      { ...child, dependsOn: args.istiod },
    );

    const workload = (app: string, deployment: string, account: string, port: number, pod: PodTemplate) => {
      const serviceAccount = new k8s.ServiceAccount(
        `${name}-${app}-account`,
        { metadata: { name: account, namespace } },
        child,
      );
      new k8s.Service(
        `${name}-${app}-service`,
        {
          // A ClusterIP is there at once; awaited, each takes the provider ten seconds.
          metadata: {
            name: app,
            namespace,
            labels: { app, service: app },
            annotations: { "pulumi.com/skipAwait": "true" },
          },
          spec: { ports: [{ name: "http", port }], selector: { app } },
        },
        child,
      );
      const labels = { app, ...pod.labels };
      new k8s.Deployment(
        `${name}-${app}`,
        {
          metadata: { name: deployment, namespace, labels },
          spec: {
            replicas: 1,
            selector: { matchLabels: labels },
            template: {
              metadata: { labels },
              spec: {
                serviceAccountName: serviceAccount.metadata.name,
                // Nothing here is worth a graceful end.
                terminationGracePeriodSeconds: 0,
                containers: [{ name: app, imagePullPolicy: "IfNotPresent", ...pod.container }],
                volumes: pod.volumes ?? [],
              },
            },
          },
        },
        { ...child, dependsOn: args.istiod, customTimeouts: within(awaitSeconds) },
      );
    };

    const reviews = `reviews-v${args.version}`;
    workload("reviews", reviews, "bookinfo-reviews", 9080, {
      labels: { version: `v${args.version}` },
      container: {
        image: args.images[reviews as keyof SampleBookinfoArgs["images"]],
        env: [
          { name: "LOG_DIR", value: "/tmp/logs" },
          { name: "CLUSTER_NAME", value: args.cluster },
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
    workload("sleep", "sleep", "sleep", 80, {
      container: { image: args.images.curl, command: ["/bin/sleep", "infinity"] },
    });

    this.namespace = namespace;
    this.registerOutputs({ namespace });
  }
}

/** What sets one workload of the sample apart from another. */
interface PodTemplate {
  readonly labels?: Readonly<Record<string, string>>;
  readonly container: { readonly image: string } & Readonly<Record<string, unknown>>;
  readonly volumes?: { name: string; emptyDir: Record<string, never> }[];
}
