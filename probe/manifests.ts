// The objects that the probe creates in a cluster for a few seconds, all in a namespace of its own.
import type { V1Pod, V1ResourceRequirements, V1Secret } from "@kubernetes/client-node";
import { OWNER, ownerLabel } from "../mesh/claim.ts";
import { dockerConfig, type RegistryLogin } from "../mesh/dockerConfig.ts";
import type { ContainerResources } from "../mesh/gatewayOptions.ts";
import { anywhere, type Placement, withPlacement } from "../mesh/podParts.ts";
import { bootstrap } from "./envoy.ts";

/** Label on every namespace of the probe. Its value shows what started the probe. */
export const PROBE_LABEL = "csp-mesh.io/probe";
/** `up` is a stack's `pulumi up`, of which only one can run at a time. `command` is a command that a person runs. */
export type ProbedBy = "up" | "command";
export interface Prober {
  readonly by: ProbedBy;
  /** `organization/project/stack`, for a probe of a stack. */
  readonly owner?: string | undefined;
}
/** Name of its ServiceAccount and of its pod. */
export const PROBE = "csp-mesh-probe";
/** Longest life of a pod whose probe was killed, in seconds, in addition to the wait for its start. */
const POD_LIFE = 180;

/** A pull secret. Without a login it refers to a Secret that already exists in istiod's namespace. */
export interface PlainPullSecret {
  readonly name: string;
  readonly login?: RegistryLogin | undefined;
}

export interface PodOptions {
  /** Istio's `proxyv2`. */
  readonly image: string;
  readonly pullSecrets: readonly PlainPullSecret[];
  /** Longest wait for the pod to run, in seconds. */
  readonly awaitSeconds: number;
  /** Requests and limits. @default requests 10m and 64Mi, limit 256Mi */
  readonly resources?: ContainerResources | undefined;
  /** On which nodes it runs. @default any */
  readonly pods?: Partial<Placement> | undefined;
}

const RESOURCES: ContainerResources = { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "256Mi" } };

/** @param owner the stack, for a probe of a stack */
export const namespaceOf = (name: string, { by, owner }: Prober) => ({
  metadata: { name, labels: { [PROBE_LABEL]: by, ...(owner !== undefined && { [OWNER]: ownerLabel(owner) }) } },
});

export const serviceAccount = { metadata: { name: PROBE }, automountServiceAccountToken: false };

export function loginSecret(name: string, login: RegistryLogin): V1Secret {
  const stringData = { ".dockerconfigjson": dockerConfig(login) };
  return { type: "kubernetes.io/dockerconfigjson", metadata: { name }, stringData };
}

/** A pod that Pod Security accepts in every namespace, and that ends by itself. */
export function podOf({ image, pullSecrets, awaitSeconds, resources = RESOURCES, pods }: PodOptions): V1Pod {
  return {
    metadata: { name: PROBE, labels: { app: PROBE, "sidecar.istio.io/inject": "false" } },
    spec: {
      serviceAccountName: PROBE,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      restartPolicy: "Never",
      terminationGracePeriodSeconds: 0,
      activeDeadlineSeconds: awaitSeconds + POD_LIFE,
      ...withPlacement({ ...anywhere, ...pods }),
      imagePullSecrets: pullSecrets.map(({ name }) => ({ name })),
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1337,
        runAsGroup: 1337,
        seccompProfile: { type: "RuntimeDefault" },
      },
      containers: [
        {
          name: "envoy",
          image,
          command: ["/usr/local/bin/envoy"],
          args: [
            "--config-yaml",
            JSON.stringify(bootstrap),
            "--concurrency",
            "1",
            "--disable-hot-restart",
            "--log-level",
            "error",
          ],
          resources: resources as V1ResourceRequirements,
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
        },
      ],
    },
  };
}
