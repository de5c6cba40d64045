import type { OperationRecord } from "./operationSchema.ts";
import { problem, quote } from "./problems.ts";

interface Settings {
  readonly operation?: OperationRecord | undefined;
  readonly clusters: readonly { readonly name: string }[];
}

/** Contradictions between the recorded operation and the clusters in the config. */
export function operationProblems({ operation, clusters }: Settings): string[] {
  if (operation === undefined) return [];
  const names = clusters.map(({ name }) => name);
  const unknown = (path: readonly PropertyKey[], name: string) =>
    names.includes(name)
      ? []
      : [
          problem(
            ["operation", ...path],
            `${quote(name)} is not a cluster of the mesh, which has ${names.join(", ")}. Correct it, or cancel the operation: pulumi config rm csp-mesh:operation`,
          ),
        ];
  const beyond = (states: number) =>
    operation.reached <= states
      ? []
      : [
          problem(
            ["operation", "reached"],
            `must be at most ${states}, the number of states, got ${operation.reached}`,
          ),
        ];
  const exchanged = (field: string, states: readonly { readonly cluster: string }[]) => [
    ...states.flatMap(({ cluster }, index) => unknown([field, index, "cluster"], cluster)),
    ...beyond(states.length),
  ];
  switch (operation.kind) {
    case "renew-intermediates":
      return exchanged("intermediates", operation.intermediates);
    case "add":
      // The first state inserts the cluster's entry.
      return beyond(1);
    case "rotate-tokens":
      return exchanged("tokens", operation.tokens);
    case "rotate-root":
    case "distrust":
      return beyond(5);
    case "remove":
      // The last state removes the cluster's entry.
      return operation.reached === 0 ? unknown(["cluster"], operation.cluster) : beyond(2);
    case "upgrade":
      // A cluster that was removed meanwhile needs no upgrade.
      return [];
  }
}
