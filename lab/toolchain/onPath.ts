// Finds tools that the machine already has in a matching version.
import { existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { execa } from "execa";
import { isExecutable } from "../../kube/commandFile.ts";

export interface OnPath {
  /** Arguments that make each file print its version. */
  readonly args: readonly string[];
  /** The first group matches the version. */
  readonly reads: RegExp;
  /** `minor`: another patch release of the same minor version is accepted. */
  readonly fits: "exact" | "minor";
  /** Files that cannot print their version. They are accepted if they are in the same folder as the others. */
  readonly companions?: readonly string[];
}

/** Searched after PATH, because `su` and `sudo` often omit them. */
const ALSO = ["/usr/local/go/bin", "/usr/local/sbin", "/usr/sbin", "/sbin"];

const foldersOf = (path: string) => [...new Set([...path.split(delimiter), ...ALSO])];

/** Appends these folders to PATH, for this process and its children. */
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

/** Whether `found` equals `wanted`, or has the same minor version if that is enough. */
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
