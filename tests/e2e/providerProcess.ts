// One step of one resource of the program's own, as `pulumi up` has its provider take it, in a process of its own.
import { once } from "node:events";
import { type KindName, MODULE } from "../../provider/kindNames.ts";
import { type ProviderProcess, startProvider } from "../providerProcess.ts";
import { intercept } from "./interceptor.ts";

export interface KindRun {
  readonly kubeconfig: string;
  readonly context: string;
  /** The cluster's name in the mesh. */
  readonly cluster: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Id of the claim that the resource depends on. @default none */
  readonly claim?: string;
  /** What was found when it was created; a delete may need it. @default nothing */
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** `plan` and `check` are those of a preview. */
export type KindStep = "check" | "plan" | "create" | "delete";

export interface Ended {
  /** What was said beside the resource, a warning with `warning: ` before it. */
  readonly said: string;
  /** Why it failed. */
  readonly error: string | undefined;
  /** What is recorded of the resource. */
  readonly state: Readonly<Record<string, unknown>>;
}

export interface Running {
  readonly ended: Promise<Ended>;
  /** SIGKILL for the whole provider. */
  kill(): void;
}

/** Starts a step; it resolves at its end, whatever that is. */
export async function startKind(kind: KindName, step: KindStep, run: KindRun): Promise<Running> {
  const provider = await startProvider();
  const ended = take(provider, kind, step, run)
    .then(
      (state) => ({ state, error: undefined }),
      (error: Error) => ({ state: {}, error: error.message }),
    )
    .then(async (result) => {
      const { process: child } = provider.engine;
      // A call that breaks tells of its process a moment before the process does.
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

/** What a step that went well said to people. @throws Error with why one failed */
export async function runKind(kind: KindName, step: KindStep, run: KindRun): Promise<string> {
  const { error, said } = await (await startKind(kind, step, run)).ended;
  if (error !== undefined) throw new Error(error);
  return said;
}

/**
 * Takes a step again and again, each time killed at the first request at which none was killed before, until one comes to its end.
 * The second request of a method to a path, within a step, is another than the first. Of reads that follow one another only the first
 * counts: between them nothing changes, and before a namespace goes there are as many as the cluster has kinds.
 * @param afterDeath what is done between one and the next
 * @returns the request at which each of them died
 */
export async function killAtEveryRequest(
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
    let isFirst = true;
    const door = await intercept(run, ({ method, path }) => {
      if (isDead) return false;
      const isRead = method === "GET";
      const counts = isFirst || !isRead;
      isFirst = !isRead;
      if (!counts) return true;
      const request = `${method} ${path}`;
      const time = (times.get(request) ?? 0) + 1;
      times.set(request, time);
      const key = `${request} ${time}`;
      if (deaths.has(key)) return true;
      deaths.set(key, request);
      isDead = true;
      running?.kill();
      return false;
    });
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
