import { commandOf, tokenRotation } from "../operations/state.ts";
import { operationCommand } from "./operation.ts";

/** `npm run mesh -- rotate-tokens [NAME]`: new tokens with which the others watch one cluster, or all clusters. */
export const rotateTokens = operationCommand({
  kind: "rotate-tokens",
  optionalArgument: true,
  async begin({ name, config, messages }) {
    const { gone, clusters } = config;
    if (gone.some((cluster) => cluster.name === name)) {
      return { refused: messages.operations.gone(name ?? "", commandOf({ kind: "remove", cluster: name })) };
    }
    const record = tokenRotation(clusters, name);
    if (record.tokens.length === 0) {
      throw new Error(messages.forget.unknown(name ?? "", clusters.map((cluster) => cluster.name).join(", ")));
    }
    return record;
  },
});
