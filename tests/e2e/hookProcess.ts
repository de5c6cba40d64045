// A program of hooks/ as a `local.Command` runs it, in a process of its own.
import { join } from "node:path";
import { execa } from "execa";
import { intercept } from "./interceptor.ts";

export interface HookRun {
  readonly kubeconfig: string;
  readonly context: string;
  readonly settings: unknown;
}

export type HookStep = "create" | "delete";

/** Starts a hook; resolves at its end, whatever that is. */
export function startHook(hook: string, step: HookStep, { kubeconfig, context, settings }: HookRun) {
  return execa(process.execPath, [join(import.meta.dirname, "..", "..", "hooks", `${hook}.ts`), step], {
    reject: false,
    env: {
      CSP_MESH_KUBECONFIG: kubeconfig,
      CSP_MESH_CONTEXT: context,
      CSP_MESH_SETTINGS: JSON.stringify(settings),
    },
  });
}

/** What a hook that went well said to people. @throws Error with what one said that failed */
export async function runHook(hook: string, step: HookStep, run: HookRun): Promise<string> {
  const { exitCode, stderr } = await startHook(hook, step, run);
  if (exitCode !== 0) throw new Error(stderr);
  return stderr;
}

/**
 * Runs a hook again and again, each time killed one request later, until one comes to its end.
 * @param afterDeath what is done between one and the next
 * @returns the request at which each of them died
 */
export async function killAtEveryRequest(
  hook: string,
  step: HookStep,
  run: HookRun,
  afterDeath = async () => {},
): Promise<string[]> {
  const deaths: string[] = [];
  for (;;) {
    let left = deaths.length;
    let running: ReturnType<typeof startHook> | undefined;
    let death: string | undefined;
    const door = await intercept(run, ({ method, path }) => {
      if (left-- > 0) return true;
      death = `${method} ${path}`;
      running?.kill("SIGKILL");
      return false;
    });
    try {
      running = startHook(hook, step, { ...run, kubeconfig: door.kubeconfig });
      const { exitCode, stderr } = await running;
      if (death === undefined) {
        if (exitCode !== 0) throw new Error(stderr);
        return deaths;
      }
      deaths.push(death);
      await afterDeath();
    } finally {
      door.close();
    }
  }
}
