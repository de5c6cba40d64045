// Builds pods as Istio's chart `istiod` and its webhook do, from the chart's values
// (manifests/charts/istio-control/istio-discovery).
import { chartValues, valueAt } from "./chartValues.ts";
import type { Container, PodTemplate } from "./podTemplate.ts";
import type { Values } from "./values.ts";

type Resources = NonNullable<Container["resources"]>;
type Profile = { readonly type?: string };

/** The initial number of istiods. @param release all values of the release */
export function istiodCount(release: Values): number {
  const values = chartValues(release);
  const isScaled = valueAt(values, "autoscaleEnabled") === true;
  return valueAt<number>(values, isScaled ? "autoscaleMin" : "replicaCount") ?? 1;
}

/** istiod's pod, without parts that do not affect whether a cluster accepts it: arguments, mounts, probes. */
export function istiodPod(release: Values): PodTemplate {
  const values = chartValues(release);
  const affinity = valueAt<Values>(values, "affinity");
  const seccompProfile = filled(valueAt<Profile>(values, "seccompProfile"));
  const priorityClassName = valueAt<string>(values, "global.priorityClassName");
  return {
    metadata: {
      labels: {
        app: "istiod",
        istio: valueAt(values, "revision") ? "istiod" : "pilot",
        ...valueAt<Record<string, string>>(values, "podLabels"),
      },
    },
    spec: {
      nodeSelector: valueAt(values, "nodeSelector") ?? {},
      ...(affinity && { affinity }),
      ...(priorityClassName && { priorityClassName }),
      tolerations: [
        { key: "cni.istio.io/not-ready", operator: "Exists" },
        ...(valueAt<Values[]>(values, "tolerations") ?? []),
      ],
      volumes: valueAt(values, "volumes") ?? [],
      containers: [
        {
          name: "discovery",
          image: imageOf(values, valueAt(values, "image") ?? "pilot", {
            hub: valueAt(values, "hub"),
            tag: valueAt(values, "tag"),
            variant: valueAt(values, "variant"),
          }),
          resources:
            filled(valueAt<Resources>(values, "resources")) ?? valueAt(values, "global.defaultResources") ?? {},
          securityContext: {
            allowPrivilegeEscalation: false,
            runAsNonRoot: true,
            capabilities: { drop: ["ALL"] },
            ...(seccompProfile && { seccompProfile }),
          },
        },
      ],
    },
  };
}

/** A pod as it is after injection. */
export function withSidecar(template: PodTemplate, release: Values): PodTemplate {
  const values = chartValues(release);
  const isCni = valueAt(values, "cni.enabled") === true;
  const privileged = valueAt(values, "global.proxy.privileged") === true;
  const seccompProfile = filled(valueAt<Profile>(values, "global.proxy.seccompProfile"));
  const resources = valueAt<Resources>(values, "global.proxy.resources") ?? {};
  const image = proxyImageOf(values);
  const escalation = { allowPrivilegeEscalation: privileged, privileged };
  const ofProfile = seccompProfile && { seccompProfile };
  const init: Container = {
    name: isCni ? "istio-validation" : "istio-init",
    image,
    resources,
    securityContext: {
      ...escalation,
      capabilities: { ...(!isCni && { add: ["NET_ADMIN", "NET_RAW"] }), drop: ["ALL"] },
      ...(isCni ? { runAsUser: 1337, runAsNonRoot: true } : { runAsUser: 0, runAsNonRoot: false }),
      ...ofProfile,
    },
  };
  const proxy: Container = {
    name: "istio-proxy",
    image,
    resources,
    securityContext: {
      ...escalation,
      capabilities: { drop: ["ALL"] },
      runAsUser: 1337,
      runAsNonRoot: true,
      ...ofProfile,
    },
  };
  const { spec } = template;
  return {
    ...template,
    spec: {
      ...spec,
      initContainers: [init, ...(spec.initContainers ?? [])],
      // A native sidecar (an init container that keeps running) has the same requests.
      containers: [...spec.containers, proxy],
    },
  };
}

/** A gateway's pod after the webhook has set its proxy's image. */
export function withProxyImage(template: PodTemplate, release: Values): PodTemplate {
  const image = proxyImageOf(chartValues(release));
  const containers = template.spec.containers.map((container) => ({ ...container, image }));
  return { ...template, spec: { ...template.spec, containers } };
}

/** Image of the proxy that the webhook injects into new pods. */
export const injectedImage = (release: Values) => proxyImageOf(chartValues(release));

const proxyImageOf = (values: Values) => imageOf(values, valueAt(values, "global.proxy.image") ?? "proxyv2");

interface ImageOverrides {
  readonly hub?: string | undefined;
  readonly tag?: string | number | undefined;
  readonly variant?: string | undefined;
}

function imageOf(values: Values, image: string, overrides: ImageOverrides = {}): string {
  if (image.includes("/")) return image;
  const [hub, tag, variant] = (["hub", "tag", "variant"] as const).map(
    (part) => overrides[part] || valueAt<string>(values, `global.${part}`),
  );
  return `${hub}/${image}:${tag}${variant ? `-${variant}` : ""}`;
}

/** The chart treats an empty table as absent. */
const filled = <T extends object>(table: T | undefined): T | undefined =>
  table === undefined || Object.keys(table).length === 0 ? undefined : table;
