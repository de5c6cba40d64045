import { existsSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { join } from "node:path";
import { problem, quote } from "./problems.ts";

/**
 * Warns of kubeconfigs that Pulumi's Kubernetes plugin does not find: it takes `~` for the account's home directory (Go's
 * `user.Current`), and shells and this program take it for `$HOME`. In containers of CI the two often differ.
 */
export function homeWarnings(
  clusters: readonly { readonly position: number; readonly kubeconfig: unknown }[],
): string[] {
  const home = accountsHome();
  if (home === undefined || home === homedir()) return [];
  return clusters.flatMap(({ position, kubeconfig }) => {
    if (typeof kubeconfig !== "string" || !kubeconfig.startsWith("~/")) return [];
    const file = join(home, kubeconfig.slice(2));
    if (existsSync(file)) return [];
    const message =
      `Pulumi's Kubernetes plugin looks for ${quote(kubeconfig)} in the account's home directory, ${home}, and HOME is ${homedir()}; ` +
      `set HOME to ${home}, or give a path that is relative to the project`;
    return problem(["clusters", position, "kubeconfig"], message);
  });
}

/** Undefined where the account has no entry: then `$HOME` counts for the plugin, too. */
function accountsHome(): string | undefined {
  try {
    return userInfo().homedir;
  } catch {
    return undefined;
  }
}
