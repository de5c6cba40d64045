// Entry point of the provider's process, which Pulumi's engine starts for each run through the file
// pulumi-resource-csp-mesh.
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { languageOf } from "../i18n/language.ts";
import { endWith } from "./ending.ts";
import { engineAt } from "./engine.ts";
import { kindNamed } from "./kinds.ts";
import { opener } from "./open.ts";
import { providerService } from "./server.ts";

const VERSION = "0.1.0";
/**
 * Largest message, in bytes: one message may contain the kubeconfigs of many clusters. The value is Pulumi's own limit.
 */
const LARGEST = 400 * 1024 * 1024;

const engine = engineAt(process.argv.slice(2).find((argument) => !argument.startsWith("-")));
const ending = new AbortController();
const { definition, handlers, underWay } = providerService({
  kindNamed,
  open: opener(),
  engine,
  version: VERSION,
  language: languageOf(process.env),
  ending,
});

const server = new Server({ "grpc.max_receive_message_length": LARGEST, "grpc.max_send_message_length": LARGEST });
server.addService(definition, handlers);
endWith(ending, underWay, () => new Promise<void>((done) => server.tryShutdown(() => done())));
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  // The engine reads the port from the first line.
  process.stdout.write(`${port}\n`);
});
