import { accessSync, constants } from "node:fs";
import { resolve } from "node:path";
import { shown } from "../kube/shown.ts";
import { dataOr } from "../kube/userCredentials.ts";
import { quote } from "./problems.ts";

/** Why a file in a kubeconfig cannot be read, as a predicate of the entry that names it; undefined if it can. */
export function fileProblem(key: string, file: string, folder: string): string | undefined {
  try {
    accessSync(resolve(folder, file), constants.R_OK);
    dataOr(undefined, file, folder);
    return undefined;
  } catch (error) {
    const hint = file.startsWith("~")
      ? "; kubeconfigs do not expand ~, give the absolute path"
      : "; relative paths start at the kubeconfig's folder";
    return `names a ${key} that cannot be read: ${quote(shown(resolve(folder, file)))} (${(error as NodeJS.ErrnoException).code})${hint}`;
  }
}
