import { accessSync, closeSync, constants, openSync, readSync, statSync } from "node:fs";
import { delimiter, isAbsolute, join, resolve } from "node:path";

/**
 * Where a command is, looked up as client-go does: a path starts at the kubeconfig's folder, a bare name is sought on this process's
 * PATH, not on one that the entry sets for the command, and in absolute folders only.
 */
export function commandFile(command: string, folder: string, path = process.env.PATH ?? ""): string | undefined {
  const candidates = command.includes("/")
    ? [resolve(folder, command)]
    : path.split(delimiter).flatMap((dir) => (isAbsolute(dir) ? [join(dir, command)] : []));
  return candidates.find(isExecutable);
}

/** Whether a file is there that this process may run; a folder is none. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Whether the system itself starts a file. Node, as shells do, gives the others to a shell; client-go does not. */
export function isProgram(file: string): boolean {
  const start = Buffer.alloc(4);
  try {
    const opened = openSync(file, "r");
    readSync(opened, start);
    closeSync(opened);
  } catch {
    return true; // It may be run, but not read.
  }
  // Text, also with a byte order mark, and nothing at all; a program begins with another byte.
  return start.toString().startsWith("#!") || !/^[\t\n\r -~\ufeff\0]/u.test(start.toString());
}
