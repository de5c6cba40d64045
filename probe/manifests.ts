// What the probe makes in a cluster for a few seconds. All of it is in one namespace of its own.
import type { V1Pod, V1ResourceRequirements, V1Secret } from "@kubernetes/client-node";
import { OWNER, ownerLabel } from "../mesh/claim.ts";
import { dockerConfig, type RegistryLogin } from "../mesh/dockerConfig.ts";
import type { ContainerResources } from "../mesh/gatewayOptions.ts";
import { anywhere, type Placement, withPlacement } from "../mesh/podParts.ts";
import { bootstrap } from "./envoy.ts";

/** Label of every namespace of the probe: its value says who probes. */
export const PROBE_LABEL = "csp-mesh.io/probe";
/** A stack's `pulumi up`, beside which there is no other, or somebody's command. */
export type ProbedBy = "up" | "command";
export interface Prober {
  readonly by: ProbedBy;
  /** `organization/project/stack`, of a stack's probe. */
  readonly owner?: string | undefined;
}
/** Name of its ServiceAccount and of its pod. */
export const PROBE = "csp-mesh-probe";
/** How long a pod lives whose probe was killed, in seconds beyond the wait for its start. */
const POD_LIFE = 180;

/** A Secret with which nodes log in; without a login it is somebody's, in istiod's namespace. */
export interface PlainPullSecret {
  readonly name: string;
  readonly login?: RegistryLogin | undefined;
}

export interface PodOptions {
  /** Istio's `proxyv2`. */
  readonly image: string;
  readonly pullSecrets: readonly PlainPullSecret[];
  /** Longest wait until it runs, in seconds. */
  readonly awaitSeconds: number;
  /** Requests and limits. @default 10m and 64Mi requested, 256Mi at most */
  readonly resources?: ContainerResources | undefined;
  /** On which nodes it runs. @default any */
  readonly pods?: Partial<Placement> | undefined;
}

const RESOURCES: ContainerResources = { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "256Mi" } };

/** @param owner the stack that probes, where it is one */
export const namespaceOf = (name: string, { by, owner }: Prober) => ({
  metadata: { name, labels: { [PROBE_LABEL]: by, ...(owner !== undefined && { [OWNER]: ownerLabel(owner) }) } },
});

export const serviceAccount = { metadata: { name: PROBE }, automountServiceAccountToken: false };

export function loginSecret(name: string, login: RegistryLogin): V1Secret {
  const stringData = { ".dockerconfigjson": dockerConfig(login) };
  return { type: "kubernetes.io/dockerconfigjson", metadata: { name }, stringData };
}

/** A pod that Pod Security lets into every namespace, and that ends by itself. */
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
