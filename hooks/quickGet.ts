// One GET of an API server, without the Kubernetes client: loading that takes longer than an unchanged mesh may take.
import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { json } from "node:stream/consumers";
import { parse } from "yaml";
import { proxyFor } from "../net/proxy.ts";

interface Entry {
  readonly name: string;
  readonly cluster?: Readonly<Record<string, string>>;
  readonly user?: Readonly<Record<string, unknown>>;
  readonly context?: { readonly cluster: string; readonly user: string };
}
type Kubeconfig = Readonly<Record<"clusters" | "users" | "contexts", readonly Entry[]>>;

/** Keys of a user's entry that need no help of the client's: certificates or a token, in the file itself. */
const PLAIN = new Set(["client-certificate-data", "client-key-data", "token"]);

export type Get = (path: string) => Promise<{ readonly status: number; readonly body: unknown }>;

/** @param kubeconfig path, or the text itself, which has more than one line. */
export async function quickGet(kubeconfig: string, context: string): Promise<Get> {
  const { server, options } = plainOptions(kubeconfig, context) ?? (await clientsOptions(kubeconfig, context));
  const timeout = 30_000;
  // The client's own agent, where there is one, knows the way through a proxy.
  const agent = (options.agent as Agent | undefined) ?? new Agent({ ...options, keepAlive: true });
  return (path) =>
    new Promise((resolve, reject) => {
      const headers = {
        ...(options.headers as Record<string, string> | undefined),
        accept: "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json",
      };
      request(new URL(path, server), { ...options, agent, headers, timeout }, (response) => {
        json(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
      })
        .on("error", reject)
        .on("timeout", () => reject(new Error(`${server} did not answer within 30 s`)))
        .end();
    });
}

interface Connection {
  readonly server: string;
  readonly options: Record<string, unknown>;
}

function plainOptions(kubeconfig: string, context: string): Connection | undefined {
  const text = kubeconfig.includes("\n") ? kubeconfig : readFileSync(kubeconfig, "utf8");
  const { clusters, users, contexts }: Kubeconfig = parse(text);
  const chosen = contexts.find(({ name }) => name === context)?.context;
  const cluster = clusters.find(({ name }) => name === chosen?.cluster)?.cluster;
  const user = users.find(({ name }) => name === chosen?.user)?.user as Readonly<Record<string, string>> | undefined;
  const isPlain = user !== undefined && Object.keys(user).every((key) => PLAIN.has(key));
  if (!isPlain || Object.keys(cluster ?? {}).some((key) => key !== "server" && key !== "certificate-authority-data")) {
    return undefined;
  }
  if (proxyFor(new URL(cluster?.server ?? "")) !== undefined) return undefined;
  const decoded = (value: string | undefined) => value && Buffer.from(value, "base64");
  return {
    server: cluster?.server ?? "",
    options: {
      ca: decoded(cluster?.["certificate-authority-data"]),
      cert: decoded(user["client-certificate-data"]),
      key: decoded(user["client-key-data"]),
      ...(user.token && { headers: { authorization: `Bearer ${user.token}` } }),
    },
  };
}

/** Commands that fetch tokens, proxies and all else that a kubeconfig may ask for. */
async function clientsOptions(kubeconfig: string, context: string): Promise<Connection> {
  const { clusterOf } = await import("./hook.ts");
  const cluster = clusterOf(kubeconfig, context);
  const options = {};
  await cluster.applyToHTTPSOptions(options);
  return { server: cluster.getCurrentCluster()?.server ?? "", options };
}
