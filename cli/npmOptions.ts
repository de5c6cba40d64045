import type { ParseArgsOptionsConfig } from "node:util";

/** Options that people may have set for npm itself. Ignoring them only makes a command ask for confirmation. */
const NPMS_OWN: ReadonlySet<string> = new Set(["yes", "force"]);

/**
 * Options that npm has consumed: with `npm run mesh firewall --stack x`, the command gets no --stack. npm passes them
 * in variables such as npm_config_stack. Some npm releases leave the option's value in the arguments.
 *
 * @param args arguments that npm passed on
 * @param options options of the command
 * @param kept number of arguments that belong to the command
 * @returns the options, and the intended command line
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
