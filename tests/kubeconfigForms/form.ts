// Forms of kubeconfigs, and what kubectl and the program make of each: docs/kubeconfigs.md shows them side by side.
import { stringify } from "yaml";

/** What a form is filled with. */
export interface Given {
  readonly server: string;
  /** PEM of the server's CA. */
  readonly ca: string;
  /** PEM of the certificate that the server shows. */
  readonly serverCert: string;
  /** Name in the server's certificate besides its address. */
  readonly serverName: string;
  /** PEM of the certificate's user. */
  readonly cert: string;
  readonly key: string;
  /** PEM of a key of no certificate here. */
  readonly otherKey: string;
  /** Of the token's user. */
  readonly token: string;
  readonly httpProxy: string;
  readonly socksProxy: string;
}

/** Who acts, or why nobody does. */
export type Verdict = "certificate" | "token" | "jane" | "nobody" | "refused";

export interface Form {
  readonly form: string;
  /** The file's contents, or what they are as YAML. */
  readonly config: (given: Given) => object | string | Buffer;
  /** More files in its folder; commands can be run. */
  readonly files?: (given: Given) => Readonly<Record<string, string>>;
  /** Has this machine trust the server's CA. */
  readonly isPublic?: true;
  readonly kubectl: Verdict;
  /** @default as kubectl */
  readonly program?: Verdict;
  /** Why they differ. */
  readonly why?: string;
}

export const base64 = (text: string) => Buffer.from(text).toString("base64");

export interface Parts {
  readonly cluster?: object | null;
  readonly user?: object | null;
  readonly context?: object;
  readonly more?: object;
}

/** A whole kubeconfig of context `x`, in which parts are changed. */
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
