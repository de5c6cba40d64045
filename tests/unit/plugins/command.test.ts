import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { Engine, secret, UNKNOWN } from "./engine.ts";

const COMMAND = "command:local:Command";

let engine: Engine;
let dir: string;
beforeAll(async () => {
  engine = await Engine.start("command");
  dir = await mkdtemp(join(tmpdir(), "command-"));
});
afterAll(async () => {
  await engine.stop();
  await rm(dir, { recursive: true });
});

test("create runs in its folder, with environment and standard input", async () => {
  const { state } = await engine.make(COMMAND, {
    create: 'echo "$GREETING $(cat) in $PWD"; echo aside >&2',
    environment: { GREETING: "hello" },
    stdin: "world",
    dir,
  });
  expect(state).toMatchObject({ stdout: `hello world in ${dir}`, stderr: "aside" });
});

test("removes only one trailing newline, and keeps long output complete", async () => {
  expect((await engine.make(COMMAND, { create: "printf 'a\\n\\n'" })).state.stdout).toBe("a\n");
  expect((await engine.make(COMMAND, { create: "seq 100000" })).state.stdout?.split("\n")).toHaveLength(100_000);
});

test("includes output that a background process writes after the shell ended", async () => {
  const create = "(while kill -0 $$ 2>/dev/null; do :; done; echo late) & echo early";
  expect((await engine.make(COMMAND, { create })).state.stdout).toBe("early\nlate");
});

test("supports another interpreter", async () => {
  const news = { create: "console.log(6 * 7)", interpreter: [process.execPath, "-e"] };
  expect((await engine.make(COMMAND, news)).state.stdout).toBe("42");
});

test("passes the output of create to update, and that of update to delete", async () => {
  const news = {
    create: "echo made",
    update: 'echo "$PULUMI_COMMAND_STDOUT, changed"',
    delete: `echo "$PULUMI_COMMAND_STDOUT, gone" > '${dir}/deleted'`,
  };
  const { state } = await engine.make(COMMAND, news);
  const updated = await engine.update(COMMAND, state, news);
  expect(updated.stdout).toBe("made, changed");
  await engine.delete(COMMAND, updated);
  expect(await readFile(join(dir, "deleted"), "utf8")).toBe("made, changed, gone\n");
});

test("does not pass the output on with addPreviousOutputInEnv: false", async () => {
  const news = { update: 'echo "<$PULUMI_COMMAND_STDOUT>"', addPreviousOutputInEnv: false };
  expect((await engine.update(COMMAND, { stdout: "made" }, news)).stdout).toBe("<>");
});

test("runs create again if there is no update, and nothing without either", async () => {
  expect((await engine.update(COMMAND, { stdout: "old" }, { create: "echo again" })).stdout).toBe("again");
  expect(await engine.update(COMMAND, { stdout: "old", stderr: "" }, { delete: "true" })).toMatchObject({
    stdout: "old",
  });
});

test("replaces the resource after a changed trigger, and updates it after other changes", async () => {
  const inputs = { create: "true", triggers: ["a", 1] };
  expect(await engine.diff(COMMAND, inputs, { ...inputs, triggers: ["b", 1] })).toEqual({
    changes: ["triggers"],
    replaces: ["triggers"],
  });
  expect(await engine.diff(COMMAND, inputs, { ...inputs, create: "false" })).toEqual({
    changes: ["create"],
    replaces: [],
  });
});

test("runs nothing in a preview, and returns unknown outputs", async () => {
  const news = { create: `touch '${dir}/previewed'` };
  const state = { ...news, stdout: UNKNOWN, stderr: UNKNOWN };
  expect(await engine.create(COMMAND, news, true)).toEqual({ id: "", state });
  expect(await engine.update(COMMAND, { stdout: "old", stderr: "" }, news, true)).toEqual(state);
  await expect(readFile(join(dir, "previewed"))).rejects.toThrow("ENOENT");
});

test("marks the outputs as secret if an input is secret", async () => {
  const environment = { TOKEN: secret("hush") };
  const { state } = await engine.create(COMMAND, { create: 'echo "$TOKEN"', environment });
  expect(state).toEqual({ create: 'echo "$TOKEN"', environment, stdout: secret("hush"), stderr: secret("") });
});

test("reports a failing command with its status and whole output", async () => {
  await expect(engine.make(COMMAND, { create: "echo out; echo err >&2; exit 3" })).rejects.toThrow(
    /^exit status 3: running "echo out; echo err >&2; exit 3":\n(out\nerr|err\nout)\n$/,
  );
  await expect(engine.make(COMMAND, { create: "x", interpreter: ["/no/such"] })).rejects.toThrow(
    new Error('fork/exec /no/such: no such file or directory: running "x":\n'),
  );
});

test("rejects unsupported features by name", async () => {
  expect((await engine.check(COMMAND, { assetPaths: ["*"], logging: "all" })).failures).toEqual([
    "assetPaths: the lab's stand-in returns no files: print what is needed to stdout",
    'logging: value must be one of: stdout, stderr, stdoutAndStderr, none, got: "all"',
  ]);
  await expect(engine.check("command:remote:CopyToRemote", {})).rejects.toThrow(
    new Error(
      'the lab\'s stand-in for the command plugin has no resource type "command:remote:CopyToRemote" (it has command:local:Command, command:remote:Command): put the official pulumi-resource-command on PATH',
    ),
  );
});

test("times out on a machine that accepts connections but does not answer", async () => {
  const silent = createServer().listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { port } = silent.address() as AddressInfo;
  const connection = { host: "127.0.0.1", port, perDialTimeout: 1, dialErrorLimit: 0 };
  await expect(engine.create("command:remote:Command", { connection, create: "true" })).rejects.toThrow(
    /^after 0 failed attempts: ssh: handshake failed: .*: i\/o timeout$/,
  );
  silent.close();
});

/** Starts a command with a grandchild, and returns the grandchild's pid once it runs. */
async function startLong(on: Engine, pidFile: string, then = "; wait") {
  const created = on.create(COMMAND, { create: `sleep 600 & echo $! > '${pidFile}'${then}` }).catch((error) => error);
  const pid = await vi.waitFor(async () => {
    const text = await readFile(pidFile, "utf8");
    expect(text).toMatch(/^\d+\n$/);
    return Number(text);
  });
  return { created, pid };
}

const gone = (pid: number) =>
  vi.waitFor(async () => {
    // An orphan that has not been reaped yet is a zombie: it has ended.
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "ended) Z");
    expect(stat).toContain(") Z");
  });

test("cancel ends a running command and all its processes", async () => {
  const { created, pid } = await startLong(engine, join(dir, "cancelled"));
  await engine.cancel();
  expect(await created).toMatchObject({ message: expect.stringMatching(/^signal: killed: running "sleep 600 /) });
  await gone(pid);
});

test("cancel also ends background processes of a command whose shell has ended", async () => {
  const other = await Engine.start("command");
  const { created, pid } = await startLong(other, join(dir, "left"), "");
  await other.cancel();
  await created;
  await gone(pid);
  await other.stop();
});

test("the end of the plugin ends its commands as well", async () => {
  const other = await Engine.start("command");
  const { created, pid } = await startLong(other, join(dir, "ended"));
  const exited = once(other.process, "exit");
  other.process.kill("SIGINT");
  expect(await exited).toEqual([0, null]);
  await gone(pid);
  await created;
  await other.stop();
});
