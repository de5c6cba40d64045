// Whether the clusters reach each other, before anything of the mesh is made in them. Done by a process of its own that
// outlives this one: whoever runs hooks kills them when somebody presses Ctrl-C, and nothing would be tidied up.
import { fork } from "node:child_process";
import { once } from "node:events";
import { json } from "node:stream/consumers";
import { catalogue, languageOf } from "../cli/language.ts";
import { probeReport } from "../cli/probe.ts";
import type { ProbeFinding } from "../preflight/probe/findings.ts";
import { type ProbeCluster, type ProbeOptions, probe } from "../preflight/probe/probe.ts";

interface Settings extends Omit<ProbeOptions, "by" | "signal"> {
  readonly clusters: readonly ProbeCluster[];
}

/** What the one process tells the other. */
type Told = { readonly findings: readonly ProbeFinding[] } | { readonly error: string };

if (process.argv[2] === "probe") await work();
else await lead((await json(process.stdin)) as Settings);

/** Has it done, and says what was found. Its result is the clusters that were probed. */
async function lead(settings: Settings): Promise<void> {
  const probed = settings.clusters.map(({ name, server }) => `${name} ${server}`);
  const before: readonly string[] = JSON.parse(process.env.PULUMI_COMMAND_STDOUT || "[]");
  // A mesh that stands is not held up by what happens to its clusters, unless there is one more.
  if (probed.every((cluster) => before.includes(cluster))) return finish(0, "", probed);
  const messages = catalogue[languageOf(process.env)];
  const worker = fork(import.meta.filename, ["probe"], { detached: true, stdio: "pipe" });
  worker.send(settings);
  const told = await tellingOf(worker);
  if ("error" in told) return finish(1, told.error, probed);
  const report = probeReport(told.findings, messages);
  const isBad = told.findings.some(({ severity }) => severity === "error");
  finish(isBad ? 1 : 0, isBad ? `${messages.probe.refused}:\n${report}` : report, probed);
}

function tellingOf(worker: ReturnType<typeof fork>): Promise<Told> {
  return new Promise((resolve) => {
    let said = "";
    worker.stderr?.on("data", (part) => {
      said += part;
    });
    worker.on("message", (told: Told) => resolve(told));
    worker.on("error", (error) => resolve({ error: error.message }));
    worker.on("exit", (code, signal) => resolve({ error: `the probe ended (${signal ?? code}): ${said.trim()}` }));
  });
}

function finish(code: number, report: string, probed: readonly string[]): void {
  if (report !== "") process.stderr.write(`${report}\n`);
  if (code === 0) process.stdout.write(JSON.stringify(probed));
  process.exit(code);
}

/** Ends when the process that asked for it does, whatever ends that. */
async function work(): Promise<void> {
  const controller = new AbortController();
  const end = (error: unknown) => controller.abort(error);
  process.on("disconnect", () => end(new Error("nobody waits for it any more")));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => end(new Error(signal)));
  process.on("uncaughtException", end).on("unhandledRejection", end);
  // Its reader may be gone.
  const tell = (told: Told) =>
    new Promise<void>((done) => (process.connected ? process.send?.(told, () => done()) : done()));
  let told = Promise.resolve();
  try {
    // Nobody has to wait until the last of it is gone.
    const found = (findings: readonly ProbeFinding[]) => {
      told = tell({ findings });
    };
    const [settings] = (await once(process, "message", { signal: controller.signal })) as [Settings];
    const { clusters, ...options } = settings;
    await probe(clusters, { ...options, by: "up", signal: controller.signal, found });
  } catch (error) {
    told = tell({ error: (error as Error).message });
  }
  await told;
  process.exit(0);
}
