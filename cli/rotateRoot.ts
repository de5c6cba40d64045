import { rootRotation } from "../operations/rootStates.ts";
import { operationCommand } from "./operation.ts";

/** `npm run mesh -- rotate-root`: a new root for an existing mesh, without restarts. */
export const rotateRoot = operationCommand({
  kind: "rotate-root",
  withoutArgument: true,
  async begin({ config, stack, messages }) {
    const record = rootRotation(stack.raw);
    if (record === undefined) return { refused: messages.operations.rootMissing(config.ca.source) };
    const phase = config.rootRotation?.phase ?? "prepared";
    return phase === "prepared" ? record : { refused: messages.operations.rootUnderWay(phase) };
  },
});
