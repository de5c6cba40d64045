// Calls a provider like the Pulumi engine: starts the executable, reads the port from stdout, uses gRPC on loopback.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { type ClientUnaryCall, credentials, type ServiceError } from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
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

/** The engine's requests to a running provider. */
export class ProviderClient {
  private readonly client: InstanceType<typeof services.ResourceProviderClient>;

  constructor(port: string | number) {
    this.client = new services.ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
  }

  close(): void {
    this.client.close();
  }

  /** Sends the engine's address, which a debugged provider does not know at its start. */
  async attach(address: string): Promise<void> {
    await settled((done) => this.client.attach(new plugin.PluginAttach().setAddress(address), done));
  }

  async checkConfig(news: Props): Promise<Props> {
    const request = new messages.CheckRequest().setUrn(urn("pulumi:providers:csp-mesh")).setNews(toStruct(news));
    return toProps(
      (await settled<messages.CheckResponse>((done) => this.client.checkConfig(request, done))).getInputs(),
    );
  }

  /** Whether it accepts secret marks, and supports previews of creations. */
  async configure(args: Props = {}) {
    const request = new messages.ConfigureRequest().setArgs(toStruct(args)).setAcceptsecrets(true);
    const response = await settled<messages.ConfigureResponse>((done) => this.client.configure(request, done));
    return { acceptsSecrets: response.getAcceptsecrets(), supportsPreview: response.getSupportspreview() };
  }

  async version(): Promise<string> {
    return (
      await settled<{ getVersion(): string }>((done) => this.client.getPluginInfo(new empty.Empty(), done))
    ).getVersion();
  }

  async cancel(): Promise<void> {
    await settled((done) => this.client.cancel(new empty.Empty(), done));
  }

  /** @param olds inputs of the run before */
  async check(token: string, news: Props, olds?: Props) {
    const request = new messages.CheckRequest().setUrn(urn(token)).setNews(toStruct(news));
    if (olds !== undefined) request.setOlds(toStruct(olds));
    const response = await settled<messages.CheckResponse>((done) => this.client.check(request, done));
    const failures = response.getFailuresList().map((failure) => `${failure.getProperty()}: ${failure.getReason()}`);
    return { inputs: toProps(response.getInputs()), failures };
  }

  /** The changed properties, and those that replace the resource. */
  async diff(token: string, oldInputs: Props, news: Props, state: Props = oldInputs) {
    const response = await this.difference(token, oldInputs, news, state);
    return { changes: response.getDiffsList(), replaces: response.getReplacesList() };
  }

  /** A preview of an update: whether something changes, and for each property whether an input changed. */
  async detailedDiff(token: string, oldInputs: Props, news: Props, state: Props = oldInputs) {
    const response = await this.difference(token, oldInputs, news, state);
    const details = response.getDetaileddiffMap();
    const kinds = response.getDiffsList().map((key) => {
      const detail = details.get(key);
      return [key, detail?.getKind() === messages.PropertyDiff.Kind.UPDATE && detail.getInputdiff()];
    });
    const { DIFF_SOME } = messages.DiffResponse.DiffChanges;
    return {
      changed: response.getChanges() === DIFF_SOME,
      replaces: response.getReplacesList(),
      inputs: Object.fromEntries(kinds) as Record<string, boolean>,
    };
  }

  private difference(token: string, oldInputs: Props, news: Props, state: Props) {
    const request = new messages.DiffRequest()
      .setUrn(urn(token))
      .setOldInputs(toStruct(oldInputs))
      .setOlds(toStruct(state))
      .setNews(toStruct(news));
    return settled<messages.DiffResponse>((done) => this.client.diff(request, done));
  }

  async create(token: string, inputs: Props, preview = false): Promise<{ id: string; state: Props }> {
    const request = new messages.CreateRequest().setUrn(urn(token)).setProperties(toStruct(inputs)).setPreview(preview);
    const response = await settled<messages.CreateResponse>((done) => this.client.create(request, done));
    return { id: response.getId(), state: toProps(response.getProperties()) };
  }

  /** Checks and creates like the engine. The returned state has no secret marks. */
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

  /** Reads like a refresh; undefined if the resource no longer exists. */
  async refresh(token: string, inputs: Props, state: Props) {
    const request = new messages.ReadRequest()
      .setUrn(urn(token))
      .setId("id")
      .setInputs(toStruct(inputs))
      .setProperties(toStruct(state));
    const response = await settled<messages.ReadResponse>((done) => this.client.read(request, done));
    if (response.getId() === "") return undefined;
    return { inputs: toProps(response.getInputs()), state: toProps(response.getProperties()) };
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

  /** @param inputs inputs of the last run with the resource */
  async delete(token: string, state: Props, inputs?: Props): Promise<void> {
    const request = new messages.DeleteRequest().setUrn(urn(token)).setId("id").setProperties(toStruct(state));
    if (inputs !== undefined) request.setOldInputs(toStruct(inputs));
    await settled((done) => this.client.delete(request, done));
  }
}

/** A provider in a separate process. */
export class Engine extends ProviderClient {
  readonly process: ChildProcess;

  private constructor(process: ChildProcess, port: string) {
    super(port);
    this.process = process;
  }

  /** @param standIn name of the lab's stand-in for a Pulumi plugin */
  static async start(standIn: string): Promise<Engine> {
    return Engine.of(spawn(await ensureStandIn(standIn), { stdio: ["ignore", "pipe", "inherit"] }));
  }

  /** Connects to a provider that was just started. @throws Error if it ends before it serves */
  static async of(child: ChildProcess): Promise<Engine> {
    if (child.stdout === null) throw new Error("the provider's stdout is not read");
    const ended = once(child, "exit").then(([code, signal]) => {
      throw new Error(`the provider ended before it served: ${code ?? signal}`);
    });
    const [port] = (await Promise.race([once(createInterface(child.stdout), "line"), ended])) as [string];
    ended.catch(() => {});
    return new Engine(child, port);
  }

  /** Stops it like the engine at the end of a run. */
  async stop(): Promise<void> {
    this.close();
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const exited = once(this.process, "exit");
      this.process.kill("SIGINT");
      await exited;
    }
  }
}

export const urn = (token: string): string => `urn:pulumi:dev::csp-mesh::mesh:index:MeshCA$${token}::name`;
