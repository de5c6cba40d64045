// Where an API server is and how it lets us in, as a kubeconfig says.
import { readFileSync } from "node:fs";
import { startable } from "./kubeconfigPaths.ts";
import { parsedKubeconfig } from "./parsedKubeconfig.ts";
import { proxyFor } from "./proxy.ts";

/** Where an API server is, and what `node:https` needs to be let in. */
export interface Connection {
  /** Without a slash at its end. */
  readonly url: string;
  readonly options: Record<string, unknown>;
  /** Its credentials came from a command or from an identity provider, and may end. */
  readonly isTemporary: boolean;
}

interface Entry {
  readonly name: string;
  readonly cluster?: Readonly<Record<string, string>>;
  readonly user?: Readonly<Record<string, unknown>>;
  readonly context?: { readonly cluster: string; readonly user: string };
}
type Kubeconfig = Readonly<Record<"clusters" | "users" | "contexts", readonly Entry[]>>;

/** Keys of a cluster's entry that need no help of the client's. Nothing is compressed that is asked for here. */
const KNOWN = new Set(["server", "certificate-authority-data", "disable-compression"]);
/** Keys of a user's entry that need none: certificates or a token, in the file itself. */
const PLAIN = new Set(["client-certificate-data", "client-key-data", "token"]);

/** @param kubeconfig path, or the text itself, which has more than one line. */
export async function connectionOf(kubeconfig: string, context: string): Promise<Connection> {
  const connection = (await lightConnection(kubeconfig, context)) ?? (await clientsConnection(kubeconfig, context));
  return { ...connection, url: connection.url.replace(/\/+$/, "") };
}

/** What most kubeconfigs need, and nothing of the Kubernetes client but how it runs a command. */
async function lightConnection(kubeconfig: string, context: string): Promise<Connection | undefined> {
  const source = kubeconfig.includes("\n") ? kubeconfig : readFileSync(kubeconfig, "utf8");
  const { clusters, users, contexts } = parsedKubeconfig(source) as Kubeconfig;
  const chosen = contexts.find(({ name }) => name === context)?.context;
  const cluster = clusters.find(({ name }) => name === chosen?.cluster)?.cluster;
  const user = users.find(({ name }) => name === chosen?.user)?.user;
  const keys = Object.keys(user ?? { none: true });
  const isCommand = keys.length === 1 && keys[0] === "exec";
  if (!isCommand && !keys.every((key) => PLAIN.has(key))) return undefined;
  if (!Object.keys(cluster ?? {}).every((key) => KNOWN.has(key))) return undefined;
  const url = cluster?.server ?? "";
  if (proxyFor(new URL(url)) !== undefined) return undefined;
  const ca = decoded(cluster?.["certificate-authority-data"]);
  const credentials = isCommand
    ? await commandsCredentials(startable(user ?? {}, kubeconfig))
    : plainCredentials(user as Record<string, string>);
  return { url, options: { ca, ...credentials }, isTemporary: isCommand };
}

const decoded = (value: string | undefined) => value && Buffer.from(value, "base64");

function plainCredentials(user: Readonly<Record<string, string>>): Record<string, unknown> {
  return {
    cert: decoded(user["client-certificate-data"]),
    key: decoded(user["client-key-data"]),
    ...(user.token && { headers: { authorization: `Bearer ${user.token}` } }),
  };
}

/** Runs the command of a user's entry, such as a provider's authenticator. */
async function commandsCredentials(user: Entry["user"]): Promise<Record<string, unknown>> {
  const { ExecAuth } = await import("@kubernetes/client-node/dist/exec_auth.js");
  const credentials = {};
  await new ExecAuth().applyAuthentication({ name: "user", ...user }, credentials);
  return credentials;
}

/** Files, identity providers, proxies and all else that a kubeconfig may ask for. */
async function clientsConnection(kubeconfig: string, context: string): Promise<Connection> {
  const { kubeConfigOf } = await import("./kubeConfig.ts");
  const cluster = kubeConfigOf(kubeconfig, context);
  const options = {};
  await cluster.applyToHTTPSOptions(options);
  return { url: cluster.getCurrentCluster()?.server ?? "", options, isTemporary: true };
}
