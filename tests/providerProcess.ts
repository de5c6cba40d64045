// The program's own provider as Pulumi's engine starts it: a process for a run, and an engine that hears what it logs.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/engine_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { Engine } from "./unit/plugins/engine.ts";

const PROVIDER = join(import.meta.dirname, "..", "provider", "pulumi-resource-csp-mesh");

export interface EngineLog {
  /** `127.0.0.1:port` */
  readonly address: string;
  /** What was logged: warnings begin with `warning: `. */
  readonly lines: string[];
  /** URNs of the resources that the lines are beside. */
  readonly urns: Set<string>;
  close(): void;
}

export async function startLog(): Promise<EngineLog> {
  const lines: string[] = [];
  const urns = new Set<string>();
  const server = new Server();
  server.addService(services.EngineService, {
    log: (
      { request }: { request: InstanceType<typeof messages.LogRequest> },
      done: (error: null, answer: object) => void,
    ) => {
      const isWarning = request.getSeverity() === messages.LogSeverity.WARNING;
      lines.push(`${isWarning ? "warning: " : ""}${request.getMessage()}`);
      urns.add(request.getUrn());
      done(null, new empty.Empty());
    },
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return { address: `127.0.0.1:${port}`, lines, urns, close: () => server.forceShutdown() };
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** @default the repository's own */
  readonly executable?: string;
  /** Not told at the start where the engine is. */
  readonly isUntold?: boolean;
  /** Below a shell that stands for the engine: it can be killed without its provider. */
  readonly isBelowShell?: boolean;
}

export interface ProviderProcess {
  readonly engine: Engine;
  readonly log: EngineLog;
  /** All that the process wrote to stderr until now. */
  readonly stderr: () => string;
  /** The provider itself has ended, whatever becomes of what started it. */
  readonly ended: Promise<void>;
  /** Ends it as the engine does at the end of a run. */
  stop(): Promise<void>;
}

export async function startProvider(options: StartOptions = {}): Promise<ProviderProcess> {
  const { env, executable = PROVIDER, isUntold = false, isBelowShell = false } = options;
  const log = await startLog();
  const command = [executable, ...(isUntold ? [] : [log.address])];
  const [file = "", ...args] = isBelowShell ? ["sh", "-c", '"$0" "$@" & wait', ...command] : command;
  const child = spawn(file, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
  // Its pipes are open as long as it is there.
  const ended = once(child, "close").then(() => {});
  let stderr = "";
  child.stderr.on("data", (part) => {
    stderr += part;
  });
  try {
    const engine = await Engine.of(child);
    const stop = () => engine.stop().finally(log.close);
    return { engine, log, stderr: () => stderr, ended, stop };
  } catch (error) {
    log.close();
    throw new Error(`${(error as Error).message}\n${stderr}`);
  }
}
