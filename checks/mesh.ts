import * as z from "zod";

const meshSchema = z.object({
  id: z.string(),
  rootCertificate: z.string().includes("-----BEGIN CERTIFICATE-----"),
  clusters: z
    .array(
      z.object({
        name: z.string(),
        network: z.string(),
        kubeconfig: z.string(),
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

/** The stack output `mesh`: all that the checks need to know of a mesh. It holds no secrets. */
export type Mesh = z.output<typeof meshSchema>;
export type MeshCluster = Mesh["clusters"][number];

/** The kubeconfig context of a cluster. */
export function contextOf(mesh: Mesh, name: string): string {
  return mesh.clusters.find((cluster) => cluster.name === name)?.context ?? name;
}

/**
 * Reads the stack output `mesh` from its JSON text.
 * @throws Error that lists every field that is not as it must be.
 */
export function parseMesh(json: string): Mesh {
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
