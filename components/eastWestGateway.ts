import * as pulumi from "@pulumi/pulumi";
import { GATEWAY, gatewayLabels, gatewayPod, gatewayPorts } from "./gatewayPod.ts";
import * as k8s from "./kubernetes.ts";
import { within } from "./timeouts.ts";

export interface EastWestGatewayArgs {
  /** The cluster's name in the mesh, for messages. */
  readonly cluster: string;
  readonly namespace: pulumi.Input<string>;
  /** The network whose pods are reached through this gateway. */
  readonly network: string;
  /** The Release of istiod: its webhooks make the pods what they are and check the `Gateway`. */
  readonly istiod: pulumi.Resource;
  /** Annotations of the Service. Providers read most of them only when they make the load balancer. */
  readonly loadBalancerAnnotations: Readonly<Record<string, string>>;
  /** Longest wait for the load balancer's address, and for the pods, in seconds. */
  readonly awaitSeconds: number;
}

/**
 * Hostname or IP of a load balancer, whichever its provider hands out.
 *
 * @throws Error where it has neither
 */
export function ingressAddress(cluster: string, ingress: readonly { hostname?: string; ip?: string }[]): string {
  const address = ingress[0]?.hostname || ingress[0]?.ip;
  if (address) return address;
  throw new Error(`${cluster}: the load balancer of Service ${GATEWAY} has neither a hostname nor an IP`);
}

/**
 * The way into a network: a load balancer and proxies that pass mutual TLS on to the workload named by SNI.
 * Typed resources rather than Istio's chart, whose schema Helm refuses in some versions (istio#57354).
 */
export class EastWestGateway extends pulumi.ComponentResource {
  /** Hostname or IP of the load balancer. */
  readonly address: pulumi.Output<string>;

  constructor(name: string, args: EastWestGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    super("csp-mesh:index:EastWestGateway", name, {}, opts);
    const child = { parent: this };
    const afterIstiod = { ...child, dependsOn: args.istiod };
    const metadata = { name: GATEWAY, namespace: args.namespace, labels: gatewayLabels };

    // Does not wait for istiod: a cloud takes minutes for a load balancer.
    const service = new k8s.Service(
      `${name}-service`,
      {
        metadata: {
          ...metadata,
          // By this label every istiod of the mesh finds the gateway of the network.
          labels: { ...gatewayLabels, "topology.istio.io/network": args.network },
          annotations: {
            ...args.loadBalancerAnnotations,
            // Instead of the provider's own rule, which waits for pods, then ten seconds more for stragglers.
            "pulumi.com/waitFor": "jsonpath={.status.loadBalancer.ingress}",
          },
        },
        spec: { type: "LoadBalancer", selector: gatewayLabels, ports: gatewayPorts },
      },
      { ...child, customTimeouts: within(args.awaitSeconds) },
    );
    this.address = service.status.apply((status) => {
      const ingress = status?.loadBalancer?.ingress ?? [];
      // A preview may know the Service but not yet its address.
      return pulumi.runtime.isDryRun() && ingress.length === 0 ? "" : ingressAddress(args.cluster, ingress);
    });

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
        subjects: [{ kind: "ServiceAccount", name: account.metadata.name, namespace: args.namespace }],
      },
      child,
    );

    // No `replicas`: they are the autoscaler's.
    new k8s.Deployment(
      `${name}-deployment`,
      { metadata, spec: { selector: { matchLabels: gatewayLabels }, template: gatewayPod(args.network) } },
      { ...child, dependsOn: [args.istiod, account], customTimeouts: within(args.awaitSeconds) },
    );
    new k8s.HorizontalPodAutoscaler(
      `${name}-autoscaler`,
      {
        metadata,
        spec: {
          scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: GATEWAY },
          minReplicas: 1,
          maxReplicas: 5,
          metrics: [
            { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } } },
          ],
        },
      },
      child,
    );
    // With a minimum of one pod, `minAvailable: 1` would block every drain of its node.
    new k8s.PodDisruptionBudget(
      `${name}-disruption-budget`,
      { metadata, spec: { maxUnavailable: 1, selector: { matchLabels: gatewayLabels } } },
      child,
    );

    new k8s.CustomResource(
      `${name}-cross-network`,
      {
        apiVersion: "networking.istio.io/v1",
        kind: "Gateway",
        metadata: { name: "cross-network-gateway", namespace: args.namespace },
        spec: {
          selector: { istio: gatewayLabels.istio },
          servers: [
            {
              port: { number: 15443, name: "tls", protocol: "TLS" },
              tls: { mode: "AUTO_PASSTHROUGH" },
              hosts: ["*.local"],
            },
          ],
        },
      },
      afterIstiod,
    );
    // AUTO_PASSTHROUGH checks no certificate: the sidecar behind it must, and a permissive one would not.
    new k8s.CustomResource(
      `${name}-strict-mtls`,
      {
        apiVersion: "security.istio.io/v1",
        kind: "PeerAuthentication",
        metadata: { name: "default", namespace: args.namespace },
        spec: { mtls: { mode: "STRICT" } },
      },
      afterIstiod,
    );

    this.registerOutputs({ address: this.address });
  }
}
