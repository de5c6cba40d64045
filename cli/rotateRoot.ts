import { nextGeneration } from "../operations/rootStates.ts";
import { type OperationStart, operationCommand } from "./operation.ts";

/** `npm run mesh -- rotate-root`: a new root for an existing mesh, without restarts of workloads. */
export const rotateRoot = operationCommand({
  kind: "rotate-root",
  withoutArgument: true,
  begin: async (beginning) => exchangeOfRoot(beginning, { kind: "rotate-root" }),
});

/** @returns the record of an operation that rotates the root, or why it cannot start */
export function exchangeOfRoot<Record extends object>(
  { config, stack, messages: { operations: texts } }: Pick<OperationStart, "config" | "stack" | "messages">,
  record: Record,
) {
  const generation = nextGeneration(stack.raw);
  if (generation === undefined) return { refused: texts.rootMissing(config.ca.source) };
  const phase = config.rootRotation?.phase ?? "prepared";
  return phase === "prepared" ? { ...record, generation, reached: 0 } : { refused: texts.rootUnderWay(phase) };
}
