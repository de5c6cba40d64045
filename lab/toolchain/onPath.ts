// What the machine has already, if its version fits.
import { existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { execa } from "execa";
import { isExecutable } from "../../kube/commandFile.ts";

export interface OnPath {
  /** Arguments by which each file tells its version. */
  readonly args: readonly string[];
  /** Its first group is the version. */
  readonly reads: RegExp;
  /** `minor`: another patch of the same line does as well. */
  readonly fits: "exact" | "minor";
  /** Files that cannot tell their version: they belong to the others if they lie in the same folder. */
  readonly companions?: readonly string[];
}

/** Searched after PATH: `su` and `sudo` leave them out on many machines. */
const ALSO = ["/usr/local/go/bin", "/usr/local/sbin", "/usr/sbin", "/sbin"];

const foldersOf = (path: string) => [...new Set([...path.split(delimiter), ...ALSO])];

/** Has those folders searched for commands that are started by their names alone, by this process and by all that it starts. */
export function completePath(environment: NodeJS.ProcessEnv = process.env): void {
  environment.PATH = foldersOf(environment.PATH ?? "").join(delimiter);
}

/** Absolute path of a command, or undefined. */
export function lookUp(command: string, path: string): string | undefined {
  return foldersOf(path)
    .filter((folder) => folder.startsWith("/"))
    .map((folder) => join(folder, command))
    .find(isExecutable);
}

/** Whether `found` is `wanted`, or of the same line where that is enough. */
export function fits(found: string, wanted: string, how: OnPath["fits"]): boolean {
  const line = (version: string) => version.split(".").slice(0, 2).join(".");
  return how === "exact" ? found === wanted : line(found) === line(wanted);
}

/** Paths of all `files` on PATH, or undefined if one is missing or of another version. */
export async function findOnPath(
  files: readonly string[],
  version: string,
  ask: OnPath,
  path: string,
): Promise<Record<string, string> | undefined> {
  const companions = ask.companions ?? [];
  const found: Record<string, string> = {};
  for (const file of files.filter((name) => !companions.includes(name))) {
    const command = lookUp(file, path);
    if (command === undefined || !fits(await versionOf(command, ask), version, ask.fits)) return undefined;
    found[file] = command;
    for (const companion of companions) {
      const beside = join(dirname(realpathSync(command)), companion);
      if (!existsSync(beside)) return undefined;
      found[companion] = beside;
    }
  }
  return found;
}

async function versionOf(command: string, { args, reads }: OnPath): Promise<string> {
  const { stdout } = await execa(command, args, { reject: false, timeout: 10_000, stdin: "ignore" });
  return stdout.match(reads)?.[1] ?? "";
}
