// Where an API server is and how it lets us in, as a kubeconfig says.
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { proxyFor } from "../net/proxy.ts";
import { type CommandOptions, type Credentials, commandCredentials, type Exec } from "./credentialsCommand.ts";
import { inTime } from "./inTime.ts";
import { kubeconfigPath, startable } from "./kubeconfigPaths.ts";
import { parsedKubeconfig } from "./parsedKubeconfig.ts";
import { shown } from "./shown.ts";

/** Where an API server is, and what `node:https` needs to be let in. */
export interface Connection {
  /** Without a slash at its end. */
  readonly url: string;
  readonly options: Record<string, unknown>;
  /** Its credentials came from a command or from an identity provider, and may end. */
  readonly isTemporary: boolean;
  /** Those that a command gave. */
  readonly credentials?: Credentials | undefined;
}

interface Entry {
  readonly name: string;
  readonly cluster?: Cluster;
  readonly user?: Readonly<Record<string, unknown>>;
  readonly context?: { readonly cluster: string; readonly user: string };
}
type Cluster = Readonly<Record<string, string>> & {
  readonly extensions?: readonly { readonly name: string; readonly extension: unknown }[];
};
type Kubeconfig = Readonly<Record<"clusters" | "users" | "contexts", readonly Entry[]>>;
/** What a context of a kubeconfig names. */
interface Chosen {
  readonly clusterName: string;
  readonly cluster: Cluster;
  readonly user: Readonly<Record<string, unknown>> | undefined;
}

/** Keys of a cluster's entry that need no help of the client's. Nothing is compressed that is asked for here. */
const KNOWN = new Set(["server", "certificate-authority-data", "disable-compression", "extensions"]);
/** Keys of a user's entry that need none: certificates or a token, in the file itself. */
const PLAIN = new Set(["client-certificate-data", "client-key-data", "token"]);
/** Keys of a cluster that an ExecCredential has under the same name. */
const TOLD = [
  "server",
  "tls-server-name",
  "insecure-skip-tls-verify",
  "certificate-authority-data",
  "proxy-url",
  "disable-compression",
];
/** Longest wait for an identity provider, which may accept a connection and never answer, in ms. */
const PROVIDER_ANSWERS_WITHIN = 30_000;
/** Extension of a cluster with what is meant for commands. */
const FOR_COMMANDS = "client.authentication.k8s.io/exec";

/**
 * @param given path of a kubeconfig as written, or its text, which has more than one line
 * @param refused a connection whose credentials the API server did not take, or that are over: a command is run anew
 * @throws CommandFailed, or Error that quotes nothing of the kubeconfig but names
 */
export async function connectionOf(
  given: string,
  context: string,
  options: CommandOptions = {},
  refused?: Connection,
): Promise<Connection> {
  const kubeconfig = kubeconfigPath(given);
  const chosen = chosenOf(kubeconfig, context);
  const exec = chosen.user?.exec as Exec | undefined;
  const credentials =
    exec &&
    (await commandCredentials(
      {
        exec: startable({ exec }, kubeconfig).exec as Exec,
        cluster: chosen.clusterName,
        context,
        clusterInfo: exec.provideClusterInfo ? clusterInfo(chosen.cluster, kubeconfig) : undefined,
      },
      options,
      refused?.credentials,
    ));
  const connection =
    lightConnection(chosen, credentials) ?? (await clientsConnection(kubeconfig, context, credentials));
  return { ...connection, credentials, url: connection.url.replace(/\/+$/, "") };
}

function chosenOf(kubeconfig: string, context: string): Chosen {
  const source = kubeconfig.includes("\n") ? kubeconfig : readFileSync(kubeconfig, "utf8");
  const { clusters, users, contexts } = (parsedKubeconfig(source) ?? {}) as Partial<Kubeconfig>;
  const found = contexts?.find(({ name }) => name === context)?.context;
  if (found === undefined) throw new Error(`the kubeconfig has no context "${shown(context)}"`);
  const cluster = clusters?.find(({ name }) => name === found.cluster)?.cluster;
  if (cluster === undefined) throw new Error(`the kubeconfig lacks the cluster of its context "${shown(context)}"`);
  return { clusterName: found.cluster, cluster, user: users?.find(({ name }) => name === found.user)?.user };
}

/** What most kubeconfigs need, and nothing of the Kubernetes client; undefined where that is not enough. */
function lightConnection({ cluster, user }: Chosen, given: Credentials | undefined): Connection | undefined {
  const keys = Object.keys(user ?? { none: true });
  if (!(given ? keys.length === 1 : keys.every((key) => PLAIN.has(key)))) return undefined;
  if (!Object.keys(cluster).every((key) => KNOWN.has(key))) return undefined;
  const url = cluster.server ?? "";
  if (!URL.canParse(url) || proxyFor(new URL(url)) !== undefined) return undefined;
  const ca = decoded(cluster["certificate-authority-data"]);
  const credentials = given ? optionsOf(given) : plainCredentials(user as Record<string, string>);
  return { url, options: { ca, ...credentials }, isTemporary: given !== undefined };
}

const decoded = (value: string | undefined) => value && Buffer.from(value, "base64");

const optionsOf = ({ token, cert, key }: Credentials): Record<string, unknown> => ({
  ...(cert && { cert, key }),
  ...(token && { headers: { authorization: `Bearer ${token}` } }),
});

function plainCredentials(user: Readonly<Record<string, string>>): Record<string, unknown> {
  return {
    cert: decoded(user["client-certificate-data"]),
    key: decoded(user["client-key-data"]),
    ...(user.token && { headers: { authorization: `Bearer ${user.token}` } }),
  };
}

/** The cluster as an ExecCredential of v1 describes it. */
function clusterInfo(cluster: Cluster, kubeconfig: string): object {
  const told = Object.entries(cluster).filter(([key]) => TOLD.includes(key));
  const config = cluster.extensions?.find(({ name }) => name === FOR_COMMANDS)?.extension;
  const file = cluster["certificate-authority"];
  const folder = kubeconfig.includes("\n") ? "" : dirname(kubeconfig);
  const ca = file && !cluster["certificate-authority-data"] && readFileSync(resolve(folder, file)).toString("base64");
  return {
    ...Object.fromEntries(told),
    ...(ca && { "certificate-authority-data": ca }),
    ...(config !== undefined && { config }),
  };
}

/** Files, identity providers, proxies and all else that a kubeconfig may ask for. */
async function clientsConnection(
  kubeconfig: string,
  context: string,
  given: Credentials | undefined,
): Promise<Connection> {
  const { kubeConfigOf } = await import("./kubeConfig.ts");
  const config = kubeConfigOf(kubeconfig, context);
  if (given) {
    const name = config.getCurrentUser()?.name;
    config.users = config.users.map((user) => (user.name === name ? withCredentials(user, given) : user));
  }
  const options: Record<string, unknown> = {};
  await inTime(config.applyToHTTPSOptions(options), {
    within: PROVIDER_ANSWERS_WITHIN,
    late: `the identity provider of the context "${shown(context)}" did not answer within ${PROVIDER_ANSWERS_WITHIN / 1_000} s`,
  });
  return { url: config.getCurrentCluster()?.server ?? "", options, isTemporary: true };
}

/** A user of the client's whose command has been run already. */
function withCredentials<User>(
  { exec: _, ...user }: User & { exec?: unknown },
  { token, cert, key }: Credentials,
): User {
  const encoded = (pem = "") => Buffer.from(pem).toString("base64");
  return { ...user, ...(token && { token }), ...(cert && { certData: encoded(cert), keyData: encoded(key) }) } as User;
}
