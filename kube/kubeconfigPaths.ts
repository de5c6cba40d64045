// Config, state and outputs hold a kubeconfig's path as written. It is resolved where the file is read. As with
// kubectl, relative paths inside a kubeconfig refer to the kubeconfig's folder, not to the working directory.
import { existsSync, readFileSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { kubeconfigText, parsedKubeconfig, readKubeconfig } from "./parsedKubeconfig.ts";
import { tokenOfFile } from "./userCredentials.ts";

type Part = Readonly<Record<string, unknown>>;

interface Kubeconfig {
  readonly clusters?: readonly { readonly cluster?: Part | null }[] | null;
  readonly users?: readonly { readonly user?: (Part & User) | null }[] | null;
}

interface Exec {
  readonly command?: string;
  readonly args?: readonly string[] | null;
}

interface User {
  readonly exec?: Exec | null;
}

/** Keys that name a file, each with the key that holds the same data inline. */
const CONTENTS: Readonly<Record<string, string>> = {
  "certificate-authority": "certificate-authority-data",
  "client-certificate": "client-certificate-data",
  "client-key": "client-key-data",
  tokenFile: "token",
};
/** Matches a kubeconfig that refers to files or a command. Other kubeconfigs need no parsing. */
const NAMES_FILES = new RegExp(`\\b(command|${Object.keys(CONTENTS).join("|")})"?\\s*:`);

/**
 * The absolute path of a kubeconfig or of another file. `~` is the home directory. The text of a kubeconfig (more than
 * one line) is returned unchanged.
 *
 * @param root folder to which a relative path refers: the project's
 */
export function kubeconfigPath(given: string, root = process.cwd()): string {
  if (given.includes("\n")) return given;
  return resolve(root, given === "~" || given.startsWith("~/") ? join(homedir(), given.slice(1)) : given);
}

/**
 * Makes a kubeconfig independent of its location, for Pulumi's plugin, which resolves relative paths against the
 * project's folder. Files are replaced by their contents. Paths of commands are written relative to the project, to
 * `$HOME` or to the root, like the given path. The result is therefore the same on every machine.
 *
 * @param kubeconfig path as written, or the text itself
 * @returns a secret text if the file has relative paths or the plugin would not find it, else the argument
 */
export function placeless(kubeconfig: string): string {
  const file = kubeconfigPath(kubeconfig);
  // The config's check reports a missing file.
  if (kubeconfig.includes("\n") || !existsSync(file)) return kubeconfig;
  const text = readKubeconfig(file);
  const isFound = !kubeconfig.startsWith("~/") || isAccountHome();
  if (isFound && !NAMES_FILES.test(text)) return kubeconfig;
  const config = parsedKubeconfig(text) as Kubeconfig;
  const [clusters, users] = [config.clusters ?? [], config.users ?? []];
  const inlined = <Some extends Part>(part: Some) => withContents(part, dirname(file)) as Some;
  const moved = {
    ...config,
    clusters: clusters.map(({ cluster, ...named }) => ({ ...named, cluster: cluster && inlined(cluster) })),
    users: users.map(({ user, ...named }) => ({ ...named, user: user && withCommand(inlined(user), kubeconfig) })),
  };
  return isFound && isDeepStrictEqual(moved, config) ? kubeconfig : kubeconfigText(moved);
}

/**
 * The plugin takes `~` for the account's home directory (Go's `user.Current`). In CI containers, `$HOME` is often
 * another.
 */
function isAccountHome(): boolean {
  try {
    return userInfo().homedir === homedir();
  } catch {
    // For an account without an entry in the user database, the plugin uses `$HOME` as well.
    return true;
  }
}

function withContents(part: Part, folder: string): Part {
  const result: Record<string, unknown> = { ...part };
  for (const [key, contents] of Object.entries(CONTENTS)) {
    const named = part[key];
    if (typeof named !== "string" || named === "" || isAbsolute(named)) continue;
    const file = resolve(folder, named);
    // The preflight reports a missing file.
    if (!existsSync(file)) continue;
    delete result[key];
    // As with kubectl, a token file overrides the token, and inline data overrides a certificate file.
    if (contents === "token") result.token = tokenOfFile(file);
    else result[contents] ||= readFileSync(file).toString("base64");
  }
  return result;
}

function withCommand<Some extends User>(user: Some, kubeconfig: string): Some {
  const { command, args } = user.exec ?? {};
  if (!command?.includes("/") || isAbsolute(command)) return user;
  const isBelowHome = kubeconfig.startsWith("~/");
  const path = join(dirname(isBelowHome ? kubeconfig.slice(2) : kubeconfig), command);
  const exec = isBelowHome
    ? { command: "sh", args: ["-c", 'exec "$HOME/$0" "$@"', path, ...(args ?? [])] }
    : { command: isAbsolute(path) || path.startsWith("../") ? path : `./${path}` };
  return { ...user, exec: { ...user.exec, ...exec } };
}
