// Starts the program's own provider like Pulumi's engine: one process per run, and an engine that receives its log.
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
  /** Logged messages; warnings begin with `warning: `. */
  readonly lines: string[];
  /** URNs of the resources to which the messages belong. */
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
  /** @default the repository's provider */
  readonly executable?: string;
  /** Do not pass the engine's address at the start. */
  readonly isUntold?: boolean;
  /** Start the provider below a shell, which stands for the engine and can be killed without the provider. */
  readonly isBelowShell?: boolean;
}

export interface ProviderProcess {
  readonly engine: Engine;
  readonly log: EngineLog;
  /** Everything that the process has written to stderr so far. */
  readonly stderr: () => string;
  /** Resolves when the provider itself ends, even if its parent ended before. */
  readonly ended: Promise<void>;
  /** Stops it like the engine at the end of a run. */
  stop(): Promise<void>;
}

export async function startProvider(options: StartOptions = {}): Promise<ProviderProcess> {
  const { env, executable = PROVIDER, isUntold = false, isBelowShell = false } = options;
  const log = await startLog();
  const command = [executable, ...(isUntold ? [] : [log.address])];
  const [file = "", ...args] = isBelowShell ? ["sh", "-c", '"$0" "$@" & wait', ...command] : command;
  const child = spawn(file, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
  // The pipes stay open until the provider ends, even if its parent has ended.
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
