import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, expect, test, vi } from "vitest";
import { stringify } from "yaml";
import { connectionOf } from "../../../kube/connection.ts";
import { CommandFailed, type CommandOptions, commandCredentials } from "../../../kube/credentialsCommand.ts";
import type { Exec } from "../../../kube/kubeconfig.ts";
import { until } from "../../../kube/until.ts";
import { folder } from "../config/fixtures.ts";

afterEach(() => vi.unstubAllEnvs());

/** An exec entry that runs this script, and the script's folder. */
function command(script: string, more: Partial<Exec> = {}) {
  const root = folder();
  writeFileSync(join(root, "login"), `#!/bin/sh\ncd ${root}\n${script}\n`);
  chmodSync(join(root, "login"), 0o700);
  return { root, exec: entry({ command: join(root, "login"), ...more }) };
}

const VERSION = "client.authentication.k8s.io/v1";
const entry = (given: Partial<Exec>): Exec => ({
  apiVersion: VERSION,
  command: undefined,
  args: [],
  env: [],
  installHint: undefined,
  interactiveMode: "Never",
  provideClusterInfo: undefined,
  ...given,
});
const give = (status: object, more: object = {}) =>
  `echo '${JSON.stringify({ kind: "ExecCredential", apiVersion: VERSION, status, ...more })}'`;
const run = (exec: Exec, options?: CommandOptions, refused?: object) =>
  commandCredentials({ exec, cluster: "nks\x1b[1m_a", context: "x", folder: "/" }, options, refused);
const failure = (exec: Exec, options?: CommandOptions) =>
  run(exec, options).then(
    () => undefined,
    (error: CommandFailed) => error,
  );
const isRunning = (pid: string) => {
  try {
    process.kill(Number(pid), 0);
    return readFileSync(`/proc/${pid.trim()}/stat`, "utf8").split(" ")[2] !== "Z";
  } catch {
    return false;
  }
};
/** Whether the process whose id is in the folder ends soon. */
const hasGone = (root: string) =>
  until(
    async () => !isRunning(readFileSync(join(root, "pid"), "utf8")),
    (gone) => gone,
    { deadline: 2_000 },
  );

test("runs a command once per exec entry, until its credentials expire or are rejected", async () => {
  const count = "echo >> count; n=$(wc -l < count | tr -d ' ')";
  const { root, exec } = command(`${count}; ${give({ token: "t%s" }).replace("echo", "printf")} $n`);
  const both = await Promise.all([run(exec), run(exec)]);
  expect(both).toEqual([{ token: "t1" }, { token: "t1" }]);
  const [first] = both;
  // Two callers whose credentials are rejected share the new ones.
  expect(await run(exec, {}, first)).toEqual({ token: "t2" });
  expect(await run(exec, {}, first)).toEqual({ token: "t2" });
  expect(await run({ ...exec, args: ["other"] })).toEqual({ token: "t3" });
  expect(readFileSync(join(root, "count"), "utf8")).toBe("\n\n\n");

  const soon = new Date(Date.now() + 1_500).toISOString();
  const ending = command(`echo >> count; ${give({ token: "t", expirationTimestamp: soon })}`);
  await run(ending.exec);
  await run(ending.exec);
  expect(readFileSync(join(ending.root, "count"), "utf8")).toBe("\n");
  await pause(Date.parse(soon) - Date.now() + 10);
  await run(ending.exec);
  expect(readFileSync(join(ending.root, "count"), "utf8")).toBe("\n\n");
});

test("runs a command again after a failure", async () => {
  const { root, exec } = command(`test -f ready && ${give({ token: "t" })}`);
  expect(await failure(exec)).toBeInstanceOf(CommandFailed);
  writeFileSync(join(root, "ready"), "");
  expect(await run(exec)).toEqual({ token: "t" });
});

test("passes the same environment as client-go, and no standard input", async () => {
  const FOR_COMMANDS = "client.authentication.k8s.io/exec";
  const BETA = "client.authentication.k8s.io/v1beta1";
  const env = [{ name: "PROFILE", value: "p" }];
  const { root, exec } = command(
    `echo "$KUBERNETES_EXEC_INFO" > info; echo "$PROFILE $1" > rest; cat > input; ${give({ token: "t" }, { apiVersion: BETA })}`,
    { apiVersion: BETA, env, args: ["get"], provideClusterInfo: true },
  );
  const extensions = [{ name: FOR_COMMANDS, extension: { audience: "a" } }];
  const cluster = { server: "https://a.example", "certificate-authority-data": "Q0E=", extensions };
  const kubeconfig = stringify({
    clusters: [{ name: "c", cluster }],
    users: [{ name: "u", user: { exec } }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
  });
  expect((await connectionOf(kubeconfig, "x")).options.headers).toEqual({ authorization: "Bearer t" });
  const read = (name: string) => readFileSync(join(root, name), "utf8");
  expect(JSON.parse(read("info"))).toEqual({
    kind: "ExecCredential",
    apiVersion: BETA,
    spec: {
      interactive: false,
      cluster: { server: "https://a.example", "certificate-authority-data": "Q0E=", config: { audience: "a" } },
    },
  });
  expect([read("rest"), read("input")]).toEqual(["p get\n", ""]);
  await connectionOf(kubeconfig.replace(FOR_COMMANDS, "another"), "x");
  expect(JSON.parse(read("info")).spec.cluster.config).toBeNull();
  const plain = command(`echo "$KUBERNETES_EXEC_INFO" > info; ${give({ token: "t" })}`);
  await run(plain.exec);
  expect(JSON.parse(readFileSync(join(plain.root, "info"), "utf8"))).toEqual({
    kind: "ExecCredential",
    apiVersion: "client.authentication.k8s.io/v1",
    spec: { interactive: false },
  });
});

test("accepts a client certificate", async () => {
  const [CERT, KEY] = ["-----BEGIN CERTIFICATE-----", "-----BEGIN PRIVATE KEY-----"];
  const { exec } = command(give({ clientCertificateData: CERT, clientKeyData: KEY }));
  expect(await run(exec)).toEqual({ cert: CERT, key: KEY });
});

test("reports a slow command once, and kills it with all its processes after the time limit", async () => {
  const { root, exec } = command('echo >&2 "open \x1b[1mhttps://u:p@login.example"; sleep 60 & echo $! > pid; wait');
  const notices: string[] = [];
  const error = await failure(exec, { onWait: (line) => notices.push(line), noticeAfter: 2_000, endAfter: 4_000 });
  const who = `the command "${exec.command}" of the cluster "nks_a" (context "x")`;
  const printed = "it printed: open https://***@login.example";
  expect(notices).toEqual([`waiting for ${who} since 2 s; ${printed}`]);
  expect(error?.message).toBe(`${who} returned no credentials: it did not exit within 4 s and was stopped; ${printed}`);
  expect(await hasGone(root)).toBe(true);
});

test("shows only the URLs in a command's stdout", async () => {
  const { exec } = command('echo "secret: go to https://login.example/device?code=A1 now"; sleep 60');
  const error = await failure(exec, { noticeAfter: 1_000, endAfter: 1_500, onWait: () => {} });
  expect(error?.facts).toBe(
    "it did not exit within 1.5 s and was stopped; it printed: https://login.example/device?code=A1",
  );
});

test("looks up a bare name in absolute folders of this process's PATH, not of the entry's PATH", async () => {
  const { root, exec } = command(`echo $PATH > path; ${give({ token: "t" })}`);
  const bare = { ...exec, command: "login", env: [{ name: "PATH", value: "/nowhere:/usr/bin:/bin" }] };
  vi.stubEnv("PATH", `:.:${root}:${process.env.PATH}`);
  expect(await run(bare)).toEqual({ token: "t" });
  expect(readFileSync(join(root, "path"), "utf8")).toBe("/nowhere:/usr/bin:/bin\n");
  vi.stubEnv("PATH", `/nowhere:${relative(process.cwd(), root)}`);
  expect(
    (
      await failure({
        ...bare,
        env: [
          { name: "PATH", value: `${root}:/bin` },
          { name: "A", value: "b" },
        ],
      })
    )?.facts,
  ).toBe("it is not on PATH");
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "%s ends this process and the command with all its processes",
  async (signal) => {
    const { root, exec } = command("sleep 60 & echo $! > pid; wait");
    const module = new URL("../../../kube/credentialsCommand.ts", import.meta.url);
    const code = `import { commandCredentials } from "${module}";
    await commandCredentials({ exec: ${JSON.stringify(exec)}, cluster: "c", context: "x", folder: "/" });`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", code]);
    const ended = once(child, "exit");
    await until(
      async () => readFileSync(join(root, "pid"), "utf8"),
      (pid) => pid !== "",
      { deadline: 40_000 },
    );
    child.kill(signal);
    expect(await ended).toEqual([null, signal]);
    await pause(100);
    expect(isRunning(readFileSync(join(root, "pid"), "utf8"))).toBe(false);
  },
);

test("returns when the command ends, even if it leaves a process running", async () => {
  const { root, exec } = command(`sleep 60 & echo $! > pid; ${give({ token: "t" })}`);
  const began = Date.now();
  expect(await run(exec)).toEqual({ token: "t" });
  expect(Date.now() - began).toBeLessThan(5_000);
  process.kill(Number(readFileSync(join(root, "pid"), "utf8")));
});

test.each([
  [
    "fails",
    "for i in 1 2 3 4 5 6; do echo >&2 line $i; done; echo secret; exit 3",
    "exit code 3: line 2; line 3; line 4; line 5; line 6",
  ],
  ["fails without output on stderr", "echo secret; exit 1", "exit code 1: it printed no error"],
  ["prints no JSON", "echo secret; echo >&2 hm", "exit code 0, but its output is not an ExecCredential: hm"],
  ["returns no credentials", give({ token: "" }), "exit code 0, but it returned neither a token nor a certificate"],
  [
    "returns a certificate without a key",
    give({ clientCertificateData: "secret" }),
    "exit code 0, but it returned a certificate without a key, or a key without a certificate",
  ],
  [
    "returns another kind",
    give({ token: "secret" }, { kind: "Pod" }),
    "exit code 0, but its output is not an ExecCredential",
  ],
  [
    "answers in another version",
    give({ token: "secret" }, { apiVersion: "client.authentication.k8s.io/v1beta1" }),
    `exit code 0, but it returned an ExecCredential of client.authentication.k8s.io/v1beta1 instead of ${VERSION}`,
  ],
  ["is killed", "kill -9 $$", "SIGKILL: it printed no error"],
])("a command that %s: the error quotes its stderr, but not its stdout", async (_, script, facts) => {
  const error = await failure(command(script).exec);
  expect(error).toBeInstanceOf(CommandFailed);
  expect(error?.facts).toBe(facts.includes(": ") ? facts : `${facts}: it printed no error`);
});

test("a missing command: the error quotes the kubeconfig's install hint", async () => {
  const error = await failure(entry({ command: "/nowhere/login", installHint: "install it\nfrom https://a.example" }));
  expect(error?.facts).toBe("it cannot be started (ENOENT); install it from https://a.example");
  expect(existsSync("/nowhere")).toBe(false);
});

test("errors never quote a line of the kubeconfig", async () => {
  const lines = "users:\n- name: u\n  user: {token: s3cret\n";
  await expect(connectionOf(lines, "x")).rejects.toThrow(
    /^the kubeconfig is not a kubeconfig: it is not YAML \(line \d\)$/,
  );
  await expect(connectionOf("a: 1\nb: s3cret\n", "x")).rejects.toThrow('the kubeconfig has no context "x"');
});
