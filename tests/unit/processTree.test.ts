import { readFileSync } from "node:fs";
import { execa } from "execa";
import { expect, test } from "vitest";
import { killTree } from "../e2e/processTree.ts";

/** A zombie has also ended; its new parent has not reaped it yet. */
const runs = (pid: number) => {
  try {
    return !readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.startsWith("Z");
  } catch {
    return false;
  }
};

test("kills a process and all its descendants, including session leaders", async () => {
  const script = "sleep 1000 & echo $!; setsid sleep 1000 & echo $!; wait";
  const run = execa("bash", ["-c", script], { reject: false });
  let said = "";
  run.stdout.on("data", (text) => {
    said += text;
  });
  await expect.poll(() => said).toMatch(/^\d+\n\d+\n$/);
  const pids = said.trim().split("\n").map(Number);
  expect(pids.every(runs)).toBe(true);
  // `setsid` may fork, which adds one process.
  expect(killTree(run.pid as number)).toBeGreaterThanOrEqual(3);
  expect((await run).signal).toBe("SIGKILL");
  await expect.poll(() => pids.some(runs)).toBe(false);
});

test("returns 0 for a process that has already ended", async () => {
  const run = execa("true");
  await run;
  expect(killTree(run.pid as number)).toBe(0);
});
