// What the procedure writes into files. The objects beside Istio itself are those that Pulumi made, as the stack tells
// them, so that both meshes are the same.
import { stringify } from "yaml";
import type { MeshConfig } from "../config/parse.ts";
import { valuesOf } from "./settings.ts";

type Cluster = MeshConfig["clusters"][number];

/** A Kubernetes object, as far as it matters here. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: unknown;
}

/** Part of `pulumi stack export`. */
export interface ExportedStack {
  readonly deployment: {
    readonly resources?: readonly {
      /** `URN::id`; the URN ends in the provider's name, which is the cluster's. */
      readonly provider?: string;
      readonly inputs?: object;
    }[];
  };
}

const SYSTEM_NAMESPACE = "istio-system";
const GATEWAY = "istio-ingressgateway";

/** The objects of one cluster, in the order in which they were made, without what only Pulumi reads. */
export function objectsOf({ deployment }: ExportedStack, cluster: string): Manifest[] {
  return (deployment.resources ?? [])
    .filter(({ provider }) => provider?.split("::").at(-2) === cluster)
    .flatMap(({ inputs }) => (inputs !== undefined && "kind" in inputs ? withoutPulumis(inputs as Manifest) : []));
}

function withoutPulumis({ metadata, ...object }: Manifest): Manifest {
  const kept = Object.entries(metadata.annotations ?? {}).filter(([key]) => !key.startsWith("pulumi.com/"));
  const { annotations: _, ...rest } = metadata;
  return { ...object, metadata: kept.length === 0 ? rest : { ...rest, annotations: Object.fromEntries(kept) } };
}

/** The way between the networks and its rules: Istio's own resources beside the control plane. */
export function meshManifest(objects: readonly Manifest[]): string {
  return documents(
    objects.filter(
      ({ apiVersion, metadata }) => apiVersion.includes(".istio.io/") && metadata.namespace === SYSTEM_NAMESPACE,
    ),
  );
}

/** The sample with its namespace, which the stack's own provider makes, and no object of the stack shows. */
export function sampleManifest(objects: readonly Manifest[], namespace: string): string {
  const labels = { "istio-injection": "enabled" };
  const made: Manifest = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels } };
  const sample = documents(objects.filter(({ metadata }) => metadata.namespace === namespace));
  return `${stringify(made)}---\n${sample}`;
}

/** @throws Error where there is none: the procedure would leave out what Pulumi did. */
function documents(manifests: readonly Manifest[]): string {
  if (manifests.length === 0) throw new Error("the exported stack lacks objects that the procedure has to apply");
  return manifests.map((manifest) => stringify(manifest)).join("---\n");
}

/** The installation that `istioctl install` is given: istiod with the program's values, and the gateway as the program's is. */
export function istioOperator(config: MeshConfig, cluster: Cluster, objects: readonly Manifest[]): string {
  const part = (kind: string) => {
    const found = objects.find((object) => object.kind === kind && object.metadata.name === GATEWAY);
    if (found === undefined) throw new Error(`the exported stack has no ${kind} ${GATEWAY} in ${cluster.name}`);
    return found;
  };
  const service = part("Service");
  const { ports } = service.spec as { ports: readonly Port[] };
  const [{ env, resources }] = (part("Deployment").spec as DeploymentSpec).template.spec.containers;
  const { hub, tag } = config.istio;
  // istioctl knows no budget of disruptions; for a single istiod the chart makes none either.
  const { pdb: _, ...values } = valuesOf(config, cluster);
  return stringify({
    apiVersion: "install.istio.io/v1alpha1",
    kind: "IstioOperator",
    spec: {
      profile: "minimal",
      hub,
      tag,
      // The images lie on the nodes, and there is no registry.
      values: { ...values, global: { ...(values.global as object), imagePullPolicy: "IfNotPresent" } },
      components: {
        ingressGateways: [
          {
            name: GATEWAY,
            enabled: true,
            label: selecting(service.metadata.labels),
            k8s: { env, resources, service: { ports: ports.map(unprivileged) } },
          },
        ],
      },
    },
  });
}

/** Labels that say which gateway it is. The chart sets the recommended ones itself, and differing values make the selector miss the pods. */
function selecting(labels: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !key.startsWith("app.kubernetes.io/")));
}

interface Port {
  readonly port: number;
  readonly targetPort: number;
}

/** Behind 80 and 443 istioctl wants 8080 and 8443, as in its own profile: its gateway's pods are not root. */
const unprivileged = (port: Port) => (port.targetPort < 1024 ? { ...port, targetPort: port.targetPort + 8000 } : port);

interface DeploymentSpec {
  readonly template: {
    readonly spec: { readonly containers: readonly [{ readonly env: unknown; readonly resources: unknown }] };
  };
}
