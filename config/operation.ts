import type { OperationRecord } from "./operationSchema.ts";
import { problem, quote } from "./problems.ts";

interface Settings {
  readonly operation?: OperationRecord | undefined;
  readonly clusters: readonly { readonly name: string }[];
}

/** Says where the recorded operation does not fit the clusters of the config. */
export function operationProblems({ operation, clusters }: Settings): string[] {
  if (operation === undefined) return [];
  const names = clusters.map(({ name }) => name);
  const unknown = (path: readonly PropertyKey[], name: string) =>
    names.includes(name)
      ? []
      : [
          problem(
            ["operation", ...path],
            `${quote(name)} is no cluster of the mesh; it has ${names.join(", ")}. Correct it, or give the operation up: pulumi config rm csp-mesh:operation`,
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
  switch (operation.kind) {
    case "renew-intermediates":
      return [
        ...operation.intermediates.flatMap(({ cluster }, index) =>
          unknown(["intermediates", index, "cluster"], cluster),
        ),
        ...beyond(operation.intermediates.length),
      ];
    case "add":
      // Its entry comes with the first state.
      return beyond(1);
    case "rotate-tokens":
      return [
        ...operation.tokens.flatMap(({ cluster }, index) => unknown(["tokens", index, "cluster"], cluster)),
        ...beyond(operation.tokens.length),
      ];
    case "remove":
      // Its entry goes with the last state.
      return operation.reached === 0 ? unknown(["cluster"], operation.cluster) : beyond(2);
  }
}
