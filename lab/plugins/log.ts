// Lines of a running resource, sent to the engine. Loaded with the first line: most runs have none.
import { credentials } from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/engine_pb.js";

let client: InstanceType<typeof services.EngineClient> | undefined;

/** Shows `line` in the status column of `urn`; it is not kept in the log. A lost line is no error. */
export function logLine(engine: string, urn: string, line: string): void {
  client ??= new services.EngineClient(engine, credentials.createInsecure());
  const request = new messages.LogRequest().setSeverity(messages.LogSeverity.INFO).setEphemeral(true);
  client.log(request.setUrn(urn).setMessage(line), () => {});
}
