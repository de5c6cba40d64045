// Reads values as Istio's chart `istiod` does.
import { istiodRequests } from "./istiodOptions.ts";
import { isTable, type Values } from "./values.ts";

/** Those of the chart's default values that the program reads. They are the same from Istio 1.24 to 1.31. */
const DEFAULTS: Values = {
  autoscaleEnabled: true,
  autoscaleMin: 1,
  replicaCount: 1,
  image: "pilot",
  resources: { requests: istiodRequests },
  global: {
    defaultResources: { requests: { cpu: "10m" } },
    proxy: {
      image: "proxyv2",
      resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "2000m", memory: "1024Mi" } },
    },
  },
};

/**
 * `pilot.x` overrides `x` (the chart's template zzy_descope_legacy): tables are merged; lists and all other values are
 * replaced.
 */
export function flattened(values: Values): Values {
  const { pilot, ...rest } = values;
  return overlaid(rest, isTable(pilot) ? pilot : {});
}

export const chartValues = (values: Values): Values => overlaid(DEFAULTS, flattened(values));

function overlaid(below: Values, above: Values): Values {
  const entries = Object.entries(above).map(([key, value]) => {
    const under = below[key];
    return [key, isTable(under) && isTable(value) ? overlaid(under, value) : value];
  });
  return { ...below, ...Object.fromEntries(entries) };
}

/** A value by its path, such as `global.proxy.image`. `null` counts as absent. */
export function valueAt<T>(values: Values, path: string): T | undefined {
  const found = path.split(".").reduce<unknown>((part, key) => (isTable(part) ? part[key] : undefined), values);
  return (found ?? undefined) as T | undefined;
}
