// Connects from this machine, through a pod of one cluster, to an address as that pod reaches it.
import { addAbortSignal, type Duplex } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import type { Unconnected } from "../mesh/unconnected.ts";
import type { Api } from "./api.ts";
import { ConnectRefused, connectThrough } from "./connect.ts";
import { DIAL_SECONDS, ENVOY_PORT, unconnected } from "./envoy.ts";
import { PROBE } from "./manifests.ts";
import { PortForwardError } from "./portForward.ts";

/** Longest wait for the Envoy of a running pod to listen, in milliseconds. */
const LISTEN_TIMEOUT = 15_000;
/** Longest wait for an Envoy that may not have started, in milliseconds. */
const LOOK_TIMEOUT = 1_000;
/** Target for testing whether Envoy answers: a port of the pod itself on which nothing listens. */
const NOWHERE = "127.0.0.1:1";
const FIRST_DELAY = 50;
const MAX_DELAY = 500;
/** Longest time for one test, in seconds: longer than Envoy's own timeout. */
export const TRY_SECONDS = DIAL_SECONDS + 5;

/** The pod could not connect to the address. */
export class NotConnected extends Error {
  readonly why: Unconnected;

  constructor(why: Unconnected, said: string) {
    super(said);
    this.why = why;
  }
}

/** The configured proxy of an API server refused the tunnel. */
export class ProxyRefuses extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`the proxy answers ${status}`);
    this.status = status;
  }
}

/** The pod runs, but a stream to it cannot be opened. */
export class PodNotReached extends Error {}

/** A pod from which addresses are tested. */
export interface ProbePod {
  readonly api: Api;
  readonly namespace: string;
}

/** Target address, `host:port`, and optionally the proxy in front of it. */
export interface Target {
  readonly address: string;
  readonly proxy?: { readonly address: string; readonly login?: string };
}

/**
 * Runs `use` with a stream from the pod to the target, and closes the stream afterwards.
 *
 * @throws NotConnected, ProxyRefuses, PodNotReached, or the error that `use` throws
 */
export async function through<Result>(
  pod: ProbePod,
  { address, proxy }: Target,
  signal: AbortSignal,
  use: (stream: Duplex) => Promise<Result>,
): Promise<Result> {
  const nearest = proxy?.address ?? address;
  const stream = await withDeadline(signal, TRY_SECONDS + LISTEN_TIMEOUT / 1_000, (limited) =>
    dialled(pod, nearest, limited),
  );
  try {
    return await withDeadline(signal, TRY_SECONDS, async (limited) => {
      addAbortSignal(limited, stream);
      if (proxy) {
        await connectThrough(stream, address, proxy.login).catch((error: unknown) => {
          throw error instanceof ConnectRefused ? new ProxyRefuses(error.status) : error;
        });
      }
      return await use(stream);
    });
  } finally {
    stream.destroy();
  }
}

/** Whether a pod's Envoy listens, tested once. */
export async function listens({ api, namespace }: ProbePod, signal: AbortSignal): Promise<boolean> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(LOOK_TIMEOUT)]);
  const stream = addAbortSignal(limited, api.forward(namespace, PROBE, ENVOY_PORT));
  try {
    await connectThrough(stream, NOWHERE);
    return true;
  } catch (error) {
    return error instanceof ConnectRefused;
  } finally {
    stream.destroy();
  }
}

/** A stream on which Envoy has connected to the address. Each retry, until Envoy listens, uses a new stream. */
async function dialled({ api, namespace }: ProbePod, address: string, signal: AbortSignal): Promise<Duplex> {
  const deadline = Date.now() + LISTEN_TIMEOUT;
  for (let delay = FIRST_DELAY; ; delay = Math.min(2 * delay, MAX_DELAY)) {
    signal.throwIfAborted();
    const stream = addAbortSignal(signal, api.forward(namespace, PROBE, ENVOY_PORT));
    try {
      await connectThrough(stream, address);
      return stream;
    } catch (error) {
      stream.destroy();
      signal.throwIfAborted();
      if (error instanceof ConnectRefused) {
        const { kind, said } = unconnected(error.body);
        throw new NotConnected(kind, said);
      }
      // An API server's refusal is final. A port on which nothing listens yet is not.
      const isFinal = error instanceof PortForwardError && error.status !== undefined && error.status < 500;
      if (isFinal || Date.now() >= deadline) throw new PodNotReached((error as Error).message);
    }
    await pause(delay, undefined, { signal });
  }
}

/** Runs a task with a signal that is aborted after some seconds, or when `parent` is. */
async function withDeadline<Result>(
  parent: AbortSignal,
  seconds: number,
  task: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const giveUp = () => controller.abort(parent.reason);
  parent.throwIfAborted();
  parent.addEventListener("abort", giveUp, { once: true });
  const timer = setTimeout(
    () => controller.abort(new NotConnected("silent", `no answer within ${seconds} s`)),
    seconds * 1_000,
  );
  try {
    const result = await task(controller.signal);
    controller.signal.throwIfAborted();
    return result;
  } catch (error) {
    // Streams report an abort without its reason, so throw the reason.
    controller.signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
    parent.removeEventListener("abort", giveUp);
  }
}
