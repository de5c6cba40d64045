// Implements Pulumi's protocol for resource providers (proto/pulumi/provider.proto in pulumi/pulumi), for all kinds of
// this program in one process.
// The SDK's own `provider.main` withholds three things from a provider: the last inputs of a deleted resource, which
// are needed to reach its cluster; the differences that a preview displays; and previews of creations.
import { isDeepStrictEqual } from "node:util";
import { type ServerUnaryCall, type sendUnaryData, status } from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import messages from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { Language } from "../i18n/language.ts";
import { translated } from "../i18n/translated.ts";
import { claimProblem } from "../kube/claims.ts";
import { shownLines } from "../kube/shown.ts";
import type { Engine } from "./engine.ts";
import { isGone } from "./gone.ts";
import type { Change, Cluster, ClusterAccess, Failure, Kind, Operation, State, Step } from "./kind.ts";
import { isUnknown, isUnknownAt, kindOf, type Properties, settingsOf } from "./properties.ts";

type AnyKind = Kind<Properties, State>;

export interface ServerOptions {
  /** The kind of a type such as `csp-mesh:cluster:CiliumSettings`. @throws Error for an unknown type */
  readonly kindNamed: (type: string) => Promise<AnyKind>;
  readonly open: (name: string, access: ClusterAccess) => Promise<Cluster>;
  readonly engine: Engine;
  readonly version: string;
  /** Language of errors and of lines beside a resource. */
  readonly language: Language;
  /** Aborted by Ctrl-C, and when the engine is gone. */
  readonly ending: AbortController;
}

type Answer<Response> = Promise<Response>;
type Unary<Request, Response> = (
  call: ServerUnaryCall<Request, Response>,
  callback: sendUnaryData<Response>,
) => Promise<void>;

/** @returns the service's handlers, and the steps that still run */
export function providerService({ kindNamed, open, engine, version, language, ending }: ServerOptions) {
  const underWay = new Set<Promise<unknown>>();

  function track<T>(work: Promise<T>): Promise<T> {
    underWay.add(work);
    return work.finally(() => underWay.delete(work));
  }

  /** The message in the user's language. */
  const words = (message: string) => translated(shownLines(message), language);

  /**
   * Handles one request. A failure is one message without a stack. All log lines are delivered before the answer,
   * because the engine ends the run after the last answer.
   */
  function unary<Request, Response>(work: (request: Request) => Answer<Response>): Unary<Request, Response> {
    return async ({ request }, callback) => {
      try {
        callback(null, await track(work(request).finally(engine.logged)));
      } catch (error) {
        callback({ code: status.UNKNOWN, details: words((error as Error).message) });
      }
    };
  }

  /** Lines also contain names and messages from servers. */
  const log = (severity: "info" | "warning", urn: string, line: string) => engine.log(severity, urn, words(line));

  const operation = (urn: string): Operation => ({
    signal: ending.signal,
    say: (line) => log("info", urn, line),
    warn: (line) => log("warning", urn, line),
    tidying: (work) => void track(work).catch(() => {}),
  });

  /** The arguments of a kind's method. Inputs that are unknown in a preview stay unknown. */
  async function stepOf(kind: AnyKind, urn: string, properties: Properties): Promise<Step<Properties>> {
    const { cluster: name = "", access, claim: _, ...settings } = properties;
    const inputs = isUnknown(settings) ? settings : kind.inputs.parse(settings);
    const cluster = access === undefined ? NO_CLUSTER : await open(String(name), access as ClusterAccess);
    return { ...operation(urn), cluster, inputs };
  }

  /** Adds the cluster's name to errors. */
  async function named<T>({ cluster: name }: Properties, work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      const { message } = error as Error;
      const isNamed = typeof name !== "string" || new RegExp(`(^|\\n)(cluster )?${name}: `).test(message);
      throw isNamed ? error : new Error(`${name}: ${message}`);
    }
  }

  /** Displays the kind's plan in a preview. If the cluster does not answer, the preview continues without it. */
  async function sayPlan(kind: AnyKind, urn: string, properties: Properties, outputs?: State): Promise<void> {
    if (kind.plan === undefined || isUnknown(properties)) return;
    const step = await stepOf(kind, urn, properties).catch(() => undefined);
    const lines = step && (await kind.plan(step, outputs).catch(() => []));
    for (const line of lines ?? []) log("info", urn, line);
  }

  const wire = (properties: object) => struct.Struct.fromJavaScript(properties as never);
  const record = (inputs: Properties, outputs: State): State => ({ ...recorded(inputs), ...outputs });

  const handlers = {
    getPluginInfo: unary(async () => new plugin.PluginInfo().setVersion(version)),
    getSchema: unary(async () =>
      new messages.GetSchemaResponse().setSchema(JSON.stringify({ name: "csp-mesh", version, resources: {} })),
    ),
    attach: unary(async (request: InstanceType<typeof plugin.PluginAttach>) => {
      engine.attach(request.getAddress());
      return new empty.Empty();
    }),
    // The config of a default provider would be the project's own config of the same name, including its secrets. Keep
    // it out of the state.
    checkConfig: unary(async () => new messages.CheckResponse().setInputs(wire({}))),
    diffConfig: unary(async () => new messages.DiffResponse().setChanges(messages.DiffResponse.DiffChanges.DIFF_NONE)),
    // Secrets arrive unwrapped. The engine itself tracks which properties are secret.
    configure: unary(async () => new messages.ConfigureResponse().setAcceptsecrets(false).setSupportspreview(true)),
    cancel: unary(async () => {
      ending.abort(new Error("interrupted; run the same command again"));
      return new empty.Empty();
    }),

    check: unary(async (request: InstanceType<typeof messages.CheckRequest>) => {
      const urn = request.getUrn();
      const kind = await kindNamed(kindOf(urn));
      const news = propertiesOf(request.getNews());
      const former = propertiesOf(request.getOlds());
      const failures = [...invalid(kind, news)];
      if (failures.length === 0 && kind.check !== undefined && !isUnknown(news.access)) {
        // If the cluster cannot be reached, the step itself reports this later.
        const step = await checkStep(kind, urn, news);
        if (step !== undefined) {
          const known = Object.keys(former).length > 0 ? (settingsOf(former) as Properties) : undefined;
          failures.push(...(await named(news, kind.check(step, known))));
        }
      }
      const response = new messages.CheckResponse().setInputs(wire(news));
      for (const { property, reason } of failures) {
        response.addFailures(new messages.CheckFailure().setProperty(property).setReason(words(reason)));
      }
      return response;
    }),

    diff: unary(async (request: InstanceType<typeof messages.DiffRequest>) => {
      const urn = request.getUrn();
      const kind = await kindNamed(kindOf(urn));
      const news = propertiesOf(request.getNews());
      const outputs = propertiesOf(request.getOlds());
      const changes = [
        ...changesOf(kind, propertiesOf(request.getOldInputs()), outputs, news),
        ...(await lookedAt(kind, urn, news, outputs)),
      ];
      const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
      const response = new messages.DiffResponse()
        .setChanges(changes.length === 0 ? DIFF_NONE : DIFF_SOME)
        .setHasdetaileddiff(true);
      for (const { property, words: line } of changes) {
        response.addDiffs(property);
        response
          .getDetaileddiffMap()
          .set(
            property,
            new messages.PropertyDiff().setKind(messages.PropertyDiff.Kind.UPDATE).setInputdiff(property in news),
          );
        if (line !== undefined) log("info", urn, line);
      }
      return response;
    }),

    create: unary(async (request: InstanceType<typeof messages.CreateRequest>) => {
      const urn = request.getUrn();
      const kind = await kindNamed(kindOf(urn));
      const inputs = propertiesOf(request.getProperties());
      if (request.getPreview()) {
        await sayPlan(kind, urn, inputs);
        return new messages.CreateResponse().setProperties(wire(recorded(inputs)));
      }
      const outputs = await named(
        inputs,
        mayAct(kind, urn, inputs).then((step) => act(kind, kind.create(step))),
      );
      return new messages.CreateResponse().setId(idOf(urn)).setProperties(wire(record(inputs, outputs)));
    }),

    read: unary(async (request: InstanceType<typeof messages.ReadRequest>) => {
      const urn = request.getUrn();
      const kind = await kindNamed(kindOf(urn));
      const inputs = propertiesOf(request.getInputs());
      const outputs = propertiesOf(request.getProperties());
      const response = new messages.ReadResponse().setInputs(wire(inputs));
      if (kind.read === undefined) return response.setId(request.getId()).setProperties(wire(outputs));
      const { read } = kind;
      const found = await named(
        inputs,
        stepOf(kind, urn, inputs).then((step) => read(step, outputs)),
      );
      return found === undefined
        ? new messages.ReadResponse()
        : response.setId(request.getId()).setProperties(wire(record(inputs, found)));
    }),

    update: unary(async (request: InstanceType<typeof messages.UpdateRequest>) => {
      const urn = request.getUrn();
      const kind = await kindNamed(kindOf(urn));
      const inputs = propertiesOf(request.getNews());
      const outputs = propertiesOf(request.getOlds());
      if (request.getPreview()) {
        await sayPlan(kind, urn, inputs, outputs);
        return new messages.UpdateResponse().setProperties(wire(record(inputs, settingsOf(outputs))));
      }
      const update = (step: Step<Properties>) => kind.update?.(step, outputs) ?? kind.create(step);
      const found = await named(
        inputs,
        mayAct(kind, urn, inputs).then((step) => act(kind, update(step))),
      );
      return new messages.UpdateResponse().setProperties(wire(record(inputs, found)));
    }),

    delete: unary(async (request: InstanceType<typeof messages.DeleteRequest>) => {
      const urn = request.getUrn();
      const kind = await kindNamed(kindOf(urn));
      // Use the last inputs: the outputs date from the last change, but a path or context may be newer.
      const inputs = propertiesOf(request.getOldInputs());
      const outputs = propertiesOf(request.getProperties());
      await named(inputs, release(kind, urn, inputs, outputs));
      return new empty.Empty();
    }),
  };
  return { definition: services.ResourceProviderService, handlers, underWay };

  /** Rejects when the run is interrupted, unless the kind handles interruptions itself. */
  async function act<T>(kind: AnyKind, work: Promise<T>): Promise<T> {
    if (kind.tidies) return work;
    const { signal } = ending;
    const interrupted = Promise.withResolvers<never>();
    const stop = () => interrupted.reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    return Promise.race([work, interrupted.promise]).finally(() => signal.removeEventListener("abort", stop));
  }

  /** @throws Error if the cluster now belongs to another stack */
  async function mayAct(kind: AnyKind, urn: string, properties: Properties): Promise<Step<Properties>> {
    ending.signal.throwIfAborted();
    const step = await stepOf(kind, urn, properties);
    const { claim } = properties;
    const problem = typeof claim === "string" ? await claimProblem(step.cluster.objects, claim) : undefined;
    if (problem !== undefined) throw new Error(problem);
    return step;
  }

  async function release(kind: AnyKind, urn: string, inputs: Properties, outputs: State): Promise<void> {
    ending.signal.throwIfAborted();
    if (isGone(inputs.cluster)) return operation(urn).say(`${inputs.cluster} is gone: nothing was deleted there`);
    const step = await stepOf(kind, urn, inputs);
    const { claim } = inputs;
    const problem = typeof claim === "string" ? await claimProblem(step.cluster.objects, claim) : undefined;
    if (problem === undefined) return act(kind, kind.delete(step, outputs));
    step.warn(`${step.cluster.name}: ${problem}: nothing was deleted in it`);
  }

  /** Differences between inputs and cluster. If the cluster does not answer, the step itself reports this. */
  async function lookedAt(kind: AnyKind, urn: string, news: Properties, outputs: State): Promise<readonly Change[]> {
    if (kind.look === undefined || isUnknown(news)) return [];
    const step = await stepOf(kind, urn, news).catch(() => undefined);
    return (step && (await kind.look(step, outputs).catch(() => []))) ?? [];
  }

  async function checkStep(kind: AnyKind, urn: string, news: Properties): Promise<Step<Properties> | undefined> {
    try {
      return await stepOf(kind, urn, news);
    } catch {
      return undefined;
    }
  }
}

/** For kinds that do not act on a single cluster. */
const NO_CLUSTER = { name: "", kubeconfig: "", context: "" } as unknown as Cluster;

function propertiesOf(message: { toJavaScript(): unknown } | undefined): Properties {
  return (message?.toJavaScript() ?? {}) as Properties;
}

/** The inputs without the cluster's access, which must not be in the outputs. */
const recorded = ({ access: _, ...rest }: Properties): Properties => rest;

const idOf = (urn: string) => urn.split("::").at(-1) ?? urn;

function invalid(kind: AnyKind, news: Properties): Failure[] {
  const parsed = kind.inputs.safeParse(settingsOf(news));
  if (parsed.success) return [];
  return parsed.error.issues
    .filter(({ path }) => !isUnknownAt(settingsOf(news), path))
    .map(({ path, message }) => ({ property: path.map(String).join("."), reason: message }));
}

/** Differences between the former and the new inputs, and drift that the kind reports. */
export function changesOf(kind: AnyKind, former: Properties, outputs: Properties, news: Properties): Change[] {
  const [before, now] = [settingsOf(former), settingsOf(news)];
  if (isUnknown(now)) {
    return Object.keys(now)
      .filter((key) => !isDeepStrictEqual(before[key], now[key]))
      .map((property) => ({ property }));
  }
  const identity = (inputs: Properties) => kind.identity?.(inputs) ?? inputs;
  const isSame = isDeepStrictEqual(identity(before), identity(now));
  const changed = isSame
    ? []
    : [...new Set([...Object.keys(before), ...Object.keys(now)])]
        .filter((key) => !isDeepStrictEqual(before[key], now[key]))
        .map((property): Change => ({ property }));
  return [...changed, ...(kind.drift?.(now, outputs) ?? [])];
}
