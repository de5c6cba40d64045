// Address and credentials of an API server, from a kubeconfig, as client-go determines them.
import { dirname } from "node:path";
import { proxyFor } from "../net/proxy.ts";
import { type CommandOptions, type Credentials, commandCredentials } from "./credentialsCommand.ts";
import { type ClusterEntry, type ContextEntries, entriesOfContext, hasOwnCredentials, isSecure } from "./kubeconfig.ts";
import { kubeconfigPath } from "./kubeconfigPaths.ts";
import { readKubeconfig } from "./parsedKubeconfig.ts";
import { serverTrust } from "./serverTrust.ts";
import { shown } from "./shown.ts";
import { authorizationOf, certificateOf, dataOr, impersonation } from "./userCredentials.ts";

/** Address of an API server, and the options of `node:https` that authenticate this client. */
export interface Connection {
  /** Without a trailing slash. */
  readonly url: string;
  readonly options: Record<string, unknown>;
  /** PEM of the CA that the kubeconfig names. */
  readonly ca?: string | undefined;
  /** Its credentials came from a command, a file or an identity provider, and may expire. */
  readonly isTemporary: boolean;
  /** Credentials that came from a command. */
  readonly credentials?: Credentials | undefined;
}

/** Extension of a kubeconfig's cluster entry whose content is passed to credentials commands. */
const FOR_COMMANDS = "client.authentication.k8s.io/exec";

/**
 * @param given path of a kubeconfig as written, or its text (more than one line)
 * @param refused a connection whose credentials were refused or have expired; the command is run again
 * @throws CommandFailed, or Error that names the problem and quotes nothing of the kubeconfig
 */
export async function connectionOf(
  given: string,
  context: string,
  options: CommandOptions = {},
  refused?: Connection,
): Promise<Connection> {
  const path = kubeconfigPath(given);
  const isText = path.includes("\n");
  const folder = isText ? process.cwd() : dirname(path);
  const chosen = entriesOfContext("the kubeconfig", isText ? path : readKubeconfig(path), context);
  const { cluster, user } = chosen;
  // Like client-go, take several slashes for one.
  const url = (cluster.server ?? "").replaceAll(/(?<!:|:\/)\/+(?=\/|$)/g, "");
  const isTls = isSecure(cluster);
  const isAsked = isTls && !hasOwnCredentials(user);
  const credentials = isAsked
    ? await commands(chosen, { context, folder, options, refused: refused?.credentials })
    : undefined;
  const proxyUrl = cluster["proxy-url"] ?? (URL.canParse(url) ? proxyFor(new URL(url)) : undefined);
  const ca = isTls ? caOf(cluster, folder) : undefined;
  const tls = isTls
    ? serverTrust({ cluster, url, ca, isProxied: proxyUrl !== undefined }, certificateOf(user, credentials, folder))
    : {};
  const authProvider = isAsked ? user["auth-provider"] : undefined;
  const { authorization = isTls ? authorizationOf(user, credentials, folder) : undefined, ...way } =
    proxyUrl !== undefined || authProvider !== undefined
      ? await (await import("./clientOptions.ts")).clientOptions({
          server: url,
          tls,
          proxyUrl,
          authProvider,
          context: shown(context),
        })
      : {};
  const headers = { ...(authorization && { authorization }), ...impersonation(user) };
  const isFromFile = [user.tokenFile, user["client-certificate"], user["client-key"]].some((file) => file);
  return {
    url,
    options: { ...tls, ...way, ...(Object.keys(headers).length > 0 && { headers }) },
    ca,
    isTemporary: credentials !== undefined || authProvider !== undefined || isFromFile,
    credentials,
  };
}

/** The credentials from a user's command, if the user has one. */
async function commands(
  { clusterName, cluster, user: { exec } }: ContextEntries,
  more: { context: string; folder: string; options: CommandOptions; refused: Credentials | undefined },
): Promise<Credentials | undefined> {
  if (exec === undefined) return undefined;
  const { context, folder } = more;
  const clusterInfo = exec.provideClusterInfo ? clusterInfoOf(cluster, folder) : undefined;
  return commandCredentials({ exec, cluster: clusterName, context, folder, clusterInfo }, more.options, more.refused);
}

/** The cluster as client-go describes it to a command (rest/exec.go). Empty fields are left out, except `config`. */
function clusterInfoOf(cluster: ClusterEntry, folder: string): object {
  const { extensions, "certificate-authority": _, "certificate-authority-data": __, ...entry } = cluster;
  const config = extensions.find(({ name }) => name === FOR_COMMANDS)?.extension;
  const ca = caOf(cluster, folder);
  return {
    ...Object.fromEntries(Object.entries(entry).filter(([, value]) => value)),
    ...(ca && { "certificate-authority-data": Buffer.from(ca).toString("base64") }),
    config: config ?? null,
  };
}

const caOf = (cluster: ClusterEntry, folder: string) =>
  dataOr(cluster["certificate-authority-data"], cluster["certificate-authority"], folder)?.toString();
