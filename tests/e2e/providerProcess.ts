// Runs one step of one of the program's own resources, as the provider does in `pulumi up`, in a separate process.
import { once } from "node:events";
import { type KindName, MODULE } from "../../provider/kindNames.ts";
import { type ProviderProcess, startProvider } from "../providerProcess.ts";
import { intercept, type Passing } from "./interceptor.ts";

export interface KindRun {
  readonly kubeconfig: string;
  readonly context: string;
  /** The cluster's name in the mesh. */
  readonly cluster: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Id of the claim on which the resource depends. @default none */
  readonly claim?: string;
  /** Outputs of its creation, which a delete may need. @default none */
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** `plan` and `check` are steps of a preview. */
export type KindStep = "check" | "plan" | "create" | "delete";

export interface Ended {
  /** Log lines beside the resource; a warning begins with `warning: `. */
  readonly said: string;
  /** Why it failed. */
  readonly error: string | undefined;
  /** Recorded outputs of the resource. */
  readonly state: Readonly<Record<string, unknown>>;
}

export interface Running {
  readonly ended: Promise<Ended>;
  /** Sends SIGKILL to the whole provider. */
  kill(): void;
}

/** Starts a step. The promise resolves when the step ends in any way. */
export async function startKind(kind: KindName, step: KindStep, run: KindRun): Promise<Running> {
  const provider = await startProvider();
  const ended = take(provider, kind, step, run)
    .then(
      (state) => ({ state, error: undefined }),
      (error: Error) => ({ state: {}, error: error.message }),
    )
    .then(async (result) => {
      const { process: child } = provider.engine;
      // A broken call ends a moment before the process does.
      if (result.error !== undefined && child.killed && child.exitCode === null && child.signalCode === null) {
        await once(child, "exit");
      }
      await provider.stop();
      return { ...result, said: provider.log.lines.join("\n") };
    });
  return { ended, kill: () => void provider.engine.process.kill("SIGKILL") };
}

async function take({ engine }: ProviderProcess, kind: KindName, step: KindStep, run: KindRun) {
  const { kubeconfig, context, cluster, claim, settings, outputs } = run;
  const type = `${MODULE}${kind}`;
  const bare = { cluster, ...(claim !== undefined && { claim }), ...settings };
  const inputs = { ...bare, access: { kubeconfig, context } };
  switch (step) {
    case "check": {
      const { failures } = await engine.check(type, inputs);
      if (failures.length > 0) throw new Error(failures.join("\n"));
      return {};
    }
    case "plan":
      return (await engine.create(type, inputs, true)).state;
    case "create":
      return (await engine.create(type, inputs)).state;
    case "delete":
      await engine.delete(type, { ...bare, ...outputs }, inputs);
      return {};
  }
}

/** Log lines of a successful step. @throws Error with the cause if the step failed */
export async function runKind(kind: KindName, step: KindStep, run: KindRun): Promise<string> {
  const { error, said } = await (await startKind(kind, step, run)).ended;
  if (error !== undefined) throw new Error(error);
  return said;
}

/**
 * Repeats a step until it completes. Each time, the provider is killed: first at its first request, then after each write
 * that the API server has carried out, before the answer reaches the provider. Reads change nothing, so a kill at a read
 * equals one after the write before it. The second write of the same method and path within a step counts as another one.
 * @param afterDeath called after each kill
 * @returns the requests at which the provider was killed
 */
export async function killAfterEveryWrite(
  kind: KindName,
  step: KindStep,
  run: KindRun,
  afterDeath = async () => {},
): Promise<string[]> {
  const deaths = new Map<string, string>();
  for (;;) {
    const times = new Map<string, number>();
    let running: Running | undefined;
    let isDead = false;
    const die = (key: string, request: string) => {
      if (deaths.has(key)) return true;
      deaths.set(key, request);
      isDead = true;
      running?.kill();
      return false;
    };
    const meet = ({ method, path }: Passing) => !isDead && die("first", `${method} ${path}`);
    const answered = ({ method, path }: Passing) => {
      if (isDead) return false;
      if (method === "GET") return true;
      const request = `${method} ${path}`;
      const time = (times.get(request) ?? 0) + 1;
      times.set(request, time);
      return die(`${request} ${time}`, request);
    };
    const door = await intercept(run, meet, { answered });
    try {
      running = await startKind(kind, step, { ...run, kubeconfig: door.kubeconfig });
      const { error } = await running.ended;
      if (!isDead) {
        if (error !== undefined) throw new Error(error);
        return [...deaths.values()];
      }
      await afterDeath();
    } finally {
      door.close();
    }
  }
}
