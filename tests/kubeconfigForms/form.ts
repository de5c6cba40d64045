// Forms of kubeconfigs, with the results in kubectl and in this program. docs/kubeconfigs.md shows them side by side.
import { stringify } from "yaml";

/** Values for the kubeconfig of a form. */
export interface Given {
  readonly server: string;
  /** PEM of the server's CA. */
  readonly ca: string;
  /** PEM of the server's own certificate. */
  readonly serverCert: string;
  /** Name in the server's certificate besides its address. */
  readonly serverName: string;
  /** PEM of the client certificate. */
  readonly cert: string;
  readonly key: string;
  /** PEM of a key that belongs to no certificate here. */
  readonly otherKey: string;
  /** A bearer token. */
  readonly token: string;
  readonly httpProxy: string;
  readonly socksProxy: string;
}

/** The user that the API server sees, or the kind of failure. */
export type Verdict = "certificate" | "token" | "jane" | "nobody" | "refused";

export interface Form {
  readonly form: string;
  /** The file's contents, or an object that is written as YAML. */
  readonly config: (given: Given) => object | string | Buffer;
  /** Further files in the same folder. `login` is executable. */
  readonly files?: (given: Given) => Readonly<Record<string, string>>;
  /** Whether this machine trusts the server's CA. */
  readonly isPublic?: true;
  readonly kubectl: Verdict;
  /** @default the result in kubectl */
  readonly program?: Verdict;
  /** Why the results differ. */
  readonly why?: string;
}

export const base64 = (text: string) => Buffer.from(text).toString("base64");

export interface Parts {
  readonly cluster?: object | null;
  readonly user?: object | null;
  readonly context?: object;
  readonly more?: object;
}

/** A complete kubeconfig with context `x`, with the given parts replaced. */
export function kubeconfig({ server, ca }: Given, { cluster, user, context, more }: Parts) {
  return {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "c", cluster: { server, "certificate-authority-data": base64(ca), ...cluster } }],
    users: [{ name: "u", user }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u", ...context } }],
    ...more,
  };
}

export const pair = ({ cert, key }: Given) => ({
  "client-certificate-data": base64(cert),
  "client-key-data": base64(key),
});
export const withUser = (user: (given: Given) => object | null) => (given: Given) =>
  kubeconfig(given, { user: user(given) });
export const withCluster = (cluster: (given: Given) => object) => (given: Given) =>
  kubeconfig(given, { user: pair(given), cluster: cluster(given) });
export const withMore = (more: object | ((given: Given) => object)) => (given: Given) =>
  kubeconfig(given, { user: pair(given), more: typeof more === "function" ? more(given) : more });
export const yaml = (change: (text: string, given: Given) => string | Buffer) => (given: Given) =>
  change(stringify(kubeconfig(given, { user: pair(given) })), given);
