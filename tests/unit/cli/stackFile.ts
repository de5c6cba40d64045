// A fake `pulumi config` that edits a stack file, and can be killed.
import { readFileSync, writeFileSync } from "node:fs";
import { parse, stringify } from "yaml";
import { at, edited, type Path } from "../../../config/edits.ts";

type Tree = Record<string, unknown>;

/** The path in `csp-mesh:clusters[0].state`, without the project. */
function pathOf(key: string): Path {
  const steps = [...key.replace(/^csp-mesh:/, "").matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[]+)/g)];
  return steps.map(([, quoted, index, name]) => (index === undefined ? (quoted ?? name ?? "") : Number(index)));
}

/** Stands for Pulumi's encryption; here it is only another text. */
export const encrypted = (value: string) => ({ secure: `v1:${Buffer.from(value).toString("base64")}` });

export function decrypted(part: unknown): unknown {
  if (typeof part !== "object" || part === null) return part;
  const { secure } = part as { secure?: string };
  if (typeof secure === "string") return Buffer.from(secure.slice(3), "base64").toString("utf8");
  if (Array.isArray(part)) return part.map(decrypted);
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, decrypted(value)]));
}

/** @param write called with each change before it is written; may throw */
export function configCommand(file: string, write: (line: string) => void) {
  const read = (): Tree => parse(readFileSync(file, "utf8")).config;
  const own = () =>
    Object.fromEntries(Object.entries(read()).map(([key, value]) => [key.replace(/^csp-mesh:/, ""), value]));
  async function pulumi(args: readonly string[], input = ""): Promise<string> {
    const [command, verb] = args;
    if (args.includes("--show-secrets")) {
      const values = Object.entries(read()).map(([key, part]) => {
        const value = decrypted(part);
        return [key, typeof value === "string" ? { value } : { value: "", objectValue: value }];
      });
      return JSON.stringify(Object.fromEntries(values));
    }
    if (command !== "config" || !args.includes("--path")) throw new Error(`pulumi ${args.join(" ")}: not expected`);
    const changes =
      verb === "rm"
        ? [{ is: "remove" as const, path: pathOf(args[3] ?? "") }]
        : verb === "set"
          ? [
              {
                is: "set" as const,
                path: pathOf(args[4] ?? ""),
                value: input.replace(/\n$/, ""),
                secret: args[3] === "--secret",
              },
            ]
          : args.flatMap((arg, index) => {
              if (arg !== "--plaintext") return [];
              const [, key = "", value = ""] = /^(.*?)=(.*)$/s.exec(args[index + 1] ?? "") ?? [];
              return [{ is: "set" as const, path: pathOf(key), value, secret: false }];
            });
    const shown =
      verb !== "set-all"
        ? (args.slice(3).find((arg) => !arg.startsWith("--")) ?? "")
        : args.filter((_, index) => args[index - 1] === "--plaintext").join(" ");
    write(`${verb} ${shown}`);
    const tree = edited(own(), changes) as Tree;
    for (const { is, path, ...change } of changes) {
      if (is !== "set" || !("secret" in change) || !change.secret) continue;
      Object.assign(at(tree, path.slice(0, -1)) as object, { [path.at(-1) ?? ""]: encrypted(change.value) });
    }
    const changed = Object.entries(tree).map(([key, value]) => [`csp-mesh:${key}`, value]);
    writeFileSync(file, stringify({ config: Object.fromEntries(changed) }));
    return "";
  }
  return { pulumi, config: own };
}
