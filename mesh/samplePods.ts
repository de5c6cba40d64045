import type { ContainerResources } from "./gatewayOptions.ts";
import { type Placement, withPlacement, withPullSecrets } from "./podParts.ts";
import { ACCOUNTS, REVIEWS, SLEEP } from "./sampleParts.ts";

export type SampleImages = Readonly<Record<"reviews-v1" | "reviews-v2" | "reviews-v3" | "curl", string>>;

export interface SampleOptions {
  /** The cluster's name in the mesh, with which `reviews` answers. */
  readonly cluster: string;
  /** Number of the version of `reviews` here. */
  readonly version: number;
  readonly images: SampleImages;
  /** Requests and limits of each container, without its sidecar. @default none */
  readonly resources?: ContainerResources | undefined;
  readonly pullSecrets: readonly { readonly name: string }[];
  readonly pods: Placement;
}

/** A Deployment of the sample, its Service and its ServiceAccount. */
export interface SampleWorkload {
  /** Name of the Service. */
  readonly app: string;
  readonly port: number;
  readonly deployment: string;
  readonly account: string;
  readonly labels: Readonly<Record<string, string>> & { readonly app: string };
  readonly template: ReturnType<typeof template>;
}

/** Differences between the sample's workloads. */
interface Difference {
  /** Numeric id of the image's user. With a name, the kubelet cannot verify that it is not root. */
  readonly user: number;
  readonly container: { readonly image: string } & Readonly<Record<string, unknown>>;
  readonly volumes?: { name: string; emptyDir: Record<string, never> }[];
  /** Time that the pod has to end, in seconds. */
  readonly graceSeconds: number;
}

/** Required by Pod Security's profile "restricted". */
const securityContext = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };

/** One version of `reviews`, and `sleep` to call it. */
export function sampleWorkloads(options: SampleOptions): readonly SampleWorkload[] {
  const { cluster, version, images } = options;
  const reviews = `reviews-v${version}` as const;
  const workload = (
    { app, deployment, port }: Pick<SampleWorkload, "deployment" | "port"> & { app: keyof typeof ACCOUNTS },
    labels: SampleWorkload["labels"],
    difference: Difference,
  ): SampleWorkload => {
    const account = ACCOUNTS[app];
    return {
      app,
      port,
      deployment,
      account,
      labels,
      template: template({ app, account, labels }, difference, options),
    };
  };
  return [
    workload(
      { app: REVIEWS, deployment: reviews, port: 9080 },
      { app: REVIEWS, version: `v${version}` },
      {
        user: 1001,
        // Its sidecar drains for 5 s, in which the peers' istiods remove the pod's endpoint.
        graceSeconds: 10,
        container: {
          image: images[reviews as keyof SampleImages],
          env: [
            { name: "LOG_DIR", value: "/tmp/logs" },
            { name: "CLUSTER_NAME", value: cluster },
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
      },
    ),
    workload(
      { app: SLEEP, deployment: SLEEP, port: 80 },
      { app: SLEEP },
      // Nobody sends requests to it, and `sleep` ignores SIGTERM.
      { user: 100, graceSeconds: 0, container: { image: images.curl, command: ["/bin/sleep", "infinity"] } },
    ),
  ];
}

function template(
  { app, account, labels }: Pick<SampleWorkload, "app" | "account" | "labels">,
  { user, container, volumes = [], graceSeconds }: Difference,
  { resources, pullSecrets, pods }: SampleOptions,
) {
  return {
    // Requests injection even in a namespace without it.
    metadata: { labels: { ...labels, "sidecar.istio.io/inject": "true" } },
    spec: {
      serviceAccountName: account,
      securityContext: { runAsNonRoot: true, runAsUser: user, seccompProfile: { type: "RuntimeDefault" } },
      terminationGracePeriodSeconds: graceSeconds,
      ...withPlacement(pods),
      ...withPullSecrets(pullSecrets),
      containers: [
        {
          name: app,
          imagePullPolicy: "IfNotPresent",
          securityContext,
          ...(resources && { resources }),
          ...container,
        },
      ],
      volumes,
    },
  };
}
