// What a Service of type LoadBalancer tells of its load balancer.
import type { CoreV1Event, V1Service } from "@kubernetes/client-node";
import { eventsOf } from "./events.ts";

/** Hostname or IP, whichever the provider hands out; a hostname's IP may change. */
export function addressOf({ status }: V1Service): string | undefined {
  const [ingress] = status?.loadBalancer?.ingress ?? [];
  return ingress?.hostname || ingress?.ip || undefined;
}

/** Why a Service has no address, in its provider's words. @param events all of its namespace */
export function pendingMessage({ metadata }: V1Service, events: readonly CoreV1Event[]): string {
  const told = eventsOf(metadata?.uid, events) || "no events: nothing in this cluster seems to make load balancers";
  return (
    `Service ${metadata?.name} is Pending, it has no load balancer address (${told}); ` +
    "mend that, or say which address leads to the gateway: clusters[].gateway.externalAddress"
  );
}
