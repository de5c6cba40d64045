import { extname, join, relative } from "node:path";
import { Command } from "@pulumi/command/local/command.js";
import { Logging } from "@pulumi/command/types/enums/local/index.js";
import * as pulumi from "@pulumi/pulumi";

/** How the program itself reaches a cluster, for what no resource can express: a component's provider does not tell. */
export interface ClusterAccess {
  /** Path of the cluster's kubeconfig, or its text as a secret. */
  readonly kubeconfig: pulumi.Input<string>;
  readonly context: pulumi.Input<string>;
}

export interface ClusterHookArgs extends ClusterAccess {
  /** Name of a file in `hooks/`, without its ending. */
  readonly hook: string;
  /** What the hook is told, as JSON. Another value runs it again. */
  readonly settings?: pulumi.Input<unknown>;
  /** The one time at which it acts: `change` is another value of its settings. @default all three */
  readonly only?: "create" | "delete" | "change";
}

/** What the program itself asks a cluster. @throws pulumi.RunError that names the cluster */
export async function askedOf<Answer>(cluster: string, answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    throw new pulumi.RunError(`cluster ${cluster}: ${(error as Error).message}`);
  }
}

/** Command line of a program of `hooks/`. @param hook name of its file, without its ending */
export function hookCommand(hook: string): string {
  // Compiled or not, as this file is: below node_modules Node strips no types.
  return `node --import '${fileOf("config/keepCompiled.js")}' '${fileOf(`hooks/${hook}${extname(import.meta.filename)}`)}'`;
}

/**
 * What no resource can express: a program of `hooks/` that acts on a cluster when the mesh comes and when it goes.
 * Its result on creation is JSON on standard output, which it gets back when it is deleted.
 */
export function clusterHook(name: string, args: ClusterHookArgs, opts: pulumi.CustomResourceOptions): Command {
  const program = hookCommand(args.hook);
  const wanted = (when: "create" | "delete") => args.only === undefined || args.only === when;
  return new Command(
    name,
    {
      ...(wanted("create") && { create: `${program} create` }),
      ...(args.only === "change" && { update: `${program} create` }),
      ...(wanted("delete") && { delete: `${program} delete` }),
      // By environment, because arguments are everybody's to read.
      environment: {
        CSP_MESH_KUBECONFIG: args.kubeconfig,
        CSP_MESH_CONTEXT: args.context,
        CSP_MESH_SETTINGS: pulumi.jsonStringify(args.settings ?? {}),
      },
      logging: Logging.Stderr,
    },
    opts,
  );
}

/**
 * A file of this package as a command finds it, whose working directory is the program's. Not an absolute path: in another checkout
 * it would be a change of every hook, and each would run again.
 */
function fileOf(name: string): string {
  return `./${relative(process.cwd(), join(import.meta.dirname, "..", name))}`;
}
