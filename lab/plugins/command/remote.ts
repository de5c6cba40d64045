import type { Client } from "ssh2";
import type { CheckFailure, ResourceType } from "../resource.ts";
import { type Props, unknown } from "../values.ts";
import { commandType, environment, logger } from "./command.ts";
import type { Connection } from "./ssh.ts";
import { collect, failure, type Streams } from "./streams.ts";

function check({ connection }: Props): CheckFailure[] {
  if (connection === undefined || connection === unknown) return [];
  return "proxy" in (connection as Props)
    ? [{ property: "connection", reason: "the lab's stand-in knows no proxy: connect to the host itself" }]
    : [];
}

const open = new Set<Client>();

/** Ends every connection, and with it what runs there as far as its sshd does so. */
export function hangUp(): void {
  for (const client of open) client.destroy();
}

export const remoteCommand: ResourceType = commandType(async (command, inputs, last, operation) => {
  // Loaded only here: most plugins that are started run local commands alone.
  const { dial } = await import("./ssh.ts");
  const client = await dial(inputs.connection as Connection, operation.log);
  open.add(client);
  try {
    return await run(client, command, {
      // A variable that the server does not accept is an error in the original, and only not there here.
      env: environment(inputs, last),
      stdin: (inputs.stdin as string | undefined) ?? "",
      onLine: logger(inputs, operation),
    });
  } finally {
    open.delete(client);
    client.end();
  }
}, check);

interface Options {
  readonly env: Record<string, string>;
  readonly stdin: string;
  onLine(stream: keyof Streams, line: string): void;
}

/** @throws in the words of Go's SSH library, with all that the command said */
function run(client: Client, command: string, { env, stdin, onLine }: Options): Promise<Streams> {
  return new Promise((resolve, reject) => {
    client.on("error", reject);
    client.exec(command, { env }, (error, channel) => {
      if (error) return reject(error);
      const said = collect({ stdout: channel, stderr: channel.stderr }, onLine);
      let why = "wait: remote command exited without exit status or exit signal";
      channel.on("exit", (code: number | null, signal?: string) => {
        why =
          code === null ? `Process exited with status 1 from signal ${signal}` : `Process exited with status ${code}`;
        if (code === 0) why = "";
      });
      channel.on("close", () => (why === "" ? resolve(said.streams()) : reject(failure(why, command, said.both()))));
      channel.on("error", () => {});
      channel.end(stdin);
    });
  });
}
