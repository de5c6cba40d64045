// The probe's access to one API server: a few requests with timeouts and the usual retries, and streams to its pods.
import type { ClientOptions } from "ws";
import { type AskOptions, apiServer, type Method, succeeded } from "../kube/apiServer.ts";
import { PortForward } from "./portForward.ts";

/** Longest time that one request may take, in milliseconds. */
const REQUEST_TIMEOUT = 10_000;
/** Largest number of tries of a request. They take about 11 s of the minute or two that a probe has. */
const TRIES = 7;

export interface Api {
  /** @throws ApiError, TimedOut, or Error if there is no answer */
  request<Answer>(method: Method, path: string, body?: object, options?: AskOptions): Promise<Answer>;
  /** Opens a new stream to a port of a pod. */
  forward(namespace: string, pod: string, port: number): PortForward;
  /** The CA in the kubeconfig, if it has one. */
  readonly ca: string | undefined;
  close(): void;
}

/** @param kubeconfig path of a kubeconfig, or its text (more than one line) */
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
