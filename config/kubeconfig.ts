import { dirname } from "node:path";
import { chosenOf, hasOwnCredentials } from "../kube/kubeconfig.ts";
import { kubeconfigPath } from "../kube/kubeconfigPaths.ts";
import { readKubeconfig } from "../kube/parsedKubeconfig.ts";
import { clusterProblems } from "./kubeconfigCluster.ts";
import { userProblems } from "./kubeconfigUser.ts";
import { quote } from "./problems.ts";

/** A cluster as its kubeconfig describes it. */
export interface ClusterAccess {
  /** Path of the kubeconfig as written, or its text, which ends in a line break. */
  readonly kubeconfig: string;
  /** URL of the API server. */
  readonly server: string;
  /** Name in the server's certificate, where that is not the URL's host. */
  readonly tlsServerName?: string;
  /** The certificate is not verified from here. */
  readonly isUnverified?: true;
}

/**
 * Finds a context's cluster in a kubeconfig file and sees that its credentials can be used here, by kubectl's rules.
 *
 * @param kubeconfig its path as written
 * @param root folder at which a relative path starts
 * @param isContacted whether credentials are needed: else the command that gives them need not be there
 * @throws Error that says what is missing and what there is instead; AggregateError where more than one thing is wrong
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
 * The same for a kubeconfig that is there as text only. Commands and files that it names start at `root`.
 *
 * @param name what the text is called in messages, which never quote it
 */
export function clusterAccessOfText(
  text: string,
  name: string,
  context: string,
  root: string,
  isContacted = true,
): ClusterAccess {
  const found = access({ name, text, folder: root }, context, isContacted);
  // JSON may be a single line, and a line break is what tells a text from a path.
  return { kubeconfig: `${text.trimEnd()}\n`, ...found };
}

/** Command from which a context's user gets credentials; undefined where it needs none. */
export function credentialsCommand(kubeconfig: string, context: string): string | undefined {
  const text = kubeconfig.includes("\n") ? kubeconfig : readText(kubeconfigPath(kubeconfig));
  const { user } = chosenOf("kubeconfig", text, context);
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
  const found = chosenOf(source.name, source.text, context);
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
    const what = `${quote(path)} cannot be read (${code})`;
    throw new Error(
      code === "ENOENT" && path.includes(":")
        ? `${what}; of several files make one: KUBECONFIG=FILE:FILE kubectl config view --flatten > FILE, and give that one its path in "kubeconfig"`
        : `${what}; set "kubeconfig" to the path of a file`,
    );
  }
}
