// What a person does at a provider without load balancers: points a reserved address at the node ports of the gateway.
// Kubernetes does not know of it: the Service stays Pending.
import { KubeConfig, type V1Service } from "@kubernetes/client-node";
import { forward, portsOf, stopForwarding } from "./cloud.ts";
import type { ClusterSpec } from "./spec.ts";
import { watchServices } from "./watchServices.ts";

/** The Service that the program's messages name. */
const isGateway = ({ metadata }: V1Service) =>
  metadata?.namespace === "istio-system" && metadata.name === "istio-ingressgateway";

/** Keeps an address pointed at a cluster's gateway, until the process ends. */
export async function pointAtGateway(ip: string, cluster: ClusterSpec, kubeconfig: string): Promise<void> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  let queue: Promise<void> = Promise.resolve();
  const inTurn = (service: V1Service, work: () => Promise<void>) => {
    if (!isGateway(service)) return;
    queue = queue.then(work).catch((error: unknown) => console.error(`${cluster.name}: ${ip}: ${error}`));
  };
  await watchServices(config, cluster.name, {
    seen: (service) => inTurn(service, () => forward(ip, cluster.nodeIp, portsOf(service))),
    gone: (service) => inTurn(service, () => stopForwarding(ip)),
  });
}
