// Talks to a provider as the Pulumi engine does: the executable, its port on stdout, gRPC on loopback.
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

/** The engine's questions to a provider that serves somewhere. */
export class ProviderClient {
  private readonly client: InstanceType<typeof services.ResourceProviderClient>;

  constructor(port: string | number) {
    this.client = new services.ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
  }

  close(): void {
    this.client.close();
  }

  /** Tells it where the engine is, which a debugged provider does not know from its start. */
  async attach(address: string): Promise<void> {
    await settled((done) => this.client.attach(new plugin.PluginAttach().setAddress(address), done));
  }

  async checkConfig(news: Props): Promise<Props> {
    const request = new messages.CheckRequest().setUrn(urn("pulumi:providers:csp-mesh")).setNews(toStruct(news));
    return toProps(
      (await settled<messages.CheckResponse>((done) => this.client.checkConfig(request, done))).getInputs(),
    );
  }

  /** Whether it wants secrets marked, and previews of what is made. */
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

  /** What would change, and what of it replaces the resource. */
  async diff(token: string, oldInputs: Props, news: Props, state: Props = oldInputs) {
    const response = await this.difference(token, oldInputs, news, state);
    return { changes: response.getDiffsList(), replaces: response.getReplacesList() };
  }

  /** What a preview shows of an update: whether there is one, and by property whether an input changed. */
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

  /** As in a refresh; undefined where the resource is gone. */
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

  /** @param inputs those of the last run that had the resource */
  async delete(token: string, state: Props, inputs?: Props): Promise<void> {
    const request = new messages.DeleteRequest().setUrn(urn(token)).setId("id").setProperties(toStruct(state));
    if (inputs !== undefined) request.setOldInputs(toStruct(inputs));
    await settled((done) => this.client.delete(request, done));
  }
}

/** A provider in a process of its own. */
export class Engine extends ProviderClient {
  readonly process: ChildProcess;

  private constructor(process: ChildProcess, port: string) {
    super(port);
    this.process = process;
  }

  /** @param standIn of the lab's for a plugin of Pulumi's */
  static async start(standIn: string): Promise<Engine> {
    return Engine.of(spawn(await ensureStandIn(standIn), { stdio: ["ignore", "pipe", "inherit"] }));
  }

  /** A provider that was started just now. @throws Error where it ends before it serves */
  static async of(child: ChildProcess): Promise<Engine> {
    if (child.stdout === null) throw new Error("the provider's stdout is not read");
    const ended = once(child, "exit").then(([code, signal]) => {
      throw new Error(`the provider ended before it served: ${code ?? signal}`);
    });
    const [port] = (await Promise.race([once(createInterface(child.stdout), "line"), ended])) as [string];
    ended.catch(() => {});
    return new Engine(child, port);
  }

  /** As at the end of a run. */
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
