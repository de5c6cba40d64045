// Whether a cluster can be reached. This check runs before all others.
import { credentialsCommand } from "../config/kubeconfig.ts";
import { type ApiAnswer, type ApiServer, apiServer, messageOf } from "../kube/apiServer.ts";
import { CommandFailed } from "../kube/credentialsCommand.ts";
import { commandName, shown } from "../kube/shown.ts";
import type { PreflightFinding } from "../mesh/preflightFindings.ts";
import { type ObservedCluster, observe } from "./cluster.ts";
import type { ClusterSettings } from "./settings.ts";

export interface Connection {
  readonly finding: PreflightFinding;
  /** Undefined if the cluster cannot be reached. */
  readonly observed?: ObservedCluster;
}

export async function connect(settings: ClusterSettings): Promise<Connection> {
  const { name: cluster, kubeconfig, context } = settings;
  const commandLine = credentialsCommand(kubeconfig, context);
  const command = commandLine === undefined ? undefined : commandName(commandLine);
  const used = command === undefined ? {} : { command };
  let server: ApiServer;
  try {
    server = await apiServer(kubeconfig, context);
  } catch (error) {
    const said = error instanceof CommandFailed ? error.facts : firstLine(error as Error);
    return {
      finding:
        command === undefined
          ? { id: "notReached", severity: "error", cluster, server: shown(context), said }
          : { id: "commandFailed", severity: "error", cluster, command, said },
    };
  }
  const observed = observe(settings, server);
  const about = { cluster, server: shown(server.url) };
  try {
    // A server may show its version to anonymous users, so this answer does not prove the credentials.
    const answers = await Promise.all([
      observed.ask("/version"),
      observed.ask(FIRST_NAMESPACE, { metadata: "object" }),
    ]);
    const [{ status, body }] = answers;
    if (answers.some(isRefused)) return { finding: { id: "notLetIn", severity: "error", ...about, ...used } };
    const isKubernetes = typeof (body as { gitVersion?: unknown } | null)?.gitVersion === "string";
    if (!isKubernetes && status !== 403) return { finding: { id: "noApiServer", severity: "error", ...about, status } };
    return { finding: { id: "reached", severity: "ok", ...about, ...used }, observed };
  } catch (error) {
    return { finding: { id: "notReached", severity: "error", ...about, said: firstLine(error as Error) } };
  }
}

/** kube-system exists in every cluster and cannot be deleted. Its UID identifies the cluster. */
export const FIRST_NAMESPACE = "/api/v1/namespaces/kube-system";

/** Without valid credentials, a request is anonymous if the server allows anonymous access. */
const isRefused = ({ status, body }: ApiAnswer) =>
  status === 401 || (status === 403 && messageOf(body)?.includes('"system:anonymous"') === true);

/** Further lines of commands and libraries are for debugging only. */
function firstLine({ message }: Error): string {
  const [line = ""] = message.trim().split("\n", 1);
  // Drop Node's advice about CAs: the kubeconfig has a field for the CA.
  return shown(line.replace(/; if the root CA .*/, ""), 200);
}
