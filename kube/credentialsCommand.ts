// Runs the command from which a kubeconfig's user gets credentials, such as a provider's authenticator. It does so as
// client-go does (k8s.io/client-go, plugin/pkg/client/auth/exec), but with a time limit and without a terminal's input.
import { type ChildProcess, spawn } from "node:child_process";
import { resolve as resolvePath } from "node:path";
import { commandFile } from "./commandFile.ts";
import type { Exec } from "./kubeconfig.ts";
import { parsedKubeconfig } from "./parsedKubeconfig.ts";
import { hasBlock } from "./pem.ts";
import { commandName, lastLines, shown } from "./shown.ts";

export interface CommandRequest {
  readonly exec: Exec;
  /** Names of the kubeconfig's cluster and context, for messages. */
  readonly cluster: string;
  readonly context: string;
  /** Folder to which a relative path of the command refers. */
  readonly folder: string;
  /** The cluster as an ExecCredential describes it; given to commands that ask for it. */
  readonly clusterInfo?: object | undefined;
}

export interface CommandOptions {
  /** Called once, with a line that names the slow command and what it printed. @default written to standard error */
  readonly onWait?: ((line: string) => void) | undefined;
  /** Wait before `onWait` is called, in ms. @default 5 s */
  readonly noticeAfter?: number | undefined;
  /** Wait before the command is killed, in ms. @default 30 s */
  readonly endAfter?: number | undefined;
}

/** Credentials from a command, as options of `node:https`. */
export interface Credentials {
  readonly token?: string | undefined;
  /** PEM. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** When they expire, by this machine's clock in ms; undefined if the command gave no time. */
  readonly ends?: number | undefined;
}

/** A command that gave no credentials. */
export class CommandFailed extends Error {
  /** How the command ended and what it printed, without the command's name. */
  readonly facts: string;

  constructor(name: string, facts: string) {
    super(`${name} returned no credentials: ${facts}`);
    this.facts = facts;
  }
}

/** Longest output that is kept, in characters, of stdout and of stderr. */
const MOST = 1024 * 1024;
/**
 * Longest wait for the outputs to close after the command's end, in ms. Background processes that it started may keep
 * them open.
 */
const OUTPUTS_CLOSE_WITHIN = 500;

const known = new Map<string, Promise<Credentials>>();

/**
 * Credentials from a command. It runs once in this process for the same entry, until its credentials expire.
 *
 * @param refused credentials that the API server refused; the command is run again
 * @throws CommandFailed
 */
export async function commandCredentials(
  wanted: CommandRequest,
  options: CommandOptions = {},
  refused?: Credentials,
): Promise<Credentials> {
  const key = JSON.stringify([wanted.exec, wanted.folder, wanted.clusterInfo]);
  const before = known.get(key);
  if (before !== undefined) {
    const given = await before.catch(() => undefined);
    // Another caller may already have started the command again.
    const needsNewRun = given === undefined || given === refused || hasEnded(given);
    if (needsNewRun && known.get(key) === before) known.delete(key);
  }
  const asked = known.get(key) ?? run(wanted, options);
  known.set(key, asked);
  return asked;
}

/** Whether credentials have expired by this machine's clock. */
export const hasEnded = ({ ends = Number.POSITIVE_INFINITY }: Credentials): boolean => ends <= Date.now();

async function run(
  { exec, cluster, context, folder, clusterInfo }: CommandRequest,
  { onWait = (line) => process.stderr.write(`${line}\n`), noticeAfter = 5_000, endAfter = 30_000 }: CommandOptions,
): Promise<Credentials> {
  const { command = "", args, apiVersion } = exec;
  const name = `the command "${commandName(command)}" of the cluster "${shown(cluster)}" (context "${shown(context)}")`;
  const failed = (facts: string) => new CommandFailed(name, facts);
  const spec = { interactive: false, ...(exec.provideClusterInfo && { cluster: clusterInfo }) };
  const info = { kind: "ExecCredential", apiVersion, spec };
  const extra = Object.fromEntries(exec.env.map(({ name = "", value = "" }) => [name, value]));
  const hint = exec.installHint ? `; ${shown(exec.installHint, 300)}` : "";
  // Start a path that does not exist anyway, so that the system's error gives the reason.
  const file = commandFile(command, folder) ?? (command.includes("/") ? resolvePath(folder, command) : undefined);
  if (file === undefined) throw failed(`it is not on PATH${hint}`);
  const child = spawn(file, args, {
    argv0: command,
    // A process group of its own, so that all its processes can be killed, and without this terminal, so that it cannot
    // prompt.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...extra, KUBERNETES_EXEC_INFO: JSON.stringify(info) },
  });
  const release = endWithThisProcess(child);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    if (stdout.length < MOST) stdout += part;
  });
  child.stderr.setEncoding("utf8").on("data", (part: string) => {
    stderr = (stderr + part).slice(-MOST);
  });
  const printed = () => lastLines(stderr).join("; ");
  const soFar = () => {
    // Of stdout show only URLs: a person may have to open one to log in, and the rest may be credentials.
    const all = [printed(), ...(stdout.match(/https?:\/\/[^\s"'<>]+/g) ?? []).map((address) => shown(address, 300))];
    return all.some((part) => part) ? `it printed: ${all.filter((part) => part).join("; ")}` : "it printed nothing";
  };
  const noticeTimer = setTimeout(
    () => onWait(`waiting for ${name} since ${noticeAfter / 1_000} s; ${soFar()}`),
    noticeAfter,
  );
  let isLate = false;
  const ending = setTimeout(() => {
    isLate = true;
    kill(child);
  }, endAfter);
  try {
    const end = await ended(child);
    if (isLate) throw failed(`it did not exit within ${endAfter / 1_000} s and was stopped; ${soFar()}`);
    if (typeof end === "object") throw failed(`it cannot be started (${end.code ?? shown(end.message)})${hint}`);
    if (end !== "exit code 0") throw failed(`${end}: ${printed() || "it printed no error"}`);
    const answer = parsed(stdout, apiVersion);
    if (typeof answer === "string") throw failed(`${end}, but ${answer}: ${printed() || "it printed no error"}`);
    return answer;
  } finally {
    clearTimeout(noticeTimer);
    clearTimeout(ending);
    release();
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

/** How the command ended, in words, after all of its output has arrived; an error if it could not be started. */
function ended(child: ChildProcess): Promise<string | NodeJS.ErrnoException> {
  return new Promise((resolve) => {
    let patience: NodeJS.Timeout | undefined;
    const words = (code: number | null, signal: NodeJS.Signals | null) => signal ?? `exit code ${code}`;
    child.once("error", resolve);
    child.once("exit", (code, signal) => {
      patience = setTimeout(() => resolve(words(code, signal)), OUTPUTS_CLOSE_WITHIN);
    });
    child.once("close", (code, signal) => {
      clearTimeout(patience);
      resolve(words(code, signal));
    });
  });
}

interface ExecCredential {
  readonly kind?: unknown;
  readonly apiVersion?: unknown;
  readonly status?: Readonly<Partial<Record<string, string>>>;
}

/** Parses RFC 3339 as Go does. @returns ms since the epoch; NaN if the text is no time */
function timeOf(text: string): number {
  const [, year, month, day = "", time, offset] =
    /^(\d{4})-(\d\d)-(\d\d)(T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:[.,]\d+)?(Z|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  const isDay = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day);
  return isDay ? Date.parse(`${year}-${month}-${day}${time}${offset}`) : Number.NaN;
}

/**
 * Credentials from an ExecCredential, or the reason why kubectl would refuse it. Messages must not quote its content.
 */
function parsed(stdout: string, wanted: string | undefined): Credentials | string {
  try {
    // Output that begins with a brace must be valid JSON as a whole.
    const answer: unknown = stdout.trimStart().startsWith("{") ? JSON.parse(stdout) : parsedKubeconfig(stdout);
    const { kind, apiVersion, status } = (answer ?? {}) as ExecCredential;
    // Like client-go, do not require the kind.
    if (typeof answer !== "object" || (kind || "ExecCredential") !== "ExecCredential")
      return "its output is not an ExecCredential";
    if (apiVersion !== wanted)
      return `it returned an ExecCredential of ${shown(String(apiVersion), 80)} instead of ${wanted}`;
    const { token, clientCertificateData, clientKeyData, expirationTimestamp } = status ?? {};
    if ([token, clientCertificateData, clientKeyData].some((part) => (part ?? "") !== `${part ?? ""}`))
      return "its token or certificate is not a string";
    const ends = timeOf(expirationTimestamp ?? "");
    if ((expirationTimestamp ?? undefined) !== undefined && Number.isNaN(ends))
      return "its expirationTimestamp is not a time";
    if (!clientCertificateData !== !clientKeyData)
      return "it returned a certificate without a key, or a key without a certificate";
    if (!token && !clientCertificateData) return "it returned neither a token nor a certificate";
    if (
      clientCertificateData &&
      !(hasBlock(clientCertificateData, "CERTIFICATE") && hasBlock(clientKeyData ?? "", "PRIVATE KEY"))
    )
      return "its certificate or key is not PEM";
    return {
      ...(token && { token }),
      ...(clientCertificateData && { cert: clientCertificateData, key: clientKeyData }),
      // If this machine's clock is ahead, credentials would seem expired at once, each time. Leave out the time then:
      // the API server decides.
      ...(ends > Date.now() && { ends }),
    };
  } catch {
    return "its output is not an ExecCredential";
  }
}

function kill({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The process has already ended.
  }
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const running = new Set<ChildProcess>();

/**
 * Kills the command with this process: in its own process group it gets no signal from the terminal.
 * @returns a function that ends this
 */
function endWithThisProcess(child: ChildProcess): () => void {
  if (running.size === 0) {
    process.on("exit", killAll);
    for (const signal of SIGNALS) process.on(signal, onSignal);
  }
  running.add(child);
  return () => {
    running.delete(child);
    if (running.size === 0) forget();
  };
}

const killAll = () => running.forEach(kill);

function onSignal(signal: NodeJS.Signals): void {
  killAll();
  forget();
  // No other handler exists, so the signal ends this process as it does by default.
  if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
}

function forget(): void {
  process.off("exit", killAll);
  for (const signal of SIGNALS) process.off(signal, onSignal);
}
