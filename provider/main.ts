// The provider's process: started by Pulumi's engine for each run, through the file pulumi-resource-csp-mesh.
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { endWith } from "./ending.ts";
import { engineAt } from "./engine.ts";
import { kindNamed } from "./kinds.ts";
import { opener } from "./open.ts";
import { providerService } from "./server.ts";

const VERSION = "0.1.0";
/** Largest message, in bytes: kubeconfigs of many clusters in one (Pulumi's own limit: 400 MiB). */
const LARGEST = 400 * 1024 * 1024;

const engine = engineAt(process.argv.slice(2).find((argument) => !argument.startsWith("-")));
const ending = new AbortController();
const { definition, handlers, underWay } = providerService({
  kindNamed,
  open: opener(),
  engine,
  version: VERSION,
  ending,
});

const server = new Server({ "grpc.max_receive_message_length": LARGEST, "grpc.max_send_message_length": LARGEST });
server.addService(definition, handlers);
endWith(ending, underWay, () => new Promise<void>((done) => server.tryShutdown(() => done())));
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  // By its first line the engine learns where to ask.
  process.stdout.write(`${port}\n`);
});
