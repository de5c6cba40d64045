import * as pulumi from "@pulumi/pulumi";
import { DEFAULT_DOMAIN, servicesOf } from "../mesh/clusterDomain.ts";
import { CROSS_NETWORK_PORT } from "../mesh/gatewayOptions.ts";
import { eastWestIdentity } from "../mesh/gatewayPod.ts";
import { eastWestPorts } from "../mesh/gatewayPorts.ts";
import { type GatewayOutputs, type GatewayWorkloadArgs, gatewayWorkload } from "./gatewayWorkload.ts";
import * as k8s from "./kubernetes.ts";

export interface EastWestGatewayArgs extends Omit<GatewayWorkloadArgs, "identity" | "ports" | "serviceLabels"> {
  /** Istio's CRDs are installed. */
  readonly definitions: pulumi.Resource;
  /** The network whose pods are reached through this gateway. */
  readonly network: string;
  /** DNS domain of the Services of every cluster. @default cluster.local */
  readonly clusterDomain?: string | undefined;
  /**
   * Hostname or IP that forwards to the gateway, but is not in its Service's status. Every istiod needs it in
   * `global.meshNetworks`. The Service may stay pending.
   * @default the load balancer's address
   */
  readonly externalAddress?: string | undefined;
}

/**
 * The gateway into a network: a load balancer, and proxies that pass mutual TLS connections to the workload in the SNI.
 */
export class EastWestGateway extends pulumi.ComponentResource {
  /** Hostname or IP at which the other networks reach it. */
  readonly address: pulumi.Output<string>;
  /** Ports of its Service, with their node ports. */
  readonly ports: GatewayOutputs["ports"];

  constructor(name: string, args: EastWestGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    super("csp-mesh:index:EastWestGateway", name, {}, opts);
    const child = { parent: this };
    const ofIstio = { ...child, dependsOn: [args.istiod, args.definitions] };
    const { network, externalAddress, clusterDomain = DEFAULT_DOMAIN } = args;
    const identity = eastWestIdentity(network);

    const { address, ports } = gatewayWorkload(
      name,
      {
        ...args,
        identity,
        ports: eastWestPorts,
        // With this label, every istiod of the mesh finds the network's gateway by the address of its Service.
        serviceLabels: externalAddress === undefined ? { "topology.istio.io/network": network } : {},
      },
      child,
    );
    this.address = address;
    this.ports = ports;

    new k8s.CustomResource(
      `${name}-cross-network`,
      {
        apiVersion: "networking.istio.io/v1",
        kind: "Gateway",
        metadata: { name: "cross-network-gateway", namespace: args.namespace },
        spec: {
          selector: { istio: identity.labels.istio },
          servers: [
            {
              port: { number: CROSS_NETWORK_PORT, name: "tls", protocol: "TLS" },
              tls: { mode: "AUTO_PASSTHROUGH" },
              hosts: [servicesOf(clusterDomain)],
            },
          ],
        },
      },
      ofIstio,
    );
    // AUTO_PASSTHROUGH does not verify certificates. The sidecar behind the gateway must do so, but in permissive mode
    // it would not.
    new k8s.CustomResource(
      `${name}-strict-mtls`,
      {
        apiVersion: "security.istio.io/v1",
        kind: "PeerAuthentication",
        metadata: { name: "default", namespace: args.namespace },
        spec: { mtls: { mode: "STRICT" } },
      },
      ofIstio,
    );

    this.registerOutputs({ address: this.address });
  }
}
