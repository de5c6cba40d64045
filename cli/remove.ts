import { at } from "../config/edits.ts";
import { entriesOf } from "./adoption.ts";
import { answerOf } from "./forget.ts";
import { operationCommand } from "./operation.ts";

/** `npm run mesh -- remove NAME`: removes a running cluster from the mesh, after the others have forgotten it. */
export const remove = operationCommand({
  kind: "remove",
  async begin({ name: cluster = "", stack, messages, world, pulumi }) {
    const entries = entriesOf(stack.raw);
    const entry = entries.find(({ name }) => name === cluster);
    if (entry === undefined) {
      throw new Error(messages.forget.unknown(cluster, entries.map(({ name }) => name).join(", ")));
    }
    if (entry.state !== "gone") {
      const { from, failure = "" } = await answerOf(entry, messages, world, pulumi);
      if (from === undefined) {
        return { refused: messages.operations.silent(cluster, failure, `npm run mesh -- forget ${cluster}`) };
      }
    }
    return { kind: "remove", cluster, reached: 0 };
  },
  after(record, { raw }, { operations: texts }) {
    const cluster = record.kind === "remove" ? record.cluster : "";
    const hasIntermediate = at(raw, ["ca", "intermediates", cluster]) !== undefined;
    return `${texts.removed(cluster)}${hasIntermediate ? texts.intermediate(cluster) : ""}`;
  },
});
