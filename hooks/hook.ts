// How a program of this folder is run: by a `local.Command`, once on creation and once on deletion of that resource.
import { type ApiServer, apiServer } from "../net/apiServer.ts";
import { type Objects, objectsOf } from "./objects.ts";

/** The cluster that a hook acts on. */
export interface HookCluster {
  readonly objects: Objects;
  readonly server: ApiServer;
  /** Path of its kubeconfig, or its text. */
  readonly kubeconfig: string;
  readonly context: string;
}

export interface Hook<Settings, Result> {
  /**
   * Idempotent: after an interruption it runs again. Its result is kept in the stack's state, so nothing secret.
   * `previous` is its last result where it runs again because of other settings, else null.
   */
  create(cluster: HookCluster, settings: Settings, previous: Result | null): Promise<Result>;
  /** Idempotent, too. `created` is what `create` returned. */
  delete(cluster: HookCluster, settings: Settings, created: Result): Promise<void>;
}

async function connect(kubeconfig: string, context: string): Promise<ApiServer> {
  try {
    return await apiServer(kubeconfig, context);
  } catch (error) {
    throw new Error(`no connection by the kubeconfig's context "${context}": ${(error as Error).message.trim()}`);
  }
}

/** Runs the hook as the command line says, `create` or `delete`. An error is one message on standard error. */
export async function runHook<Settings, Result>(hook: Hook<Settings, Result>): Promise<void> {
  try {
    const { CSP_MESH_KUBECONFIG: kubeconfig = "", CSP_MESH_CONTEXT: context = "" } = process.env;
    const settings: Settings = JSON.parse(process.env.CSP_MESH_SETTINGS ?? "{}");
    const previous = JSON.parse(process.env.PULUMI_COMMAND_STDOUT || "null");
    const server = await connect(kubeconfig, context);
    const cluster = { objects: objectsOf(server), server, kubeconfig, context };
    if (process.argv[2] === "delete") await hook.delete(cluster, settings, previous);
    else process.stdout.write(JSON.stringify(await hook.create(cluster, settings, previous)));
    server.close();
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    // At once: a request that was given up may still be open.
    process.exit(1);
  }
}
