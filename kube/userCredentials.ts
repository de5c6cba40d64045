// A kubeconfig's user as client-go takes it (k8s.io/client-go, tools/clientcmd/client_config.go, transport/round_trippers.go).
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Credentials } from "./credentialsCommand.ts";
import type { UserEntry } from "./kubeconfig.ts";

/** Data that are there go before a file. */
export const dataOr = (data: string | undefined, file: string | undefined, folder: string): Buffer | undefined =>
  data ? Buffer.from(data, "base64") : file ? readFileSync(resolve(folder, file)) : undefined;

const hasCertificate = (user: UserEntry) => Boolean(user["client-certificate"] ?? user["client-certificate-data"]);

/** A key without a certificate counts for nothing. */
export function certificateOf(
  user: UserEntry,
  given: Credentials | undefined,
  folder: string,
): { readonly cert?: string; readonly key?: string } {
  if (given?.cert !== undefined && given.key !== undefined) return { cert: given.cert, key: given.key };
  if (!hasCertificate(user)) return {};
  const cert = dataOr(user["client-certificate-data"], user["client-certificate"], folder);
  const key = dataOr(user["client-key-data"], user["client-key"], folder);
  return { ...(cert && { cert: cert.toString() }), ...(key && { key: key.toString() }) };
}

export function authorizationOf(user: UserEntry, given: Credentials | undefined, folder: string): string | undefined {
  const token = given?.token ?? tokenOf(user, folder);
  if (token) return `Bearer ${utf8(token)}`;
  const { username, password = "" } = user;
  return username && `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

/** Headers are bytes: Node takes each character for one, Go writes UTF-8. */
const utf8 = (text: string): string => Buffer.from(text).toString("latin1");

/** A token's file without white space around it, which a byte order mark is none of to Go. */
export const tokenOfFile = (file: string): string =>
  readFileSync(file, "utf8").replaceAll(/^[^\S\uFEFF]+|[^\S\uFEFF]+$/g, "");

/** A token's file goes before the token, as long as there is something in it. */
function tokenOf({ token, tokenFile }: UserEntry, folder: string): string | undefined {
  if (!tokenFile) return token;
  try {
    return tokenOfFile(resolve(folder, tokenFile)) || token;
  } catch (error) {
    if (token) return token;
    throw error;
  }
}

/** Headers by which a user acts as another one. */
export function impersonation(user: UserEntry): Record<string, string | readonly string[]> {
  const { as, "as-uid": uid, "as-groups": groups, "as-user-extra": extra = {} } = user;
  if (!as) return {};
  return {
    "impersonate-user": utf8(as),
    ...(uid && { "impersonate-uid": utf8(uid) }),
    ...(groups.length > 0 && { "impersonate-group": groups.map(utf8) }),
    ...Object.fromEntries(
      Object.entries(extra).map(([key, values]) => [`impersonate-extra-${escaped(key)}`, values.map(utf8)]),
    ),
  };
}

/** Bytes that no header's name may have, and "%" itself. */
const escaped = (key: string): string =>
  [...Buffer.from(key)]
    .map((byte) => String.fromCharCode(byte))
    .map((letter) =>
      /[\w!#$&'*+.^`|~-]/.test(letter)
        ? letter
        : `%${letter.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
    )
    .join("");
