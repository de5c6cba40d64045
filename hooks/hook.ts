// How a program of this folder is run: by a `local.Command`, once on creation and once on deletion of that resource.
import { ApiException, KubeConfig } from "@kubernetes/client-node";
import { throughProxy } from "../net/proxy.ts";

export interface Hook<Settings, Result> {
  /**
   * Idempotent: after an interruption it runs again. Its result is kept in the stack's state, so nothing secret.
   * `previous` is its last result where it runs again because of other settings, else null.
   */
  create(cluster: KubeConfig, settings: Settings, previous: Result | null): Promise<Result>;
  /** Idempotent, too. `created` is what `create` returned. */
  delete(cluster: KubeConfig, settings: Settings, created: Result): Promise<void>;
}

/** Runs the hook as the command line says, `create` or `delete`. An error is one message on standard error. */
export async function runHook<Settings, Result>(hook: Hook<Settings, Result>): Promise<void> {
  try {
    const cluster = clusterOf(process.env.CSP_MESH_KUBECONFIG ?? "", process.env.CSP_MESH_CONTEXT ?? "");
    const settings: Settings = JSON.parse(process.env.CSP_MESH_SETTINGS ?? "{}");
    const previous = JSON.parse(process.env.PULUMI_COMMAND_STDOUT || "null");
    if (process.argv[2] === "delete") await hook.delete(cluster, settings, previous);
    else process.stdout.write(JSON.stringify(await hook.create(cluster, settings, previous)));
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    // At once: a request that was given up may still be open.
    process.exit(1);
  }
}

/** @param kubeconfig path, or the text itself, which has more than one line. */
export function clusterOf(kubeconfig: string, context: string): KubeConfig {
  const cluster = new KubeConfig();
  if (kubeconfig.includes("\n")) cluster.loadFromString(kubeconfig);
  else cluster.loadFromFile(kubeconfig);
  cluster.setCurrentContext(context);
  throughProxy(cluster);
  return cluster;
}

/** The API server's own words, without the headers that the client puts beside them. */
export function messageOf(error: unknown): string {
  if (!(error instanceof ApiException)) return error instanceof Error ? error.message : String(error);
  try {
    return (JSON.parse(error.body as string) as { message: string }).message;
  } catch {
    return `HTTP ${error.code}`;
  }
}
