// Which user the API server sees for a kubeconfig, with the real kubectl and with this program.
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { clusterAccess } from "../../config/kubeconfig.ts";
import { apiServer } from "../../kube/apiServer.ts";
import type { Form, Given, Verdict } from "./form.ts";

interface User {
  readonly username?: string;
}

export interface Found {
  /** The user as the API server sees it, "nobody", or "refused". */
  readonly user: User | "nobody" | "refused";
  /** The error, if refused. */
  readonly said: string;
  /** The cluster in KUBERNETES_EXEC_INFO, if the credentials command ran. */
  readonly cluster: unknown;
}

const REVIEW = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
/** Answers for an unknown user; some servers treat it as anonymous. */
const UNKNOWN = /Unauthorized|^401:|system:anonymous|you do not have permission to call it/;
const refused = (said: string) => ({ user: UNKNOWN.test(said) ? ("nobody" as const) : ("refused" as const), said });

/** Writes a form's files. @returns path of the kubeconfig */
export function write(folder: string, { config, files }: Form, given: Given): string {
  const content = config(given);
  const all = {
    config: typeof content === "string" || Buffer.isBuffer(content) ? content : stringify(content),
    ...files?.(given),
  };
  rmSync(folder, { recursive: true, force: true });
  for (const [path, text] of Object.entries(all)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    if (path === "login") chmodSync(file, 0o755);
  }
  return join(folder, "config");
}

/** @param env the complete environment */
export async function byKubectl(kubectl: string, file: string, env: Record<string, string>): Promise<Found> {
  const { stdout, stderr, exitCode } = await execa(
    kubectl,
    ["--kubeconfig", file, "--context", "x", "auth", "whoami", "-o", "json"],
    { env, extendEnv: false, stdin: "ignore", reject: false },
  );
  const found = exitCode === 0 ? { user: JSON.parse(stdout).status.userInfo as User, said: "" } : refused(stderr);
  return { ...found, cluster: takeClusterInfo(file) };
}

export async function byProgram(file: string): Promise<Found> {
  let found: Omit<Found, "cluster">;
  try {
    clusterAccess(file, "x");
    const server = await apiServer(file, "x", { tries: 1 });
    const body = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
    const { status, body: answer } = await server.post(REVIEW, body);
    server.close();
    found =
      status === 201
        ? { user: (answer as { status: { userInfo: User } }).status.userInfo, said: "" }
        : refused(`${status}: ${JSON.stringify(answer)}`);
  } catch (error) {
    found = refused((error as Error).message);
  }
  return { ...found, cluster: takeClusterInfo(file) };
}

/** KUBERNETES_EXEC_INFO as recorded by the credentials command. Deletes the record. */
function takeClusterInfo(file: string): unknown {
  const info = join(dirname(file), "info");
  if (!existsSync(info)) return undefined;
  const { spec } = JSON.parse(readFileSync(info, "utf8"));
  rmSync(info);
  return spec.cluster ?? null;
}

/** @param names verdicts by user name */
export const verdictOf = ({ user }: Found, names: Readonly<Record<string, Verdict>>): Verdict | string =>
  typeof user === "string" ? user : (names[user.username ?? ""] ?? `${user.username}`);
