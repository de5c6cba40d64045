import { renewal } from "../operations/state.ts";
import { operationCommand } from "./operation.ts";

/** `npm run mesh -- renew-intermediates [NAME]`: a new key and intermediate CA for one cluster or for all. */
export const renewIntermediates = operationCommand({
  kind: "renew-intermediates",
  optionalArgument: true,
  async begin({ name, config: { ca, clusters }, messages }) {
    if (ca.source === "intermediates") return { refused: messages.operations.ownIntermediates(name ?? "NAME") };
    const record = renewal(clusters, name);
    if (record.intermediates.length === 0) {
      throw new Error(messages.forget.unknown(name ?? "", clusters.map((cluster) => cluster.name).join(", ")));
    }
    return record;
  },
});
