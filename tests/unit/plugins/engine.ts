// Talks to a stand-in as the Pulumi engine does: the executable, its port on stdout, gRPC on loopback.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { type ClientUnaryCall, credentials, type ServiceError } from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { ensureStandIn } from "../../../lab/toolchain/index.ts";

export type Props = Record<string, unknown>;

export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
export const secret = (value: unknown): Props => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

const toStruct = (props: Props) => struct.Struct.fromJavaScript(props as never);
const toProps = (message: { toJavaScript(): unknown } | undefined): Props => (message?.toJavaScript() ?? {}) as Props;

function settled<T>(call: (done: (error: ServiceError | null, response: T) => void) => ClientUnaryCall): Promise<T> {
  return new Promise((resolve, reject) =>
    call((error, response) => (error ? reject(new Error(error.details)) : resolve(response))),
  );
}

export class Engine {
  readonly process: ChildProcess;
  private readonly client: InstanceType<typeof services.ResourceProviderClient>;

  private constructor(process: ChildProcess, port: string) {
    this.process = process;
    this.client = new services.ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
  }

  static async start(plugin: string): Promise<Engine> {
    const child = spawn(await ensureStandIn(plugin), { stdio: ["ignore", "pipe", "inherit"] });
    const [port] = (await once(createInterface(child.stdout), "line")) as [string];
    return new Engine(child, port);
  }

  async stop(): Promise<void> {
    this.client.close();
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const exited = once(this.process, "exit");
      this.process.kill("SIGINT");
      await exited;
    }
  }

  async version(): Promise<string> {
    return (
      await settled<{ getVersion(): string }>((done) => this.client.getPluginInfo(new empty.Empty(), done))
    ).getVersion();
  }

  async cancel(): Promise<void> {
    await settled((done) => this.client.cancel(new empty.Empty(), done));
  }

  async check(token: string, news: Props) {
    const request = new messages.CheckRequest().setUrn(urn(token)).setNews(toStruct(news));
    const response = await settled<messages.CheckResponse>((done) => this.client.check(request, done));
    const failures = response.getFailuresList().map((failure) => `${failure.getProperty()}: ${failure.getReason()}`);
    return { inputs: toProps(response.getInputs()), failures };
  }

  /** What would change, and what of it replaces the resource. */
  async diff(token: string, oldInputs: Props, news: Props, state: Props = oldInputs) {
    const request = new messages.DiffRequest()
      .setUrn(urn(token))
      .setOldInputs(toStruct(oldInputs))
      .setOlds(toStruct(state))
      .setNews(toStruct(news));
    const response = await settled<messages.DiffResponse>((done) => this.client.diff(request, done));
    return { changes: response.getDiffsList(), replaces: response.getReplacesList() };
  }

  async create(token: string, inputs: Props, preview = false): Promise<{ id: string; state: Props }> {
    const request = new messages.CreateRequest().setUrn(urn(token)).setProperties(toStruct(inputs)).setPreview(preview);
    const response = await settled<messages.CreateResponse>((done) => this.client.create(request, done));
    return { id: response.getId(), state: toProps(response.getProperties()) };
  }

  /** Checks and creates, as the engine does; the state comes without its secret marks. */
  async make(token: string, news: Props): Promise<{ id: string; state: Record<string, string> }> {
    const { inputs, failures } = await this.check(token, news);
    if (failures.length > 0) throw new Error(failures.join("\n"));
    const { id, state } = await this.create(token, inputs);
    const open = ([key, value]: [string, unknown]) => [key, (value as Partial<Props>)?.value ?? value];
    return { id, state: Object.fromEntries(Object.entries(state).map(open)) };
  }

  async read(token: string, state: Props): Promise<Props> {
    const request = new messages.ReadRequest().setUrn(urn(token)).setId("id").setProperties(toStruct(state));
    return toProps((await settled<messages.ReadResponse>((done) => this.client.read(request, done))).getProperties());
  }

  async update(token: string, state: Props, news: Props, preview = false): Promise<Props> {
    const request = new messages.UpdateRequest()
      .setUrn(urn(token))
      .setOlds(toStruct(state))
      .setNews(toStruct(news))
      .setPreview(preview);
    return toProps(
      (await settled<messages.UpdateResponse>((done) => this.client.update(request, done))).getProperties(),
    );
  }

  async delete(token: string, state: Props): Promise<void> {
    const request = new messages.DeleteRequest().setUrn(urn(token)).setProperties(toStruct(state));
    await settled((done) => this.client.delete(request, done));
  }
}

const urn = (token: string): string => `urn:pulumi:dev::csp-mesh::mesh:index:MeshCA$${token}::name`;
