// Relative paths in a kubeconfig start at its folder, as for kubectl, and not where this program was started.
import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { kubeconfigText, parsedKubeconfig } from "./parsedKubeconfig.ts";

type Part = Readonly<Record<string, unknown>>;

interface Kubeconfig {
  readonly clusters?: readonly { readonly cluster?: Part | null }[];
  readonly users?: readonly { readonly user?: Part | null }[];
}

interface User {
  readonly exec?: { readonly command?: string };
}

/** Files of a cluster and of a user. */
const FILES = ["certificate-authority", "client-certificate", "client-key", "tokenFile"];
/** What a kubeconfig has that names any of these, or a command: the rest need not be parsed. */
const NAMES_FILES = new RegExp(`\\b(command|${FILES.join("|")})"?\\s*:`);

/**
 * The user with a command that can be started anywhere; client-node sees to files.
 *
 * @param kubeconfig path, or the text itself, whose paths start here
 */
export function startable<Some extends User>(user: Some, kubeconfig: string): Some {
  const { command } = user.exec ?? {};
  // A bare name is sought on PATH.
  if (kubeconfig.includes("\n") || !command?.includes("/")) return user;
  return { ...user, exec: { ...user.exec, command: resolve(dirname(kubeconfig), command) } };
}

/**
 * For whoever reads a kubeconfig and forgets where it was.
 *
 * @param kubeconfig path, or the text itself
 * @returns a text where a path of the file is relative, else what was given
 */
export function placeless(kubeconfig: string): string {
  // What is not there is told by whoever needs it.
  if (kubeconfig.includes("\n") || !existsSync(kubeconfig)) return kubeconfig;
  const text = readFileSync(kubeconfig, "utf8");
  if (!NAMES_FILES.test(text)) return kubeconfig;
  const config = parsedKubeconfig(text) as Kubeconfig;
  const { clusters = [], users = [] } = config;
  const absolute = (part: Part): Part =>
    Object.fromEntries(
      Object.entries(part).map(([key, value]) =>
        FILES.includes(key) && value ? [key, resolve(dirname(kubeconfig), String(value))] : [key, value],
      ),
    );
  const moved = {
    ...config,
    clusters: clusters.map(({ cluster, ...named }) => ({ ...named, cluster: cluster && absolute(cluster) })),
    users: users.map(({ user, ...named }) => ({ ...named, user: user && startable(absolute(user), kubeconfig) })),
  };
  return isDeepStrictEqual(moved, config) ? kubeconfig : kubeconfigText(moved);
}
