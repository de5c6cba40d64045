// Whether a cluster can be asked at all: the first question, before all others.
import { credentialsCommand } from "../config/kubeconfig.ts";
import { type ApiAnswer, type ApiServer, apiServer, messageOf } from "../kube/apiServer.ts";
import { CommandFailed } from "../kube/credentialsCommand.ts";
import { shown } from "../kube/shown.ts";
import type { PreflightFinding } from "../mesh/preflightFindings.ts";
import { type ObservedCluster, observe } from "./cluster.ts";
import type { ClusterSettings } from "./settings.ts";

export interface Connection {
  readonly finding: PreflightFinding;
  /** Undefined where there is nobody to ask. */
  readonly observed?: ObservedCluster;
}

export async function connect(settings: ClusterSettings): Promise<Connection> {
  const { name: cluster, kubeconfig, context } = settings;
  const command = credentialsCommand(kubeconfig, context);
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
    // A server may tell everybody its version, so that it proves nothing about credentials.
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

/** The one that every cluster has from its beginning, and nobody can delete: its UID is the cluster's. */
export const FIRST_NAMESPACE = "/api/v1/namespaces/kube-system";

/** Who shows no credentials, or none that count, is anonymous where that is allowed. */
const isRefused = ({ status, body }: ApiAnswer) =>
  status === 401 || (status === 403 && messageOf(body)?.includes('"system:anonymous"') === true);

/** What commands and libraries say more is for whoever debugs them. */
function firstLine({ message }: Error): string {
  const [line = ""] = message.trim().split("\n", 1);
  // Node's own advice is no use to whoever has a kubeconfig for the CA.
  return shown(line.replace(/; if the root CA .*/, ""), 200);
}
