// Config, state and outputs hold a kubeconfig's path as it was written. It is resolved where the file is read.
// Relative paths in a kubeconfig start at its folder, as for kubectl, and not where this program was started.
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

/** Keys that name a file, and the keys that hold its contents instead. */
const CONTENTS: Readonly<Record<string, string>> = {
  "certificate-authority": "certificate-authority-data",
  "client-certificate": "client-certificate-data",
  "client-key": "client-key-data",
  tokenFile: "token",
};
/** Matches a kubeconfig that names a file or a command. Others need not be parsed. */
const NAMES_FILES = new RegExp(`\\b(command|${Object.keys(CONTENTS).join("|")})"?\\s*:`);

/**
 * The absolute path of a kubeconfig or of another file. `~` is the home directory. A text, which has a line break, is returned
 * as it is.
 *
 * @param root folder at which a relative path starts: the project's
 */
export function kubeconfigPath(given: string, root = process.cwd()): string {
  if (given.includes("\n")) return given;
  return resolve(root, given === "~" || given.startsWith("~/") ? join(homedir(), given.slice(1)) : given);
}

/**
 * For a client that reads a kubeconfig as a text, and takes its relative paths for the project's. The result is the same on every
 * machine: files are replaced by their contents, and commands start at the project, at `$HOME` or at the root, as the path does.
 *
 * @param kubeconfig path as written, or the text itself
 * @returns a secret text where the file has relative paths or the client would not find it, else what was given
 */
export function placeless(kubeconfig: string): string {
  const file = kubeconfigPath(kubeconfig);
  // The config's check reports a missing file.
  if (kubeconfig.includes("\n") || !existsSync(file)) return kubeconfig;
  const text = readKubeconfig(file);
  const isFound = !kubeconfig.startsWith("~/") || isHomeTheAccounts();
  if (isFound && !NAMES_FILES.test(text)) return kubeconfig;
  const config = parsedKubeconfig(text) as Kubeconfig;
  const [clusters, users] = [config.clusters ?? [], config.users ?? []];
  const whole = <Some extends Part>(part: Some) => withContents(part, dirname(file)) as Some;
  const moved = {
    ...config,
    clusters: clusters.map(({ cluster, ...named }) => ({ ...named, cluster: cluster && whole(cluster) })),
    users: users.map(({ user, ...named }) => ({ ...named, user: user && withCommand(whole(user), kubeconfig) })),
  };
  return isFound && isDeepStrictEqual(moved, config) ? kubeconfig : kubeconfigText(moved);
}

/** The plugin takes `~` for the account's home directory (Go's `user.Current`). In containers of CI, `$HOME` often is another. */
function isHomeTheAccounts(): boolean {
  try {
    return userInfo().homedir === homedir();
  } catch {
    // An account without an entry: then `$HOME` counts for the plugin, too.
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
    // As for kubectl, a token's file precedes the token, and data that is there precedes a certificate's file.
    if (contents === "token") result.token = tokenOfFile(file);
    else result[contents] ||= readFileSync(file).toString("base64");
  }
  return result;
}

function withCommand<Some extends User>(user: Some, kubeconfig: string): Some {
  const { command, args } = user.exec ?? {};
  if (!command?.includes("/") || isAbsolute(command)) return user;
  const isAtHome = kubeconfig.startsWith("~/");
  const path = join(dirname(isAtHome ? kubeconfig.slice(2) : kubeconfig), command);
  const exec = isAtHome
    ? { command: "sh", args: ["-c", 'exec "$HOME/$0" "$@"', path, ...(args ?? [])] }
    : { command: isAbsolute(path) || path.startsWith("../") ? path : `./${path}` };
  return { ...user, exec: { ...user.exec, ...exec } };
}
