import { accessSync, constants, readFileSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import * as z from "zod";
import { kubeconfigPath } from "../kube/kubeconfigPaths.ts";
import { parsedKubeconfig } from "../kube/parsedKubeconfig.ts";
import { quote } from "./problems.ts";

/** A list of a kubeconfig: absent, null or entries. */
const listOf = <Entry extends z.ZodType>(entry: Entry) =>
  z
    .array(entry)
    .nullish()
    .transform((list) => list ?? []);
const text = z.string().nullish();

/** The parts of a kubeconfig that the program reads; only what a context uses has to be whole. All else is the API client's business. */
const kubeconfigSchema = z.object({
  clusters: listOf(
    z.object({
      name: text,
      cluster: z
        .object({
          server: text,
          "insecure-skip-tls-verify": z.boolean().nullish(),
          "certificate-authority": text,
          "certificate-authority-data": text,
        })
        .nullish(),
    }),
  ),
  contexts: listOf(z.object({ name: text, context: z.object({ cluster: text, user: text }).nullish() })),
  users: listOf(
    z.object({
      name: text,
      user: z
        .object({
          "auth-provider": z.object({ name: text }).nullish(),
          exec: z.object({ apiVersion: text, command: text, interactiveMode: text, installHint: text }).nullish(),
        })
        .nullish(),
    }),
  ),
});
type Exec = NonNullable<NonNullable<z.output<typeof kubeconfigSchema>["users"][number]["user"]>["exec"]>;

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
  const user = contexts.find(({ name }) => name === context)?.context?.user;
  return users.find(({ name }) => name === user)?.user?.exec?.command ?? undefined;
}

interface Source {
  readonly name: string;
  readonly text: string;
  readonly folder: string;
}

function findServer(source: Source, context: string, path: string): string {
  const { clusters, contexts, users } = parseKubeconfig(source);
  const refuse = (what: string): never => {
    throw new Error(`${source.name}${what}`);
  };
  const found = contexts.find(({ name }) => name === context)?.context;
  if (!found) {
    const names = contexts.flatMap(({ name, context }) => (name && context ? [quote(name)] : [])).join(", ") || "none";
    return refuse(` has no context ${quote(context)}; it has ${names}`);
  }
  const named = `: context ${quote(context)}`;
  const cluster = clusters.find(({ name }) => name === found.cluster)?.cluster;
  if (!found.cluster) return refuse(`${named} names no cluster; set one in it`);
  if (!cluster) return refuse(`${named} names cluster ${quote(found.cluster)}, which the file lacks`);
  if (!found.user)
    return refuse(`${named} names no user, so that the API server would see an anonymous one; set one in it`);
  const user = users.find(({ name }) => name === found.user);
  if (!user) return refuse(`${named} names user ${quote(found.user)}, which the file lacks`);
  const server = cluster.server ?? "";
  const wrong =
    serverProblem(server) ??
    (cluster["insecure-skip-tls-verify"] && (cluster["certificate-authority"] || cluster["certificate-authority-data"])
      ? "has a CA and insecure-skip-tls-verify, which contradict each other; remove one"
      : undefined);
  if (wrong !== undefined) return refuse(`: cluster ${quote(found.cluster)} ${wrong}`);
  const refused =
    authProviderProblem(user.user?.["auth-provider"]?.name) ?? execProblem(user.user?.exec, source.folder, path);
  if (refused !== undefined) return refuse(`: user ${quote(found.user)} ${refused}`);
  return server;
}

/** Why kubectl, or an istiod of another cluster, would not take a server. It is not quoted: there may be a login in it. */
function serverProblem(server: string): string | undefined {
  if (server === "") return "names no server";
  if (/^[a-z]+:\/\/[^/]*@/i.test(server))
    return "has a login in its server; remove it, and give the user its credentials";
  // Nothing leaves this machine on the way to one that `kubectl proxy` opens.
  if (/^(https:\/\/|http:\/\/(127\.|localhost\b|\[::1\]))/i.test(server)) return undefined;
  return /^http:\/\//i.test(server)
    ? "has a server without TLS (http://): tokens would travel in clear; give it an https:// address"
    : "has a server without a scheme; write https:// before it";
}

/** What took the place of providers that client-go has no more (kubernetes/kubernetes#112341). */
const AUTH_PROVIDERS: Readonly<Record<string, string>> = {
  gcp: "its command gke-gcloud-auth-plugin",
  azure: "its command kubelogin",
};

function authProviderProblem(name: string | null | undefined): string | undefined {
  if (!name || name === "oidc") return undefined;
  return `gets its credentials from the auth-provider ${quote(name)}, which kubectl no longer has; use ${AUTH_PROVIDERS[name] ?? "an exec command"}`;
}

/** What client-go demands of an exec entry (k8s.io/client-go, tools/clientcmd/validation.go), and whether its command can be run here. */
function execProblem(exec: Exec | null | undefined, folder: string, path: string): string | undefined {
  if (!exec) return undefined;
  const { apiVersion, command, interactiveMode, installHint } = exec;
  const group = "client.authentication.k8s.io";
  if (!command) return "has an exec entry without a command";
  const about = `gets its credentials from the command ${quote(command)}`;
  if (apiVersion !== `${group}/v1` && apiVersion !== `${group}/v1beta1`) {
    const is = apiVersion
      ? `in the version ${quote(apiVersion)}, which kubectl no longer takes`
      : "without an apiVersion";
    return `${about} ${is}; make the entry anew with a current version of that command (${group}/v1beta1 or v1)`;
  }
  if (apiVersion === `${group}/v1` && !interactiveMode) {
    return `${about} without interactiveMode, which ${group}/v1 demands; set it to IfAvailable or Never`;
  }
  if (interactiveMode === "Always") {
    return `${about}, which wants a person at a terminal (interactiveMode: Always); use credentials that need none`;
  }
  if (isExecutable(command, folder, path)) return undefined;
  return `${about}, which is not on PATH; install it${installHint ? `: ${installHint.trim()}` : ""}`;
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
