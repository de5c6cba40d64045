// The load balancer of a Service: its addresses, and why it has none.
import type { CoreV1Event, V1Pod, V1Service } from "@kubernetes/client-node";
import { eventsOf } from "./events.ts";
import { whyNotReady } from "./podState.ts";
import { shown } from "./shown.ts";

/**
 * Hostnames or IPs, depending on the provider. A dual-stack Service has one of each family. The IP behind a hostname
 * may change.
 */
export function addressesOf({ status }: V1Service): string[] {
  return (status?.loadBalancer?.ingress ?? []).flatMap(({ hostname, ip }) => hostname || ip || []);
}

/** The first address. */
export function addressOf(service: V1Service): string | undefined {
  return addressesOf(service)[0];
}

/** Pods that provide load balancers, by the names that their projects use: `namespace/name`. */
const MAKERS =
  /(^|[-/])(cloud-controller-manager|ccm|metallb|speaker|kube-vip|aws-load-balancer-controller|openelb|purelb|lbnodeagent|loxilb|cilium-operator)([-/]|$)/;

/** k3s runs pods for each Service (klipper-lb), with the Service's name in a label. */
const OF_SERVICE = "svccontroller.k3s.cattle.io/svcname";

/** The cluster's pods on which a Service's load balancer may depend. */
export function loadBalancerPods({ metadata: service }: V1Service, pods: readonly V1Pod[]): V1Pod[] {
  return pods.filter(({ metadata }) => {
    const of = metadata?.labels?.[OF_SERVICE];
    return of === undefined ? MAKERS.test(`${metadata?.namespace}/${metadata?.name}`) : of === service?.name;
  });
}

/**
 * Why a Service has no address, from its provider's events and pods.
 *
 * @param events events of its namespace, and of its load balancer's pods if the account may read them
 * @param makers pods on which its load balancer may depend
 */
export function pendingMessage(
  { metadata }: V1Service,
  events: readonly CoreV1Event[],
  makers: readonly V1Pod[] = [],
): string {
  const noController = "this cluster seems to have no load balancer controller";
  const names = makers.map(nameOf);
  const eventText =
    eventsOf(metadata?.uid, events) ||
    `no events: ${makers.length === 0 ? noController : `see the logs of ${names.join(", ")}`}`;
  const troubles = makers.flatMap((pod) => {
    const state = whyNotReady(pod);
    if (state === undefined) return [];
    const more = eventsOf(pod.metadata?.uid, events);
    return [shown(`pod ${nameOf(pod)} ${state}${more ? ` (${more})` : ""}`, 1_000)];
  });
  return (
    `Service ${metadata?.name} is Pending, it has no load balancer address (${[eventText, ...troubles].join("; ")}); ` +
    "correct the cause, or set the gateway's address: clusters[].gateway.externalAddress"
  );
}

const nameOf = ({ metadata }: V1Pod) => `${metadata?.namespace}/${metadata?.name}`;
