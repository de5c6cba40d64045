import type { ParseArgsOptionsConfig } from "node:util";

/** Options that people also set for npm itself, and without which a command is only more careful. */
const NPMS_OWN: ReadonlySet<string> = new Set(["yes", "force"]);

/**
 * Options that npm took for its own: `npm run mesh firewall --stack x` gives the command no --stack. npm hands them on as variables,
 * npm_config_stack for instance. Some of its releases leave the value among the arguments.
 *
 * @param args what npm left
 * @param options of the command
 * @param kept how many of the arguments are the command's own
 * @returns the options, and the whole command as it was meant
 */
export function takenByNpm(
  args: readonly string[],
  options: ParseArgsOptionsConfig,
  env: Readonly<Record<string, string | undefined>>,
  kept: number,
): { readonly options: string; readonly command: string } | undefined {
  if (env.npm_lifecycle_event !== "mesh" && env.npm_lifecycle_event !== "proof") return undefined;
  const own = args.slice(0, kept);
  const values = args.slice(kept);
  const taken = Object.entries(options).flatMap(([name, { type }]) => {
    const value = env[`npm_config_${name.replaceAll("-", "_")}`];
    if (value === undefined || NPMS_OWN.has(name)) return [];
    if (value !== "true") return `--${name} ${value}`;
    return [`--${name}`, ...(type === "string" ? values.splice(0, 1) : [])].join(" ");
  });
  if (taken.length === 0) return undefined;
  return { options: taken.join(" "), command: [...own, ...taken, ...values].join(" ") };
}
