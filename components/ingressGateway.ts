import * as pulumi from "@pulumi/pulumi";
import { ingressIdentity } from "../mesh/gatewayPod.ts";
import { ingressPorts } from "../mesh/gatewayPorts.ts";
import { type GatewayWorkloadArgs, gatewayWorkload } from "./gatewayWorkload.ts";

export type IngressGatewayArgs = Pick<
  GatewayWorkloadArgs,
  "access" | "namespace" | "pullSecrets" | "injector" | "istiod" | "podPrerequisites" | "options" | "awaitSeconds"
>;

/**
 * A gateway for callers outside the mesh, for `Gateway`s with the selector `istio: ingress`. Unlike the east-west
 * gateway, which only routes to its own network (istio#40709), it fails over to other clusters.
 */
export class IngressGateway extends pulumi.ComponentResource {
  /** Hostname or IP of the load balancer. */
  readonly address: pulumi.Output<string>;

  constructor(name: string, args: IngressGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    super("csp-mesh:index:IngressGateway", name, {}, opts);
    const { address } = gatewayWorkload(
      name,
      { ...args, identity: ingressIdentity, ports: ingressPorts },
      { parent: this },
    );
    this.address = address;

    this.registerOutputs({ address: this.address });
  }
}
