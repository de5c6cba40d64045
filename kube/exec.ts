// Runs a command in a container of a pod through the API server's WebSocket, like `kubectl exec` without a terminal.
import type { IncomingHttpHeaders } from "node:http";
import type { V1Status } from "@kubernetes/client-node";
import WebSocket, { type ClientOptions } from "ws";
import { mayPass, persistently } from "../net/retry.ts";
import { type ApiServer, messageOf, structured } from "./apiServer.ts";
import { readRefusal } from "./refusedUpgrade.ts";

export interface ExecTarget {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

export interface ExecOptions {
  /** Longest time for the whole call, in ms. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
  /** Called with each piece of stdout as it comes. */
  readonly onStdout?: ((text: string) => void) | undefined;
}

export interface ExecResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** Channel number: the first byte of each message. */
const STDOUT = 1;
const STDERR = 2;
const STATUS = 3;

/** The API server refused to open the WebSocket; holds its answer. */
class UpgradeRefused extends Error {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;

  constructor(status: number, headers: IncomingHttpHeaders, body: unknown) {
    const message = messageOf(body);
    super(`Unexpected server response: ${status}${message ? `: ${message}` : ""}`);
    this.status = status;
    this.headers = headers;
  }
}

/** A non-zero exit is a result. @throws Error if the command was not started, or did not end */
export async function execIn(
  server: ApiServer,
  { namespace, pod, container }: ExecTarget,
  command: readonly string[],
  { timeout, signal, onStdout }: ExecOptions,
): Promise<ExecResult> {
  const query = new URLSearchParams({ container, stdout: "true", stderr: "true" });
  for (const word of command) query.append("command", word);
  const url = new URL(`${server.url}/api/v1/namespaces/${namespace}/pods/${pod}/exec?${query}`);
  url.protocol = url.protocol.replace("http", "ws");
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error(`no end after ${timeout / 1000} s`)), timeout);
  const limit = AbortSignal.any([late.signal, ...(signal ? [signal] : [])]);

  const attempt = async () => {
    const used = await server.renewed();
    const first = await tryOnce(url, used.options, limit, onStdout);
    const needsRenewal = first instanceof UpgradeRefused && first.status === 401 && used.isTemporary;
    const result = needsRenewal ? await tryOnce(url, (await server.renewed(used)).options, limit, onStdout) : first;
    return result instanceof UpgradeRefused
      ? { status: result.status, headers: result.headers, result }
      : { status: 200, headers: {}, result };
  };
  try {
    // Repeat only if the command cannot have run: the request was refused, or the connection broke before the WebSocket
    // was open.
    const { result } = await persistently(attempt, (error) => mayPass(error, true), { signal: limit });
    if (result instanceof UpgradeRefused) throw result;
    return result;
  } finally {
    clearTimeout(timer);
  }
}

async function tryOnce(
  url: URL,
  options: ClientOptions,
  limit: AbortSignal,
  onStdout: ExecOptions["onStdout"],
): Promise<ExecResult | UpgradeRefused> {
  const out: Record<number, Buffer[]> = { [STDOUT]: [], [STDERR]: [], [STATUS]: [] };
  const textOf = (channel: number) => Buffer.concat(out[channel] ?? []).toString("utf8");
  const end = Promise.withResolvers<UpgradeRefused | undefined>();
  const stop = () => end.reject(limit.reason);
  let isOpen = false;
  const socket = new WebSocket(url, "v4.channel.k8s.io", {
    ...options,
    perMessageDeflate: false,
    skipUTF8Validation: true,
  });
  socket
    .on("message", (message: Buffer) => {
      const [channel = 0] = message;
      const content = message.subarray(1);
      out[channel]?.push(content);
      if (channel === STDOUT && content.length > 0) onStdout?.(content.toString("utf8"));
      // The status is the last message.
      if (channel === STATUS && content.length > 0) end.resolve(undefined);
    })
    .on("unexpected-response", (_, response) => {
      readRefusal(response, (body) =>
        end.resolve(new UpgradeRefused(response.statusCode ?? 0, response.headers, structured(body))),
      );
    })
    .on("open", () => {
      isOpen = true;
    })
    .on("error", (error: NodeJS.ErrnoException) => {
      // If all addresses of a host fail, Node's error has a code but no message.
      const failure = new Error(error.message || (error.code ?? error.name));
      end.reject(isOpen ? failure : Object.assign(failure, { code: error.code }));
    })
    .on("close", (code) => end.reject(new Error(`connection closed (${code}) before the end`)));
  limit.addEventListener("abort", stop, { once: true });
  if (limit.aborted) stop();
  try {
    const refused = await end.promise;
    if (refused) return refused;
    return { exitCode: exitCode(JSON.parse(textOf(STATUS))), stdout: textOf(STDOUT), stderr: textOf(STDERR) };
  } finally {
    limit.removeEventListener("abort", stop);
    socket.terminate();
  }
}

/** Exit code from the status at the end of an exec. @throws Error if the command was not started */
function exitCode(status: V1Status): number {
  if (status.status === "Success") return 0;
  const cause = status.details?.causes?.find((entry) => entry.reason === "ExitCode");
  if (cause?.message === undefined) throw new Error(messageOf(status) ?? "unknown failure");
  return Number(cause.message);
}
