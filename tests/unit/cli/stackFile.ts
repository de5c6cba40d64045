// A fake `pulumi config` that edits a stack file, and can be killed.
import { readFileSync, writeFileSync } from "node:fs";
import { parse, stringify } from "yaml";
import { edited, type Path } from "../../../config/edits.ts";

type Tree = Record<string, unknown>;

/** The path in `csp-mesh:clusters[0].state`, without the project. */
function pathOf(key: string): Path {
  const steps = [...key.replace(/^csp-mesh:/, "").matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[]+)/g)];
  return steps.map(([, quoted, index, name]) => (index === undefined ? (quoted ?? name ?? "") : Number(index)));
}

/** @param write called with each change before it is written; may throw */
export function configCommand(file: string, write: (line: string) => void) {
  const read = (): Tree => parse(readFileSync(file, "utf8")).config;
  const own = () =>
    Object.fromEntries(Object.entries(read()).map(([key, value]) => [key.replace(/^csp-mesh:/, ""), value]));
  async function pulumi(args: readonly string[]): Promise<string> {
    const [command, verb] = args;
    if (command !== "config" || !args.includes("--path")) throw new Error(`pulumi ${args.join(" ")}: not expected`);
    const changes =
      verb === "rm"
        ? [{ is: "remove" as const, path: pathOf(args[3] ?? "") }]
        : args.flatMap((arg, index) => {
            if (arg !== "--plaintext") return [];
            const [, key = "", value = ""] = /^(.*?)=(.*)$/s.exec(args[index + 1] ?? "") ?? [];
            return [{ is: "set" as const, path: pathOf(key), value, secret: false }];
          });
    const shown =
      verb === "rm" ? (args[3] ?? "") : args.filter((_, index) => args[index - 1] === "--plaintext").join(" ");
    write(`${verb} ${shown}`);
    const changed = Object.entries(edited(own(), changes)).map(([key, value]) => [`csp-mesh:${key}`, value]);
    writeFileSync(file, stringify({ config: Object.fromEntries(changed) }));
    return "";
  }
  return { pulumi, config: own };
}
