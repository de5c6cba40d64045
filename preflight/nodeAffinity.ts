// Evaluates a pod's required node affinity as the scheduler does. Pure.
import type { Values } from "../mesh/values.ts";
import type { Node } from "./checks/nodes.ts";

interface Term {
  readonly matchExpressions?: readonly Expression[];
  readonly matchFields?: readonly Expression[];
}

interface Expression {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

/** Whether the affinity accepts the node. Terms are alternatives; an empty term matches nothing. */
export function selects(affinity: Values | undefined, { metadata: { name, labels = {} } }: Node): boolean {
  const { nodeAffinity } = (affinity ?? {}) as { nodeAffinity?: Values | null };
  const required = nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution as
    | { nodeSelectorTerms?: readonly Term[] }
    | undefined;
  if (!required) return true;
  return (required.nodeSelectorTerms ?? []).some(({ matchExpressions = [], matchFields = [] }) => {
    const isEmpty = matchExpressions.length + matchFields.length === 0;
    return (
      !isEmpty &&
      matchExpressions.every((expression) => holds(expression, labels[expression.key])) &&
      matchFields.every((expression) => expression.key === "metadata.name" && holds(expression, name))
    );
  });
}

function holds({ operator, values = [] }: Expression, value: string | undefined): boolean {
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "Gt":
      return Number(value) > Number(values[0]);
    case "Lt":
      return Number(value) < Number(values[0]);
    default:
      return false;
  }
}
