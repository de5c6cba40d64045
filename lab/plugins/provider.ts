// Serves resource types to the Pulumi engine: the ResourceProvider protocol over gRPC on loopback. Only the generated
// messages of the SDK are loaded, not the SDK: the engine starts each plugin more than once in every run.
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData, status } from "@grpc/grpc-js";
import pluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import * as lifecycle from "./lifecycle.ts";
import type { Operation, ResourceType, ResourceTypes } from "./resource.ts";
import { type Props, plain } from "./values.ts";

export interface Plugin {
  /** Package name: `tls` for `pulumi-resource-tls`. */
  readonly name: string;
  readonly version: string;
  readonly types: ResourceTypes;
  /** Ends what is still running. */
  cancel?(): void;
}

const { Struct } = struct;
const { DiffResponse, PropertyDiff } = messages;
const KINDS = {
  add: [PropertyDiff.Kind.ADD, PropertyDiff.Kind.ADD_REPLACE],
  delete: [PropertyDiff.Kind.DELETE, PropertyDiff.Kind.DELETE_REPLACE],
  update: [PropertyDiff.Kind.UPDATE, PropertyDiff.Kind.UPDATE_REPLACE],
} as const;

type StructMessage = InstanceType<typeof Struct>;

const toProps = (message: StructMessage | undefined): Props => (message?.toJavaScript() ?? {}) as Props;
const toStruct = (props: Props): StructMessage =>
  Struct.fromJavaScript(props as Parameters<typeof Struct.fromJavaScript>[0]);

function unary<Request, Response>(work: (request: Request) => Response | Promise<Response>) {
  return (call: ServerUnaryCall<Request, Response>, respond: sendUnaryData<Response>): void => {
    Promise.resolve(call.request)
      .then(work)
      .then(
        (response) => respond(null, response),
        (error: unknown) =>
          respond({ code: status.UNKNOWN, details: error instanceof Error ? error.message : String(error) }),
      );
  };
}

/** Serves `plugin` until the engine ends the process; prints the port, as the engine expects. */
export async function serve(plugin: Plugin): Promise<void> {
  // Set by the wrapper for this process alone, not for what it runs.
  delete process.env.NODE_COMPILE_CACHE;
  const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(services.ResourceProviderService, handlers(plugin));
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => {
      plugin.cancel?.();
      process.exit(0);
    });
  process.stdout.write(`${port}\n`);
}

function typeOf(plugin: Plugin, urn: string): ResourceType {
  // urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME
  const token = urn.split("::")[2]?.split("$").at(-1) ?? urn;
  const type = plugin.types[token];
  if (type === undefined)
    throw new Error(
      `the lab's stand-in for the ${plugin.name} plugin has no resource type "${token}" (it has ${Object.keys(plugin.types).join(", ")}): put the official pulumi-resource-${plugin.name} on PATH`,
    );
  return type;
}

function handlers(plugin: Plugin) {
  const engine = process.argv[2];
  const operation = (urn: string): Operation => ({
    log: (line) => {
      if (engine !== undefined) void import("./log.ts").then(({ logLine }) => logLine(engine, urn, line));
    },
  });

  return {
    getPluginInfo: unary(() => new pluginMessages.PluginInfo().setVersion(plugin.version)),
    getSchema: unary(() => new messages.GetSchemaResponse().setSchema("{}")),
    checkConfig: unary((request: messages.CheckRequest) => new messages.CheckResponse().setInputs(request.getNews())),
    diffConfig: unary(() => new DiffResponse().setChanges(DiffResponse.DiffChanges.DIFF_NONE)),
    configure: unary(() => new messages.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true)),

    check: unary((request: messages.CheckRequest) => {
      const { inputs, failures } = lifecycle.check(typeOf(plugin, request.getUrn()), toProps(request.getNews()));
      return new messages.CheckResponse()
        .setInputs(toStruct(inputs))
        .setFailuresList(
          failures.map(({ property, reason }) => new messages.CheckFailure().setProperty(property).setReason(reason)),
        );
    }),

    diff: unary((request: messages.DiffRequest) => {
      const changes = lifecycle.diff(
        typeOf(plugin, request.getUrn()),
        toProps(request.getOldInputs()),
        toProps(request.getOlds()),
        toProps(request.getNews()),
      );
      const { DIFF_NONE, DIFF_SOME } = DiffResponse.DiffChanges;
      const response = new DiffResponse()
        .setChanges(changes.length === 0 ? DIFF_NONE : DIFF_SOME)
        .setDiffsList(changes.map(({ property }) => property))
        .setReplacesList(changes.filter(({ replaces }) => replaces).map(({ property }) => property))
        .setHasdetaileddiff(true);
      for (const { property, kind, replaces } of changes)
        response.getDetaileddiffMap().set(property, new PropertyDiff().setKind(KINDS[kind][replaces ? 1 : 0]));
      return response;
    }),

    create: unary(async (request: messages.CreateRequest) => {
      const urn = request.getUrn();
      const inputs = toProps(request.getProperties());
      const { id, state } = await lifecycle.create(typeOf(plugin, urn), inputs, request.getPreview(), operation(urn));
      return new messages.CreateResponse().setId(id).setProperties(toStruct(state));
    }),

    read: unary((request: messages.ReadRequest) => {
      const state = lifecycle.read(typeOf(plugin, request.getUrn()), toProps(request.getProperties()));
      return new messages.ReadResponse()
        .setId(request.getId())
        .setProperties(toStruct(state))
        .setInputs(request.getInputs());
    }),

    update: unary(async (request: messages.UpdateRequest) => {
      const urn = request.getUrn();
      const state = toProps(request.getOlds());
      const news = toProps(request.getNews());
      const updated = await lifecycle.update(typeOf(plugin, urn), state, news, request.getPreview(), operation(urn));
      return new messages.UpdateResponse().setProperties(toStruct(updated));
    }),

    delete: unary(async (request: messages.DeleteRequest) => {
      const urn = request.getUrn();
      await typeOf(plugin, urn).delete?.(plain(toProps(request.getProperties())), operation(urn));
      return new empty.Empty();
    }),

    cancel: unary(() => {
      plugin.cancel?.();
      return new empty.Empty();
    }),
  };
}
