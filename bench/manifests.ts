// Files for the procedure. The objects beside Istio itself come from Pulumi's stack, so that both meshes are the same.
import { stringify } from "yaml";
import type { MeshConfig } from "../config/parse.ts";
import { valuesOf } from "./settings.ts";

type Cluster = MeshConfig["clusters"][number];

/** The fields of a Kubernetes object that the benchmark reads. */
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
      /** `URN::id`. The URN ends with the provider's name, which is the cluster's. */
      readonly provider?: string;
      readonly inputs?: object;
    }[];
  };
}

const SYSTEM_NAMESPACE = "istio-system";
const GATEWAY = "istio-ingressgateway";

/** The objects of one cluster in the order of their creation, without fields that only Pulumi reads. */
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

/** The gateway configuration between the networks: Istio's own resources beside the control plane. */
export function meshManifest(objects: readonly Manifest[]): string {
  return documents(
    objects.filter(
      ({ apiVersion, metadata }) => apiVersion.includes(".istio.io/") && metadata.namespace === SYSTEM_NAMESPACE,
    ),
  );
}

/**
 * The sample with its namespace. The namespace is created by the stack's own provider, so the stack has no object for
 * it.
 */
export function sampleManifest(objects: readonly Manifest[], namespace: string): string {
  const labels = { "istio-injection": "enabled" };
  const made: Manifest = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels } };
  const sample = documents(objects.filter(({ metadata }) => metadata.namespace === namespace));
  return `${stringify(made)}---\n${sample}`;
}

/** @throws Error if none is found, because the procedure would then do less than Pulumi */
function documents(manifests: readonly Manifest[]): string {
  if (manifests.length === 0) throw new Error("the exported stack lacks objects that the procedure has to apply");
  return manifests.map((manifest) => stringify(manifest)).join("---\n");
}

/** The input of `istioctl install`: istiod with the program's values, and a gateway like the program's. */
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
  // istioctl has no setting for a PodDisruptionBudget. The chart creates none for a single istiod either.
  const { pdb: _, ...values } = valuesOf(config, cluster);
  return stringify({
    apiVersion: "install.istio.io/v1alpha1",
    kind: "IstioOperator",
    spec: {
      profile: "minimal",
      hub,
      tag,
      // The images are already on the nodes, and there is no registry.
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

/**
 * Labels that identify the gateway. The chart sets the recommended labels itself, and different values would make the
 * selector miss the pods.
 */
function selecting(labels: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !key.startsWith("app.kubernetes.io/")));
}

interface Port {
  readonly port: number;
  readonly targetPort: number;
}

/**
 * Behind 80 and 443 istioctl needs the target ports 8080 and 8443, as in its own profile, because its gateway's pods do
 * not run as root.
 */
const unprivileged = (port: Port) => (port.targetPort < 1024 ? { ...port, targetPort: port.targetPort + 8000 } : port);

interface DeploymentSpec {
  readonly template: {
    readonly spec: { readonly containers: readonly [{ readonly env: unknown; readonly resources: unknown }] };
  };
}
