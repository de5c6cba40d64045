// npm run schema: generates the JSON Schema and the reference of the config from the schemas with which the program
// validates it.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { generated } from "./generated.ts";

for (const [path, text] of Object.entries(generated())) {
  const file = join(import.meta.dirname, "..", path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
