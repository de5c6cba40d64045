import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { waitFor } from "../../../lab/wait.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "supervisor-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Starts a supervisor that keeps `sleep` running and writes each process id to a file. */
function supervise(command: string) {
  const script = join(dir, "supervise.ts");
  writeFileSync(
    script,
    `import { Supervisor } from ${JSON.stringify(join(import.meta.dirname, "../../../lab/supervisor.ts"))};
     new Supervisor(${JSON.stringify(join(dir, "logs"))}).start("it", "sh", ["-c", ${JSON.stringify(command)}]);
     setInterval(() => {}, 1000);`,
  );
  return spawn(process.execPath, [script], { stdio: "ignore" });
}

const pids = () =>
  existsSync(join(dir, "pids")) ? readFileSync(join(dir, "pids"), "utf8").trim().split("\n").map(Number) : [];
const alive = (pid: number) =>
  existsSync(`/proc/${pid}`) && !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");

test("restarts a process that ended, counts the restart, and takes the process down when killed itself", async () => {
  const supervisor = supervise(`echo hello; echo $$ >> ${join(dir, "pids")}; exec sleep 1000`);
  try {
    await waitFor("first start", 15_000, async () => pids().length === 1 || "not yet");
    process.kill(pids()[0] ?? 0, "SIGKILL");
    await waitFor("second start", 15_000, async () => pids().length === 2 || "not yet");
    expect(JSON.parse(readFileSync(join(dir, "logs", "restarts.json"), "utf8"))).toEqual({ it: 1 });
    expect(readFileSync(join(dir, "logs", "it.log"), "utf8")).toBe("hello\nhello\n");
  } finally {
    supervisor.kill("SIGKILL");
  }
  await waitFor("its process gone", 15_000, async () => !alive(pids()[1] ?? 0) || "still there");
});

test("setpriv supports --pdeathsig, which ties a process to its supervisor", () => {
  expect(execFileSync("setpriv", ["--help"], { encoding: "utf8" })).toContain("--pdeathsig");
});
