// The command from which a user of a kubeconfig gets credentials, where that is a path: it starts at the kubeconfig's folder, as
// for kubectl, and not where this program was started.
import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parse, stringify } from "yaml";

interface User {
  readonly exec?: { readonly command?: string };
}

/** The user with a command that can be started anywhere. @param kubeconfig path, or the text itself, whose paths start here */
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
 * @returns a text where a command of the file is a relative path, else what was given
 */
export function placeless(kubeconfig: string): string {
  // What is not there is told by whoever needs it.
  if (kubeconfig.includes("\n") || !existsSync(kubeconfig)) return kubeconfig;
  const text = readFileSync(kubeconfig, "utf8");
  // Parsing takes longer than all the rest, and most have none.
  if (!text.includes("command")) return kubeconfig;
  const { users, ...rest }: { readonly users?: readonly { readonly name: string; readonly user?: User | null }[] } =
    parse(text) ?? {};
  const moved = users?.map(({ user, ...named }) => ({ ...named, user: user && startable(user, kubeconfig) }));
  const isMoved = moved?.some(({ user }, index) => user?.exec?.command !== users?.[index]?.user?.exec?.command);
  return isMoved ? stringify({ ...rest, users: moved }) : kubeconfig;
}
