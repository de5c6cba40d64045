// Checks a kubeconfig's user by the rules of kubectl (k8s.io/client-go, tools/clientcmd/validation.go), and whether it
// can be used on this machine.
import { createPrivateKey, X509Certificate } from "node:crypto";
import { existsSync } from "node:fs";
import { commandFile, isProgram } from "../kube/commandFile.ts";
import { type ContextEntries, type Exec, hasOwnCredentials, isSecure, type UserEntry } from "../kube/kubeconfig.ts";
import { hasBlock } from "../kube/pem.ts";
import { commandName, shown } from "../kube/shown.ts";
import { authorizationOf, certificateOf, impersonation } from "../kube/userCredentials.ts";
import { fileProblem } from "./kubeconfigFiles.ts";
import { quote } from "./problems.ts";

interface Place {
  readonly folder: string;
  /**
   * The PATH on which commands are searched. Undefined if the cluster is not contacted, so that no command is needed.
   */
  readonly path: string | undefined;
}

/** Faults of a user, as predicates of its name, or of the context's if it names no user. */
export function userProblems({ user, userName, cluster }: ContextEntries, place: Place): string[] {
  const { exec } = user;
  const provider = user["auth-provider"];
  const problems = [
    (user.token && (user.username ?? user.password)) || (user.tokenFile && user.username)
      ? "has a token and a username or password; remove one"
      : undefined,
    certificateProblem(user, place.folder),
    exec && provider && "has both an exec entry and an auth-provider; remove one",
    exec && formProblem(exec),
    provider && providerProblem(provider, hasOwnCredentials(user)),
    !user.as && (user["as-uid"] || user["as-groups"].length > 0 || Object.keys(user["as-user-extra"] ?? {}).length > 0)
      ? "has as-uid, as-groups or as-user-extra without as; add as, or remove them"
      : undefined,
  ].filter((problem) => typeof problem === "string");
  // Clients send no credentials to a server without TLS, so they are not checked.
  if (problems.length > 0 || !isSecure(cluster)) return problems;
  const unusable =
    !user.token && user.tokenFile
      ? (fileProblem("tokenFile", user.tokenFile, place.folder) ?? emptiness(user, place.folder))
      : hasOwnCredentials(user)
        ? undefined
        : exec
          ? commandProblem(exec, place)
          : provider
            ? undefined
            : absence(user, userName);
  const problem = unusable ?? headerProblem(user, place.folder);
  return problem ? [problem] : [];
}

/** Control characters, which are not allowed in headers. */
const CONTROLS = /[^\P{Cc}\t\u0080-\u009f]/u;

function headerProblem(user: UserEntry, folder: string): string | undefined {
  if (CONTROLS.test(authorizationOf(user, undefined, folder) ?? ""))
    return "has a token with a line break or another control character in it; copy it again, as one line";
  const names = Object.values(impersonation(user)).flat();
  return names.some((name) => CONTROLS.test(name))
    ? "has a control character in its impersonation (as, as-uid, as-groups, as-user-extra); remove it"
    : undefined;
}

const emptiness = (user: UserEntry, folder: string) =>
  authorizationOf(user, undefined, folder) ? undefined : "has an empty tokenFile; get a new token";

/** Message for missing credentials; kubectl would prompt for a name and a password. */
function absence(user: UserEntry, userName: string | undefined): string {
  if (userName === undefined) return "has no user, so requests would be anonymous; set one in it";
  if (user.password) return "has a password without a username; add it";
  const half = (user["client-key"] ?? user["client-key-data"]) ? " (a client key needs its certificate)" : "";
  return `has no credentials${half}; give it a token, a client certificate with its key, or an exec command`;
}

function certificateProblem(user: UserEntry, folder: string): string | undefined {
  const [cert, key] = ["client-certificate", "client-key"] as const;
  if (!user[cert] && !user[`${cert}-data`]) return undefined;
  for (const part of [cert, key] as const) {
    if (user[part] && user[`${part}-data`]) return `has both ${part} and ${part}-data; remove one`;
  }
  if (!user[key] && !user[`${key}-data`]) return "has a client certificate without a client key; add the key";
  for (const part of [cert, key] as const) {
    const file = user[part];
    const problem = file && fileProblem(part, file, folder);
    if (problem) return problem;
  }
  const pair = certificateOf(user, undefined, folder);
  const unreadable = "has a client certificate or key that is not PEM, or a key with a passphrase; get both again";
  if (!hasBlock(pair.cert ?? "", "CERTIFICATE") || !hasBlock(pair.key ?? "", "PRIVATE KEY")) return unreadable;
  try {
    const fits = new X509Certificate(pair.cert ?? "").checkPrivateKey(createPrivateKey(pair.key ?? ""));
    return fits ? undefined : "has a client key that does not belong to its client certificate; get both again";
  } catch {
    // Omit the library's message: it quotes bytes of the certificate or key.
    return unreadable;
  }
}

/** Replacements for auth providers that client-go has removed (kubernetes/kubernetes#112341). */
const SUCCESSORS: Readonly<Record<string, string>> = {
  gcp: "its command gke-gcloud-auth-plugin",
  azure: "its command kubelogin",
};

function providerProblem(
  { name = "", config = {} }: NonNullable<UserEntry["auth-provider"]>,
  hasOwnLogin: boolean,
): string | undefined {
  if (name !== "oidc")
    return `gets its credentials from the auth-provider ${quote(name)}, which kubectl has removed; use ${SUCCESSORS[name] ?? "an exec command"}`;
  const missing = ["idp-issuer-url", "client-id"].filter((key) => !config[key]);
  if (missing.length > 0) return `has an auth-provider oidc without ${missing.join(" and ")}; add what is missing`;
  const ca = config["idp-certificate-authority"];
  // Like kubectl, resolve a relative path against the working directory.
  if (ca && !existsSync(ca))
    return `has an auth-provider oidc whose idp-certificate-authority does not exist: ${quote(ca)}; give its absolute path`;
  return hasOwnLogin || config["id-token"] || config["refresh-token"]
    ? undefined
    : "has an auth-provider oidc without id-token and refresh-token; log in again";
}

const GROUP = "client.authentication.k8s.io";
const MODES = ["Never", "IfAvailable", "Always"];
const about = (command: string) => `gets its credentials from the command ${quote(commandName(command))}`;

function formProblem({ apiVersion, command, interactiveMode, env }: Exec): string | undefined {
  if (!command) return "has an exec entry without a command; add it, or remove the entry";
  if (apiVersion !== `${GROUP}/v1` && apiVersion !== `${GROUP}/v1beta1`) {
    const is = apiVersion
      ? `in the version ${quote(apiVersion)}, which kubectl no longer supports`
      : "without an apiVersion";
    return `${about(command)} ${is}; recreate the entry with a current version of that command (${GROUP}/v1beta1 or v1)`;
  }
  if (apiVersion === `${GROUP}/v1` && !interactiveMode)
    return `${about(command)} without interactiveMode, which ${GROUP}/v1 demands; set it to IfAvailable or Never`;
  if (interactiveMode && !MODES.includes(interactiveMode))
    return `${about(command)} with the interactiveMode ${quote(interactiveMode)}; set it to IfAvailable or Never`;
  if (env.some(({ name }) => !name)) return `${about(command)} with a variable in env that has no name; add the name`;
  return undefined;
}

function commandProblem(
  { command = "", interactiveMode, installHint }: Exec,
  { folder, path }: Place,
): string | undefined {
  if (path === undefined) return undefined;
  if (interactiveMode === "Always")
    return `${about(command)}, which needs a terminal (interactiveMode: Always); use credentials that do not`;
  const file = commandFile(command, folder, path);
  if (file)
    return isProgram(file)
      ? undefined
      : `${about(command)}, a script without a first line that begins with #!, so only a shell can start it; add that line`;
  const where = command.includes("/") ? "which does not exist or is not executable" : "which is not on PATH";
  if (/\s/.test(command)) return `${about(command)}, ${where}; put arguments into args, not into command`;
  return `${about(command)}, ${where}; install it${installHint ? `: ${shown(installHint, 300)}` : ""}`;
}
