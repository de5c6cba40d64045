// The pods that pulumi up creates in a cluster, from the same builders as the resources, with their requests.
import { istiodCount, istiodPod, withProxyImage, withSidecar } from "../mesh/chartPods.ts";
import type { GatewayOptions } from "../mesh/gatewayOptions.ts";
import {
  eastWestIdentity,
  type GatewayIdentity,
  gatewayPod,
  gatewayServiceSpec,
  ingressIdentity,
} from "../mesh/gatewayPod.ts";
import { eastWestPorts, type GatewayPort, ingressPorts } from "../mesh/gatewayPorts.ts";
import { istiodReleaseValues } from "../mesh/istiodRelease.ts";
import { NEXT, NEXT_ISTIOD } from "../mesh/nextIstiod.ts";
import { SYSTEM_NAMESPACE } from "../mesh/ownership.ts";
import type { PodTemplate } from "../mesh/podTemplate.ts";
import { sampleWorkloads } from "../mesh/samplePods.ts";
import type { ClusterSettings, MeshSettings } from "./settings.ts";

/** The initial pods of one Deployment. An autoscaler may add more later. */
export interface ComingPods {
  readonly namespace: string;
  readonly deployment: string;
  readonly count: number;
  /** The final pod, with the proxy that istiod's webhook adds. */
  readonly pod: PodTemplate;
  /** Its Service and its ServiceAccount, if the program creates them itself. */
  readonly service?: { readonly name: string; readonly spec: object; readonly annotations?: object };
  readonly account?: string;
}

export function comingPods({ istio, sample, pullSecrets }: MeshSettings, cluster: ClusterSettings): ComingPods[] {
  const { name, network, gateway, ingress, pods, sampleVersion } = cluster;
  const releaseOf = (own: { readonly tag: string; readonly revision?: string }) =>
    istiodReleaseValues({ ...istio, cluster: name, network, pullSecrets, ...own }, pods, istio.values.istiod);
  const { tag, next } = cluster.istio;
  const release = releaseOf({ tag });
  const nextRelease = next && releaseOf({ tag: next.tag, revision: NEXT });
  const ofGateway = (
    identity: GatewayIdentity,
    ports: readonly GatewayPort[],
    options: GatewayOptions,
  ): ComingPods => ({
    namespace: SYSTEM_NAMESPACE,
    deployment: identity.name,
    count: options.autoscaling.min,
    pod: withProxyImage(gatewayPod(identity, options, pullSecrets), release),
    service: {
      name: identity.name,
      spec: gatewayServiceSpec(identity, ports, options),
      annotations: options.annotations,
    },
    account: identity.name,
  });
  const workloads = sampleWorkloads({
    ...sample,
    cluster: name,
    version: sampleVersion,
    pullSecrets,
    pods,
  });
  return [
    {
      namespace: SYSTEM_NAMESPACE,
      deployment: "istiod",
      count: istiodCount(release),
      pod: istiodPod(release),
    },
    ...(nextRelease
      ? [
          {
            namespace: SYSTEM_NAMESPACE,
            deployment: NEXT_ISTIOD,
            count: istiodCount(nextRelease),
            pod: istiodPod(nextRelease),
          },
        ]
      : []),
    ofGateway(eastWestIdentity(network), eastWestPorts, gateway),
    ...(ingress ? [ofGateway(ingressIdentity, ingressPorts, ingress)] : []),
    ...(sample.enabled ? workloads : []).map(({ app, port, deployment, account, template }) => ({
      namespace: sample.namespace,
      deployment,
      count: 1,
      pod: withSidecar(template, release),
      service: { name: app, spec: { ports: [{ name: "http", port }], selector: { app } } },
      account,
    })),
  ];
}
