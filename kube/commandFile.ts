import { accessSync, closeSync, constants, openSync, readSync, statSync } from "node:fs";
import { delimiter, isAbsolute, join, resolve } from "node:path";

/**
 * Absolute path of a command, found like client-go does: a path is relative to the kubeconfig's folder. A bare name is
 * searched on this process's PATH, not on a PATH that the kubeconfig sets for the command, and only in absolute
 * folders.
 */
export function commandFile(command: string, folder: string, path = process.env.PATH ?? ""): string | undefined {
  const candidates = command.includes("/")
    ? [resolve(folder, command)]
    : path.split(delimiter).flatMap((dir) => (isAbsolute(dir) ? [join(dir, command)] : []));
  return candidates.find(isExecutable);
}

/** Whether this process may run the file. False for a folder. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Whether the system itself can start a file. Node gives other files to a shell, as shells do; client-go does not. */
export function isProgram(file: string): boolean {
  const start = Buffer.alloc(4);
  try {
    const opened = openSync(file, "r");
    readSync(opened, start);
    closeSync(opened);
  } catch {
    return true; // Executable but not readable.
  }
  // A file that is empty or begins with text (or a byte order mark) is no program; a program begins with another byte.
  return start.toString().startsWith("#!") || !/^[\t\n\r -~\ufeff\0]/u.test(start.toString());
}
