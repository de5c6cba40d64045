import { operationCommand } from "./operation.ts";
import { exchangeOfRoot } from "./rotateRoot.ts";

/**
 * `npm run mesh -- distrust NAME`: invalidates a cluster's stolen intermediate. It rotates the root, because Istio has
 * no other way: istiod ignores revocation lists (docs/lifecycle.md#distrust).
 */
export const distrust = operationCommand({
  kind: "distrust",
  begin: async ({ name: cluster = "", config, stack, messages }) => {
    const names = config.clusters.map(({ name }) => name);
    if (!names.includes(cluster)) throw new Error(messages.operations.distrustUnknown(cluster, names.join(", ")));
    return exchangeOfRoot({ config, stack, messages }, { kind: "distrust" as const, cluster });
  },
  after: (record, _, { operations: texts }) => texts.distrusted(record.kind === "distrust" ? record.cluster : ""),
});
