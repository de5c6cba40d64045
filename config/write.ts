// npm run schema: writes what editors and people read of the config, from the schemas that the program checks it with.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { generated } from "./generated.ts";

for (const [path, text] of Object.entries(generated())) {
  const file = join(import.meta.dirname, "..", path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
