import * as pulumi from "@pulumi/pulumi";
import type { GatewayOptions } from "../mesh/gatewayOptions.ts";
import { type GatewayIdentity, gatewayPod, gatewayServiceSpec } from "../mesh/gatewayPod.ts";
import type { GatewayPort } from "../mesh/gatewayPorts.ts";
import { type Injector, withNewProxies } from "../mesh/podParts.ts";
import * as k8s from "./kubernetes.ts";
import { type ClusterAccess, MeshResource } from "./meshResource.ts";
import { ours } from "./ours.ts";
import type { PullSecret } from "./pullSecrets.ts";
import { within } from "./timeouts.ts";

/** GatewayReady waits instead, because the plugin would only report a timeout. */
const skipAwait = { "pulumi.com/skipAwait": "true" };

export interface GatewayWorkloadArgs {
  readonly access: ClusterAccess;
  readonly identity: GatewayIdentity;
  readonly options: GatewayOptions;
  /** All ports that its Service may have; the options select from them. A firewall must allow them. */
  readonly ports: readonly GatewayPort[];
  /** Labels of the Service beside the gateway's own. @default none */
  readonly serviceLabels?: Readonly<Record<string, string>>;
  /** Hostname or IP that forwards to the gateway, but is not in its Service's status. The Service may stay pending. */
  readonly externalAddress?: string | undefined;
  readonly namespace: pulumi.Input<string>;
  /** Pull secrets for the registry of the proxy's image. */
  readonly pullSecrets: readonly PullSecret[];
  /** Where its pods get their proxies from. */
  readonly injector: Injector;
  /** istiod is ready, because its webhook adds the proxy to the pods. */
  readonly istiod: pulumi.Resource;
  /** Resources that must be done before the first pod with a proxy is created. @default none */
  readonly podPrerequisites?: readonly pulumi.Resource[];
  /** Longest wait for the load balancer's address, and for the pods, in seconds. */
  readonly awaitSeconds: number;
}

export interface GatewayOutputs {
  /** Hostname or IP at which it is reached. */
  readonly address: pulumi.Output<string>;
  /** Ports of its Service, with their node ports, which are unknown in a preview. */
  readonly ports: pulumi.Output<readonly { readonly port: number; readonly nodePort?: number | undefined }[]>;
}

/**
 * A load balancer, its proxies, an autoscaler and a disruption budget: the resources of Istio's `gateway` chart. They
 * are declared here because Helm refuses that chart's schema in some versions (istio#57354).
 */
export function gatewayWorkload(
  name: string,
  args: GatewayWorkloadArgs,
  child: pulumi.CustomResourceOptions,
): GatewayOutputs {
  const { identity, options, namespace, awaitSeconds } = args;
  const { labels } = identity;
  const metadata = ours({ name: identity.name, namespace, labels });

  // Does not wait for istiod, because a cloud takes minutes to create a load balancer.
  const service = new k8s.Service(
    `${name}-service`,
    {
      metadata: {
        ...metadata,
        labels: { ...metadata.labels, ...args.serviceLabels },
        annotations: { ...options.annotations, ...skipAwait },
      },
      spec: gatewayServiceSpec(identity, args.ports, options),
    },
    {
      ...child,
      customTimeouts: within(awaitSeconds),
      // The API server refuses to change the class. Delete first, because two Services cannot have the same name.
      replaceOnChanges: ["spec.loadBalancerClass"],
      deleteBeforeReplace: true,
    },
  );

  const account = new k8s.ServiceAccount(`${name}-account`, { metadata }, child);
  const role = new k8s.Role(
    `${name}-role`,
    { metadata, rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["get", "watch", "list"] }] },
    child,
  );
  new k8s.RoleBinding(
    `${name}-role-binding`,
    {
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
      subjects: [{ kind: "ServiceAccount", name: account.metadata.name, namespace }],
    },
    child,
  );

  // No `replicas`: the autoscaler sets them.
  const template = withNewProxies(gatewayPod(identity, options, args.pullSecrets), args.injector);
  const deployment = new k8s.Deployment(
    `${name}-deployment`,
    {
      metadata: { ...metadata, annotations: skipAwait },
      spec: { selector: { matchLabels: labels }, template },
    },
    {
      ...child,
      dependsOn: [args.istiod, ...(args.podPrerequisites ?? []), account],
      customTimeouts: within(awaitSeconds),
    },
  );
  const { min, max, targetCPU } = options.autoscaling;
  new k8s.HorizontalPodAutoscaler(
    `${name}-autoscaler`,
    {
      metadata,
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: identity.name },
        minReplicas: min,
        maxReplicas: max,
        metrics: [
          {
            type: "Resource",
            resource: { name: "cpu", target: { type: "Utilization", averageUtilization: targetCPU } },
          },
        ],
      },
    },
    child,
  );
  // With a minimum of one pod, `minAvailable: 1` would block every drain of its node.
  new k8s.PodDisruptionBudget(
    `${name}-disruption-budget`,
    { metadata, spec: { maxUnavailable: 1, selector: { matchLabels: labels } } },
    child,
  );

  const { externalAddress } = args;
  const ready = new MeshResource<{ address: string }>(
    "GatewayReady",
    `${name}-ready`,
    args.access,
    {
      namespace,
      name: identity.name,
      awaitAddress: externalAddress === undefined,
      awaitSeconds,
      // A change of the pods, or a new Service with a new load balancer, repeats the wait.
      after: { service: service.metadata.uid, deployment: deployment.metadata.uid, template },
    },
    { ...child, dependsOn: deployment },
    ["address"],
  );
  return {
    address: externalAddress === undefined ? ready.found.address : pulumi.output(externalAddress),
    // The type says that ports always exist, but in a preview they do not.
    ports: service.spec.ports.apply((ports) => (ports ?? []).map(({ port, nodePort }) => ({ port, nodePort }))),
  };
}
