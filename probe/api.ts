// What the probe asks of one API server: few requests, each with an end and repeated as all are, and streams to its pods.
import type { ClientOptions } from "ws";
import { type AskOptions, apiServer, type Method, succeeded } from "../kube/apiServer.ts";
import { PortForward } from "./portForward.ts";

/** Longest time that one request may take, in milliseconds. */
const REQUEST_TIMEOUT = 10_000;
/** Tries of a request: about eleven seconds, of the minute or two that a probe has. */
const TRIES = 7;

export interface Api {
  /** @throws ApiError, TimedOut, or Error where nothing answers */
  request<Answer>(method: Method, path: string, body?: object, options?: AskOptions): Promise<Answer>;
  /** A new stream to a port of a pod. */
  forward(namespace: string, pod: string, port: number): PortForward;
  /** The CA that the kubeconfig trusts, where it names one. */
  readonly ca: string | undefined;
  close(): void;
}

/** @param kubeconfig path, or the text itself, which has more than one line. */
export async function apiOf(kubeconfig: string, context: string): Promise<Api> {
  const server = await apiServer(kubeconfig, context);
  return {
    ca: server.connection.ca,
    async request<Answer>(method: Method, path: string, body?: object, options: AskOptions = {}): Promise<Answer> {
      return succeeded(
        await server.send(method, path, body && { body }, { timeout: REQUEST_TIMEOUT, tries: TRIES, ...options }),
      );
    },
    forward(namespace, pod, port) {
      const url = new URL(`${server.url}/api/v1/namespaces/${namespace}/pods/${pod}/portforward?ports=${port}`);
      url.protocol = url.protocol.replace("http", "ws");
      return new PortForward(url, server.connection.options as ClientOptions);
    },
    close: () => server.close(),
  };
}
