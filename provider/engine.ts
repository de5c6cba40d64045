// Client of Pulumi's engine, which displays log lines beside a resource.
import { credentials, Metadata } from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/engine_pb.js";

export interface Engine {
  /** Sets the engine's address if it was unknown at the start. */
  attach(address: string): void;
  log(severity: "info" | "warning", urn: string, line: string): void;
  /** Resolves when every line logged so far has been delivered or dropped. */
  logged(): Promise<void>;
}

/** Longest wait for the engine to accept a line, in ms. */
const PATIENCE = 5_000;

/** @param address `127.0.0.1:1234`; undefined until the engine attaches */
export function engineAt(address: string | undefined): Engine {
  let client = connect(address);
  const onTheWay = new Set<Promise<void>>();
  return {
    attach: (found) => {
      client = connect(found);
    },
    log(severity, urn, line) {
      const { INFO, WARNING } = messages.LogSeverity;
      const request = new messages.LogRequest()
        .setSeverity(severity === "info" ? INFO : WARNING)
        .setUrn(urn)
        .setMessage(line);
      // A line that cannot be delivered is dropped without an error.
      const sent = new Promise<void>((done) =>
        client === undefined
          ? done()
          : client.log(request, new Metadata(), { deadline: Date.now() + PATIENCE }, () => done()),
      );
      onTheWay.add(sent);
      sent.then(() => onTheWay.delete(sent));
    },
    async logged() {
      await Promise.all(onTheWay);
    },
  };
}

function connect(address: string | undefined) {
  return address === undefined ? undefined : new services.EngineClient(address, credentials.createInsecure());
}
