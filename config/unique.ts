import { problem, quote } from "./problems.ts";
import { accessSchema } from "./schema.ts";

interface Identity {
  readonly field: string;
  /** The parts that together must differ; a part that is no string leaves the entry to the schema. */
  readonly of: (cluster: Record<string, unknown>) => readonly unknown[];
  readonly why: string;
}

const identities: readonly Identity[] = [
  { field: "name", of: ({ name }) => [name], why: "istiod would take both for one cluster" },
  {
    field: "network",
    of: ({ network, name }) => [network ?? name],
    why: "istiod would send requests straight to pods that cannot be reached",
  },
  {
    field: "context",
    of: ({ kubeconfig, context }) => [
      JSON.stringify(accessSchema.shape.kubeconfig.safeParse(kubeconfig).data),
      context,
    ],
    why: "both would be the same cluster",
  },
];

/** Says which entries of a raw `clusters` list share what no two may share, whatever else is wrong with them. */
export function duplicateProblems(clusters: readonly unknown[]): string[] {
  return identities.flatMap(({ field, of, why }) => {
    const first = new Map<string, number>();
    return clusters.flatMap((cluster, index) => {
      const identity = of((cluster ?? {}) as Record<string, unknown>);
      if (identity.some((part) => typeof part !== "string")) return [];
      const key = JSON.stringify(identity);
      const other = first.get(key);
      if (other === undefined) {
        first.set(key, index);
        return [];
      }
      return problem(
        ["clusters", index, field],
        `${quote(identity.at(-1))} is already that of clusters[${other}]; ${why}`,
      );
    });
  });
}
