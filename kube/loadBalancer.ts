// What a Service of type LoadBalancer tells of its load balancer.
import type { CoreV1Event, V1Pod, V1Service } from "@kubernetes/client-node";
import { eventsOf } from "./events.ts";
import { whyNotReady } from "./podState.ts";
import { shown } from "./shown.ts";

/** Hostnames or IPs, whichever the provider hands out: of a dual stack one of each family. A hostname's IP may change. */
export function addressesOf({ status }: V1Service): string[] {
  return (status?.loadBalancer?.ingress ?? []).flatMap(({ hostname, ip }) => hostname || ip || []);
}

/** The first of them. */
export function addressOf(service: V1Service): string | undefined {
  return addressesOf(service)[0];
}

/** Pods that make load balancers, or are one, as their projects name them: `namespace/name`. */
const MAKERS =
  /(^|[-/])(cloud-controller-manager|ccm|metallb|speaker|kube-vip|aws-load-balancer-controller|openelb|purelb|lbnodeagent|loxilb|cilium-operator)([-/]|$)/;

/** k3s has pods for each Service (klipper-lb), with its name in a label. */
const OF_SERVICE = "svccontroller.k3s.cattle.io/svcname";

/** Those pods of a cluster that a Service's load balancer may wait for. */
export function loadBalancerPods({ metadata: service }: V1Service, pods: readonly V1Pod[]): V1Pod[] {
  return pods.filter(({ metadata }) => {
    const of = metadata?.labels?.[OF_SERVICE];
    return of === undefined ? MAKERS.test(`${metadata?.namespace}/${metadata?.name}`) : of === service?.name;
  });
}

/**
 * Why a Service has no address, in its provider's words.
 *
 * @param events of its namespace, and of its load balancer's pods where they may be read
 * @param makers the pods that its load balancer may wait for
 */
export function pendingMessage(
  { metadata }: V1Service,
  events: readonly CoreV1Event[],
  makers: readonly V1Pod[] = [],
): string {
  const nobody = "nothing in this cluster seems to make load balancers";
  const names = makers.map(nameOf);
  const told =
    eventsOf(metadata?.uid, events) ||
    `no events: ${makers.length === 0 ? nobody : `see the logs of ${names.join(", ")}`}`;
  const troubles = makers.flatMap((pod) => {
    const state = whyNotReady(pod);
    if (state === undefined) return [];
    const more = eventsOf(pod.metadata?.uid, events);
    return [shown(`pod ${nameOf(pod)} ${state}${more ? ` (${more})` : ""}`, 1_000)];
  });
  return (
    `Service ${metadata?.name} is Pending, it has no load balancer address (${[told, ...troubles].join("; ")}); ` +
    "mend that, or say which address leads to the gateway: clusters[].gateway.externalAddress"
  );
}

const nameOf = ({ metadata }: V1Pod) => `${metadata?.namespace}/${metadata?.name}`;
