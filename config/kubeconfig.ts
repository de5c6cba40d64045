import { accessSync, constants, readFileSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import * as z from "zod";
import { kubeconfigPath } from "../kube/kubeconfigPaths.ts";
import { parsedKubeconfig } from "../kube/parsedKubeconfig.ts";
import { quote } from "./problems.ts";

/** The parts of a kubeconfig that the program reads. Everything else in it is the API client's business. */
const kubeconfigSchema = z.object({
  clusters: z.array(z.object({ name: z.string(), cluster: z.object({ server: z.string() }) })).default([]),
  contexts: z
    .array(z.object({ name: z.string(), context: z.object({ cluster: z.string(), user: z.string() }) }))
    .default([]),
  users: z
    .array(
      z.object({
        name: z.string(),
        user: z
          .object({ exec: z.object({ command: z.string(), installHint: z.string().optional() }).optional() })
          .nullish(),
      }),
    )
    .default([]),
});

/** A cluster as its kubeconfig describes it. */
export interface ClusterAccess {
  /** Path of the kubeconfig as written, or its text, which ends in a line break. */
  readonly kubeconfig: string;
  /** URL of the API server. */
  readonly server: string;
}

/**
 * Finds a context's cluster in a kubeconfig file and sees that its credentials can be used here.
 *
 * @param kubeconfig its path as written
 * @param root folder at which a relative path starts
 * @throws Error that says what is missing and what there is instead
 */
export function clusterAccess(
  kubeconfig: string,
  context: string,
  root = process.cwd(),
  path = process.env.PATH ?? "",
): ClusterAccess {
  const file = kubeconfigPath(kubeconfig, root);
  const server = findServer({ name: file, text: readText(file), folder: dirname(file) }, context, path);
  return { kubeconfig, server };
}

/**
 * The same for a kubeconfig that is there as text only. Commands and files that it names start at `root`.
 *
 * @param name what the text is called in messages, which never quote it
 */
export function clusterAccessOfText(text: string, name: string, context: string, root: string): ClusterAccess {
  const server = findServer({ name, text, folder: root }, context, process.env.PATH ?? "");
  // JSON may be a single line, and a line break is what tells a text from a path.
  return { kubeconfig: `${text.trimEnd()}\n`, server };
}

/** Command from which a context's user gets credentials; undefined where it needs none. */
export function credentialsCommand(kubeconfig: string, context: string): string | undefined {
  const text = kubeconfig.includes("\n") ? kubeconfig : readText(kubeconfigPath(kubeconfig));
  const { contexts, users } = parseKubeconfig({ name: "kubeconfig", text, folder: "" });
  const user = contexts.find(({ name }) => name === context)?.context.user;
  return users.find(({ name }) => name === user)?.user?.exec?.command;
}

interface Source {
  readonly name: string;
  readonly text: string;
  readonly folder: string;
}

function findServer(source: Source, context: string, path: string): string {
  const { name: kubeconfig } = source;
  const { clusters, contexts, users } = parseKubeconfig(source);
  const found = contexts.find(({ name }) => name === context)?.context;
  if (!found) {
    const names = contexts.map(({ name }) => quote(name)).join(", ") || "none";
    throw new Error(`${kubeconfig} has no context ${quote(context)}; it has ${names}`);
  }
  const cluster = clusters.find(({ name }) => name === found.cluster);
  if (!cluster) {
    throw new Error(
      `${kubeconfig}: context ${quote(context)} names cluster ${quote(found.cluster)}, which the file lacks`,
    );
  }
  const user = users.find(({ name }) => name === found.user);
  if (!user) {
    throw new Error(`${kubeconfig}: context ${quote(context)} names user ${quote(found.user)}, which the file lacks`);
  }
  const exec = user.user?.exec;
  if (exec && !isExecutable(exec.command, source.folder, path)) {
    const hint = exec.installHint ? `: ${exec.installHint.trim()}` : "";
    throw new Error(
      `${kubeconfig}: user ${quote(found.user)} gets its credentials from the command ${quote(exec.command)}, ` +
        `which is not on PATH; install it${hint}`,
    );
  }
  return cluster.cluster.server;
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new Error(
      `${quote(path)} cannot be read (${(error as NodeJS.ErrnoException).code}); set "kubeconfig" to the path of a file`,
    );
  }
}

function parseKubeconfig({ name, text }: Source): z.output<typeof kubeconfigSchema> {
  try {
    return kubeconfigSchema.parse(parsedKubeconfig(text));
  } catch {
    // The parser's own message would quote lines of the file, and with them tokens.
    throw new Error(`${name} is not a kubeconfig`);
  }
}

/** Looks a command up as Kubernetes clients do: a path starts at the kubeconfig's folder, a bare name is sought on PATH. */
function isExecutable(command: string, folder: string, path: string): boolean {
  const candidates = command.includes("/")
    ? [resolve(folder, command)]
    : path.split(delimiter).map((dir) => join(dir, command));
  return candidates.some((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
