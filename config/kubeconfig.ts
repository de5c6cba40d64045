import { dirname } from "node:path";
import { entriesOfContext, hasOwnCredentials } from "../kube/kubeconfig.ts";
import { kubeconfigPath } from "../kube/kubeconfigPaths.ts";
import { readKubeconfig } from "../kube/parsedKubeconfig.ts";
import { shown } from "../kube/shown.ts";
import { clusterProblems } from "./kubeconfigCluster.ts";
import { userProblems } from "./kubeconfigUser.ts";
import { quote } from "./problems.ts";

/** Access to a cluster, from its kubeconfig. */
export interface ClusterAccess {
  /** Path of the kubeconfig as written, or its text, which ends with a line break. */
  readonly kubeconfig: string;
  /** URL of the API server. */
  readonly server: string;
  /** Server name in its certificate, if it differs from the URL's host. */
  readonly tlsServerName?: string;
  /** This machine does not verify the certificate. */
  readonly isUnverified?: true;
}

/**
 * Finds a context's cluster in a kubeconfig file, and checks by kubectl's rules that its credentials can be used on
 * this machine.
 *
 * @param kubeconfig its path as written
 * @param root folder to which relative paths refer
 * @param isContacted whether the cluster is contacted; otherwise the credentials command need not exist
 * @throws Error that names what is missing and what exists instead; AggregateError for several faults
 */
export function clusterAccess(
  kubeconfig: string,
  context: string,
  root = process.cwd(),
  path = process.env.PATH ?? "",
  isContacted = true,
): ClusterAccess {
  const file = kubeconfigPath(kubeconfig, root);
  return {
    kubeconfig,
    ...access({ name: file, text: readText(file), folder: dirname(file) }, context, isContacted, path),
  };
}

/**
 * The same for the text of a kubeconfig. Relative paths of commands and files in it refer to `root`.
 *
 * @param name name of the text in messages, which never quote it
 */
export function clusterAccessOfText(
  text: string,
  name: string,
  context: string,
  root: string,
  isContacted = true,
): ClusterAccess {
  const found = access({ name, text, folder: root }, context, isContacted);
  // End the text with a line break, which distinguishes a text from a path: JSON may have a single line.
  return { kubeconfig: `${text.trimEnd()}\n`, ...found };
}

/** The command from which a context's user gets credentials; undefined without a command. */
export function credentialsCommand(kubeconfig: string, context: string): string | undefined {
  const text = kubeconfig.includes("\n") ? kubeconfig : readText(kubeconfigPath(kubeconfig));
  const { user } = entriesOfContext("kubeconfig", text, context);
  return hasOwnCredentials(user) ? undefined : user.exec?.command;
}

interface Source {
  readonly name: string;
  readonly text: string;
  readonly folder: string;
}

function access(
  source: Source,
  context: string,
  isContacted: boolean,
  sought = process.env.PATH ?? "",
): Omit<ClusterAccess, "kubeconfig"> {
  const found = entriesOfContext(source.name, source.text, context);
  const { clusterName, cluster } = found;
  const problems = [
    ...clusterProblems(cluster, source.folder).map((what) => `: cluster ${quote(clusterName)} ${what}`),
    ...userProblems(found, { folder: source.folder, path: isContacted ? sought : undefined }).map((what) =>
      found.userName === undefined ? `: context ${quote(context)} ${what}` : `: user ${quote(found.userName)} ${what}`,
    ),
  ].map((problem) => new Error(`${source.name}${problem}`));
  const [first] = problems;
  if (problems.length > 1) throw new AggregateError(problems, problems.map(({ message }) => message).join("\n"));
  if (first) throw first;
  const { server = "", "tls-server-name": tlsServerName } = cluster;
  return {
    server,
    ...(tlsServerName && { tlsServerName }),
    ...(cluster["insecure-skip-tls-verify"] && { isUnverified: true }),
  };
}

function readText(path: string): string {
  try {
    return readKubeconfig(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const what = `${quote(shown(path))} cannot be read (${code})`;
    throw new Error(
      code === "ENOENT" && path.includes(":")
        ? `${what}; merge several files into one: KUBECONFIG=FILE:FILE kubectl config view --flatten > FILE, and set "kubeconfig" to its path`
        : `${what}; set "kubeconfig" to the path of a file`,
    );
  }
}
