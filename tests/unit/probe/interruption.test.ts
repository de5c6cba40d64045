import { spawn } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const MODULE = join(import.meta.dirname, "..", "..", "..", "probe", "interruption.ts");

/** Runs a task that cleans up slowly in a separate process, and calls `act` when it has started. */
async function run(
  body: string,
  act: (pid: number) => void = () => {},
): Promise<{ code: number | null; said: string }> {
  const program = `
    import { setTimeout as pause } from "node:timers/promises";
    const { interruptible, Interrupted } = await import(${JSON.stringify(MODULE)});
    try {
      await interruptible(async (signal) => {
        try {
          console.log("at work");
          ${body}
        } finally {
          await pause(300);
          console.log("tidied up");
        }
      });
      console.log("done");
    } catch (error) {
      console.log(error.message);
      process.exitCode = error instanceof Interrupted ? error.exitCode : 1;
    }`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", program]);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (part) => {
      if (said === "") act(child.pid ?? 0);
      said += part;
    });
  }
  return new Promise((done) => child.on("close", (code) => done({ code, said: said.trim().replaceAll("\n", ", ") })));
}

const untilAborted = "await pause(20_000, undefined, { signal });";

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)("%s ends the task after its cleanup, even if sent repeatedly", async (signal, code) => {
  const again = (pid: number) => {
    process.kill(pid, signal);
    for (const later of [50, 100, 200]) setTimeout(() => process.kill(pid, signal), later);
  };
  // The exit code shows the interruption, even if the task throws its own error.
  const result = await run(`await pause(20_000, undefined, { signal }).catch(() => signal.throwIfAborted());`, again);
  expect(result).toEqual({ code, said: `at work, tidied up, interrupted by ${signal}` });
});

test.each([
  ["an uncaught error", 'setTimeout(() => { throw new Error("stray"); }, 10);'],
  ["an unhandled rejection", 'Promise.reject(new Error("stray"));'],
])("%s ends the task after its cleanup as well", async (_, stray) => {
  expect(
    await run(`${stray} await pause(20_000, undefined, { signal }).catch(() => signal.throwIfAborted());`),
  ).toEqual({
    code: 1,
    said: "at work, tidied up, stray",
  });
});

test("reports an interruption even if the task ignores it", async () => {
  expect(await run("await pause(300);", (pid) => process.kill(pid, "SIGINT"))).toEqual({
    code: 130,
    said: "at work, tidied up, interrupted by SIGINT",
  });
  expect(await run(untilAborted.replace("20_000", "10"))).toEqual({ code: 0, said: "at work, tidied up, done" });
});
