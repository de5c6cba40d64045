// Simulates a person at a provider without load balancers, who forwards a reserved address to the gateway's node ports.
// Kubernetes does not know it: the Service stays pending.
import { KubeConfig, type V1Service } from "@kubernetes/client-node";
import { forward, portsOf, stopForwarding } from "./cloud.ts";
import type { ClusterSpec } from "./spec.ts";
import { watchServices } from "./watchServices.ts";

/** The Service that the program's messages name. */
const isGateway = ({ metadata }: V1Service) =>
  metadata?.namespace === "istio-system" && metadata.name === "istio-ingressgateway";

/** Forwards an address to a cluster's gateway until the process ends. */
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
