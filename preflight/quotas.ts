// Whether all new objects of a namespace together fit into its ResourceQuotas. A dry run only judges them one by one.
// Pure.
import { quantity } from "../mesh/quantity.ts";
import { type OccupyingPod, requestsOf } from "./placement.ts";

export interface ResourceQuota {
  readonly metadata: { readonly name: string };
  readonly spec?: { readonly scopes?: readonly string[]; readonly scopeSelector?: object };
  readonly status?: {
    readonly hard?: Readonly<Record<string, string>>;
    readonly used?: Readonly<Record<string, string>>;
  };
}

/** A new object as the API server would store it, with the defaults of a LimitRange. */
export interface Coming {
  readonly kind: string;
  readonly count: number;
  readonly spec?: unknown;
}

interface ServiceSpec {
  readonly type?: string;
  readonly ports?: readonly object[];
}

/** Quota scopes that match all pods of a mesh. Quotas with other scopes are ignored. */
const SCOPES = ["NotTerminating", "NotBestEffort"];

/** Exceeded limits, one text for each quota and resource. */
export function overruns(quotas: readonly ResourceQuota[], coming: readonly Coming[]): string[] {
  const needed = new Map<string, number>();
  for (const { kind, count, spec } of coming)
    for (const [resource, each] of Object.entries(amountsOf(kind, spec)))
      needed.set(resource, (needed.get(resource) ?? 0) + count * each);
  return quotas.flatMap(({ metadata: { name }, spec = {}, status: { hard = {}, used = {} } = {} }) => {
    if (spec.scopeSelector !== undefined || spec.scopes?.some((scope) => !SCOPES.includes(scope))) return [];
    return Object.entries(hard).flatMap(([resource, limit]) => {
      const asked = needed.get(resource) ?? 0;
      const left = quantity(limit) - quantity(used[resource]);
      return asked > left + 1e-6
        ? [`together they exceed quota: ${name}, requested: ${resource}=${shown(asked)}, left: ${shown(left)}`]
        : [];
    });
  });
}

const shown = (amount: number) =>
  amount >= 2 ** 20 ? `${Math.round(amount / 2 ** 20)}Mi` : `${Number(amount.toFixed(3))}`;

function amountsOf(kind: string, spec: unknown): Record<string, number> {
  if (kind === "Pod") return ofPod(spec as OccupyingPod["spec"]);
  if (kind === "Service") return ofService(spec as ServiceSpec);
  if (kind === "Deployment") return { "count/deployments.apps": 1 };
  return kind === "ServiceAccount" ? { "count/serviceaccounts": 1 } : {};
}

function ofPod(spec: OccupyingPod["spec"]): Record<string, number> {
  const asLimits = (containers: OccupyingPod["spec"]["containers"] = []) =>
    containers.map(({ resources, ...container }) => ({
      ...container,
      ...(resources?.limits && { resources: { requests: resources.limits } }),
    }));
  const requests = requestsOf({ spec });
  const limits = requestsOf({
    spec: { ...spec, containers: asLimits(spec.containers), initContainers: asLimits(spec.initContainers) },
  });
  return {
    ...{ pods: 1, "count/pods": 1, cpu: requests.cpu, memory: requests.memory },
    ...{ "requests.cpu": requests.cpu, "requests.memory": requests.memory },
    ...{ "limits.cpu": limits.cpu, "limits.memory": limits.memory },
  };
}

function ofService({ type, ports = [] }: ServiceSpec): Record<string, number> {
  const isBalanced = type === "LoadBalancer";
  return {
    ...{ services: 1, "count/services": 1, "services.loadbalancers": isBalanced ? 1 : 0 },
    "services.nodeports": isBalanced || type === "NodePort" ? ports.length : 0,
  };
}
