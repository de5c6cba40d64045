// A "machine" of the lab: a process with its own network and mount namespace, which outlives the command that started
// it. Its mounts disappear with its last process, and its cgroup contains all processes that it has started.
import { spawn } from "node:child_process";
import { existsSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { createCgroup, membershipFile } from "./cgroup.ts";
import { withoutProxies } from "./proxies.ts";
import { waitFor } from "./wait.ts";

export interface Machine {
  readonly name: string;
  readonly netns: string;
  readonly cgroup: string;
  readonly dir: string;
  /** The TypeScript file that runs as the machine's first process, and its only argument, a JSON file. */
  readonly script: string;
  readonly input: unknown;
}

const statusFile = (dir: string) => join(dir, "status.json");

interface Status {
  readonly pid: number;
  /** Start time of the process in clock ticks since boot, because a process id may have been reused. */
  readonly started: string;
  readonly ready: boolean;
  readonly error?: string;
}

function startTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

/** Called by the machine's own script: reports its progress to the process that waits for it. */
export function reportStatus(dir: string, status: Pick<Status, "ready" | "error">): void {
  const record: Status = { pid: process.pid, started: startTime(process.pid) ?? "", ...status };
  writeFileSync(statusFile(dir), JSON.stringify(record));
}

export function isRunning(dir: string): boolean {
  if (!existsSync(statusFile(dir))) return false;
  const { pid, started, ready }: Status = JSON.parse(readFileSync(statusFile(dir), "utf8"));
  return ready && startTime(pid) === started;
}

/** Command line prefix that runs a command inside a machine, with its network and mounts. */
export function insideMachine(dir: string): string[] {
  const { pid }: Status = JSON.parse(readFileSync(statusFile(dir), "utf8"));
  return ["nsenter", `--target=${pid}`, "--net", "--mount", "--"];
}

export async function startMachine(machine: Machine): Promise<void> {
  await mkdir(join(machine.dir, "logs"), { recursive: true });
  await rm(statusFile(machine.dir), { force: true });
  const system = `${machine.cgroup}/system`;
  await createCgroup(system);
  const input = join(machine.dir, "machine.json");
  writeFileSync(input, JSON.stringify(machine.input));
  const logFile = join(machine.dir, "logs", "machine.log");
  const log = openSync(logFile, "a");
  // The process joins its cgroup first, so that all its children belong to the cgroup.
  const child = spawn(
    "sh",
    [
      "-c",
      'echo $$ > "$0" && exec nsenter --net="$1" unshare --mount --propagation private -- "$2" "$3" "$4"',
      membershipFile(system),
      `/run/netns/${machine.netns}`,
      process.execPath,
      machine.script,
      input,
    ],
    { detached: true, stdio: ["ignore", log, log], env: withoutProxies(process.env) },
  );
  child.unref();
  let ended: string | undefined;
  child.on("exit", (code, signal) => {
    ended = `ended (${signal ?? code})`;
  });
  let failure: string | undefined;
  await waitFor(`${machine.name} ready`, 180_000, async () => {
    if (existsSync(statusFile(machine.dir))) {
      const status: Status = JSON.parse((await readFile(statusFile(machine.dir), "utf8")) || "{}");
      if (status.ready) return true;
      if (status.error !== undefined) failure = status.error;
    }
    if (failure === undefined && ended !== undefined) failure = ended;
    return failure === undefined ? "starting" : true;
  });
  if (failure !== undefined) {
    const { stdout } = await execa("tail", ["-n", "15", logFile]);
    throw new Error(`${machine.name}: ${failure}; logs are in ${join(machine.dir, "logs")}:\n${stdout}`);
  }
}

/**
 * Called by the machine's own script: mounts private folders over those to which system programs write, so that they
 * leave nothing on the host.
 */
export async function makePrivate(dir: string): Promise<void> {
  // Makes mounts by kubelet visible in containers.
  await execa("mount", ["--make-rshared", "/"]);
  await execa("mount", ["-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run"]);
  await execa("mount", ["-t", "tmpfs", "-o", "mode=755", "tmpfs", "/var/log"]);
  await mkdir("/run/lock", { recursive: true });
  for (const [inside, kept] of [
    ["/var/log/pods", "logs/pods"],
    ["/var/log/containers", "logs/containers"],
    ["/var/lib/cni", "cni/cache"],
    ["/var/lib/kubelet", "kubelet"],
  ] as const) {
    await mkdir(inside, { recursive: true });
    await mkdir(join(dir, kept), { recursive: true });
    await execa("mount", ["--bind", join(dir, kept), inside]);
  }
}
