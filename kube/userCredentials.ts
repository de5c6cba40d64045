// Reads the user of a kubeconfig as client-go does (k8s.io/client-go, tools/clientcmd/client_config.go,
// transport/round_trippers.go).
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Credentials } from "./credentialsCommand.ts";
import type { UserEntry } from "./kubeconfig.ts";

/** Inline data, or else the content of the file. */
export const dataOr = (data: string | undefined, file: string | undefined, folder: string): Buffer | undefined =>
  data ? Buffer.from(data, "base64") : file ? readFileSync(resolve(folder, file)) : undefined;

const hasCertificate = (user: UserEntry) => Boolean(user["client-certificate"] ?? user["client-certificate-data"]);

/** A key without a certificate is ignored. */
export function certificateOf(
  user: UserEntry,
  given: Credentials | undefined,
  folder: string,
): { readonly cert?: string; readonly key?: string } {
  if (given?.cert !== undefined && given.key !== undefined) return { cert: given.cert, key: given.key };
  if (!hasCertificate(user)) return {};
  const cert = dataOr(user["client-certificate-data"], user["client-certificate"], folder);
  const key = dataOr(user["client-key-data"], user["client-key"], folder);
  return { ...(cert && { cert: withoutBlankLines(cert) }), ...(key && { key: withoutBlankLines(key) }) };
}

/** Removes blank lines inside PEM blocks, which Go accepts and OpenSSL refuses. */
const withoutBlankLines = (pem: Buffer): string =>
  pem.toString().replaceAll(/(?<=^(?:-----BEGIN [^\n]*|[\w+/=]+)[ \t]*\r?\n)(?:[ \t]*\r?\n)+/gm, "");

export function authorizationOf(user: UserEntry, given: Credentials | undefined, folder: string): string | undefined {
  const token = given?.token ?? tokenOf(user, folder);
  if (token) return `Bearer ${utf8(token)}`;
  const { username, password = "" } = user;
  return username && `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

/** Go sends headers in UTF-8. Node sends each character as one byte, so encode the text first. */
const utf8 = (text: string): string => Buffer.from(text).toString("latin1");

/** Content of a token file without surrounding white space. Like Go, it does not strip a byte order mark. */
export const tokenOfFile = (file: string): string =>
  readFileSync(file, "utf8").replaceAll(/^(?:[^\S\uFEFF]|\u0085)+|(?:[^\S\uFEFF]|\u0085)+$/g, "");

/** A token file overrides the token unless the file is empty. */
function tokenOf({ token, tokenFile }: UserEntry, folder: string): string | undefined {
  if (!tokenFile) return token;
  try {
    return tokenOfFile(resolve(folder, tokenFile)) || token;
  } catch (error) {
    if (token) return token;
    throw error;
  }
}

/** Impersonation headers of a user. */
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

/** Percent-encodes bytes that a header's name cannot contain, and "%" itself. */
const escaped = (key: string): string =>
  [...Buffer.from(key)]
    .map((byte) => String.fromCharCode(byte))
    .map((letter) =>
      /[\w!#$&'*+.^`|~-]/.test(letter)
        ? letter
        : `%${letter.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`,
    )
    .join("");
