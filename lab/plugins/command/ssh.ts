// Connections as the original makes them (pulumi/pulumi-command, provider/pkg/provider/remote/connection.go).
import { setTimeout as pause } from "node:timers/promises";
import { Client, type ConnectConfig } from "ssh2";

/** The resource's `connection`. */
export interface Connection {
  readonly host: string;
  readonly port?: number;
  readonly user?: string;
  readonly password?: string;
  readonly privateKey?: string;
  readonly privateKeyPassword?: string;
  readonly agentSocketPath?: string;
  readonly dialErrorLimit?: number;
  readonly perDialTimeout?: number;
  readonly hostKey?: string;
}

// As in pulumi/pulumi, sdk/go/common/util/retry.
const FIRST_DELAY = 100;
const BACKOFF = 1.5;
const MAX_DELAY = 5_000;

/** Dials until it works or has failed once more than `dialErrorLimit`, whatever the failure is. */
export async function dial(connection: Connection, log: (line: string) => void): Promise<Client> {
  const limit = connection.dialErrorLimit ?? 10;
  const config = configOf(connection);
  let delay = FIRST_DELAY;
  for (let failures = 1; ; failures++) {
    try {
      return await connect(config);
    } catch (error) {
      if (limit >= 0 && failures > limit)
        throw new Error(`after ${limit} failed attempts: ${(error as Error).message}`);
    }
    log(`Dial ${failures}/${limit < 0 ? "inf" : limit} failed: retrying`);
    await pause(delay);
    delay = Math.min(delay * BACKOFF, MAX_DELAY);
  }
}

function connect(config: ConnectConfig): Promise<Client> {
  return new Promise((resolve, reject) => {
    const client = new Client();
    client.on("ready", () => resolve(client)).on("error", reject);
    // Servers that ask for the password as a question.
    client.on("keyboard-interactive", (_name, _instructions, _language, prompts, finish) =>
      finish(prompts.map(() => config.password ?? "")),
    );
    client.connect(config);
  });
}

function configOf(connection: Connection): ConnectConfig {
  const { host, port = 22, user = "root", password, privateKey, privateKeyPassword, hostKey } = connection;
  const agent = connection.agentSocketPath ?? process.env.SSH_AUTH_SOCK;
  return {
    host,
    port,
    username: user,
    readyTimeout: (connection.perDialTimeout ?? 15) * 1_000,
    ...(privateKey !== undefined && { privateKey }),
    ...(privateKeyPassword !== undefined && { passphrase: privateKeyPassword }),
    ...(password !== undefined && { password, tryKeyboard: true }),
    ...(agent !== undefined && { agent }),
    ...(hostKey !== undefined && onlyHost(hostKey)),
  };
}

/** Without a key any host is taken. */
function onlyHost(hostKey: string): Pick<ConnectConfig, "hostVerifier" | "algorithms"> {
  const [type = "", key = ""] = hostKey.trim().split(/\s+/);
  if (key === "") throw new Error("failed to parse host key: ssh: no key found");
  return {
    algorithms: { serverHostKey: [type] } as NonNullable<ConnectConfig["algorithms"]>,
    hostVerifier: (presented: Buffer) => presented.equals(Buffer.from(key, "base64")),
  };
}
