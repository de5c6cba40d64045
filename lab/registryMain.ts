// First process of the registry's machine. `registry.ts` starts it.
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { reportStatus } from "./machine.ts";
import { Supervisor } from "./supervisor.ts";
import { waitFor } from "./wait.ts";

export interface RegistryInput {
  readonly dir: string;
  readonly host: string;
  readonly program: string;
  readonly config: string;
}

async function run({ dir, host, program, config }: RegistryInput): Promise<void> {
  new Supervisor(join(dir, "logs"), { OTEL_TRACES_EXPORTER: "none" }).start("registry", program, ["serve", config]);
  const { hostname, port } = new URL(`https://${host}`);
  await waitFor(`registry listens at ${host}`, 30_000, () => listens(hostname, Number(port)));
  reportStatus(dir, { ready: true });
}

function listens(host: string, port: number): Promise<true | string> {
  return new Promise((resolve) => {
    const socket = connect({ host, port }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", (error) => resolve(error.message));
  });
}

const input: RegistryInput = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8"));
run(input).catch((error: unknown) => {
  console.error(error);
  reportStatus(input.dir, { ready: false, error: error instanceof Error ? error.message : String(error) });
  process.exit(1);
});
