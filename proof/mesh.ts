import * as z from "zod";
import { kubeconfigPath } from "../kube/kubeconfigPaths.ts";

const meshSchema = z.object({
  id: z.string(),
  rootCertificate: z.string().includes("-----BEGIN CERTIFICATE-----"),
  clusters: z
    .array(
      z.object({
        name: z.string(),
        network: z.string(),
        /**
         * Path of a file as written in the config; null for a secret text, which is in the stack output `kubeconfigs`.
         */
        kubeconfig: z.string().nullable(),
        context: z.string(),
        gatewayAddress: z.string(),
      }),
    )
    .min(1),
  sample: z
    .object({
      namespace: z.string(),
      traffic: z.discriminatedUnion("kind", [
        z.object({ kind: z.literal("none") }),
        z.object({ kind: z.literal("weights"), weights: z.record(z.string(), z.number()) }),
        z.object({ kind: z.literal("failover") }),
      ]),
      /** Version of reviews by cluster. */
      versions: z.record(z.string(), z.string()),
    })
    .nullable(),
});

type MeshOutput = z.output<typeof meshSchema>;

/** All that the checks need to know about a mesh. */
export interface Mesh extends Omit<MeshOutput, "clusters"> {
  readonly clusters: readonly MeshCluster[];
}

export interface MeshCluster extends Omit<MeshOutput["clusters"][number], "kubeconfig"> {
  /** Absolute path of a file, or the text (more than one line). */
  readonly kubeconfig: string;
}

/** Kubeconfigs as text, by cluster: the stack output `kubeconfigs`, which is secret. */
export type Kubeconfigs = Readonly<Record<string, string>>;

/** The kubeconfig context of a cluster. */
export function contextOf(mesh: Mesh, name: string): string {
  return mesh.clusters.find((cluster) => cluster.name === name)?.context ?? name;
}

/**
 * Parses the stack output `mesh`, which contains no secrets, from JSON.
 * @param texts kubeconfigs of clusters whose kubeconfig is no file
 * @param root folder to which relative paths refer: the project's
 * @throws Error that lists every invalid field
 */
export function parseMesh(json: string, texts: Kubeconfigs = {}, root = process.cwd()): Mesh {
  const { clusters, ...mesh } = parseOutput(json);
  return {
    ...mesh,
    clusters: clusters.map((cluster) => {
      const kubeconfig = cluster.kubeconfig ?? texts[cluster.name];
      if (kubeconfig === undefined) {
        throw new Error(
          `cluster ${cluster.name}: its kubeconfig is a secret in the stack output "kubeconfigs"; use --stack instead of a file`,
        );
      }
      return { ...cluster, kubeconfig: kubeconfigPath(kubeconfig, root) };
    }),
  };
}

/** Whether the kubeconfig of any cluster in a stack output `mesh` is in the output `kubeconfigs`. */
export function hasSecretKubeconfigs(json: string): boolean {
  return parseOutput(json).clusters.some(({ kubeconfig }) => kubeconfig === null);
}

/** @throws Error that quotes nothing of the text */
export function parseKubeconfigs(json: string): Kubeconfigs {
  try {
    return z.record(z.string(), z.string()).parse(JSON.parse(json));
  } catch {
    throw new Error('this is not the stack output "kubeconfigs"');
  }
}

function parseOutput(json: string): MeshOutput {
  const parsed = meshSchema.safeParse(readJson(json));
  if (parsed.success) return parsed.data;
  throw new Error(`this is not the stack output "mesh":\n${z.prettifyError(parsed.error)}`);
}

function readJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new Error(
      `this is not the stack output "mesh": it is not JSON, it starts with ${JSON.stringify(json.slice(0, 40))}`,
    );
  }
}
