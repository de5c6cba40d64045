import type { Access } from "../net/download.ts";
import type { DownloadAccessSettings } from "./accessSchema.ts";
import { caBundle } from "./caBundle.ts";
import { isBlock, problem, quote } from "./problems.ts";

/** Whether a source is downloaded. */
export const isRemote = (source: string): boolean => /^(https|oci):\/\//.test(source);

/**
 * Login and CA for a download source, with the CA's file read.
 *
 * @param source path and value of the field with the source
 * @param access path and value of the field with login and CA
 * @param root folder to which relative paths refer
 * @param problems gets a line for each fault
 */
export function downloadAccess(
  source: Placed<string>,
  access: Placed<DownloadAccessSettings | undefined>,
  root: string,
  problems: string[],
): Access | undefined {
  const report = (path: readonly PropertyKey[], message: string) => problems.push(problem(path, message));
  if (isRemote(source.value) && /^\w+:\/\/[^/]*@/.test(source.value))
    report(source.path, `contains a login; remove it, and set ${access.path.join(".")}.username and password`);
  if (access.value === undefined) return undefined;
  const { username, password, caFile } = access.value;
  if (!isRemote(source.value))
    report(access.path, `is only for downloads, and ${source.path.join(".")} is ${quote(source.value)}`);
  const login = username !== undefined && password !== undefined ? { username, password } : undefined;
  return { login, ca: caFile === undefined ? undefined : authority() };

  function authority(): string | undefined {
    try {
      if (isBlock(caFile)) throw new Error("must be the path of a PEM file");
      return caBundle(caFile as string, root);
    } catch (error) {
      report([...access.path, "caFile"], (error as Error).message);
      return undefined;
    }
  }
}

interface Placed<Value> {
  readonly path: readonly string[];
  readonly value: Value;
}
