import { stackFileSchema } from "./jsonSchema.ts";
import { reference } from "./reference.ts";

/** Contents of all files that are generated from the config's schemas, by path from the repository's root. */
export function generated(): Record<string, string> {
  return {
    "schema/Pulumi.stack.schema.json": `${JSON.stringify(stackFileSchema(), null, 2)}\n`,
    "docs/config.md": reference(),
    "docs/config.ko.md": reference("ko"),
  };
}
