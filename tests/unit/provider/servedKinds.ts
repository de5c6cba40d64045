// Runs the provider's server in this process, for kinds that a test defines.

import { Server, ServerCredentials } from "@grpc/grpc-js";
import { onTestFinished } from "vitest";
import type { Language } from "../../../i18n/language.ts";
import { apiServer } from "../../../kube/apiServer.ts";
import { objectsOf } from "../../../kube/objects.ts";
import type { Cluster, ClusterAccess, Kind, State } from "../../../provider/kind.ts";
import { MODULE } from "../../../provider/kindNames.ts";
import type { Properties } from "../../../provider/properties.ts";
import { providerService } from "../../../provider/server.ts";
import { ProviderClient } from "../plugins/engine.ts";

export const TYPE = `${MODULE}Played`;

export interface Served {
  readonly client: ProviderClient;
  /** Log lines with their severity. */
  readonly lines: string[];
  readonly ending: AbortController;
  readonly underWay: ReadonlySet<Promise<unknown>>;
}

/** Opens clusters by the kubeconfig's text, with context `x`. */
async function open(name: string, { kubeconfig, context }: ClusterAccess): Promise<Cluster> {
  if (kubeconfig === "nowhere") throw new Error(`no connection with context "${context}" of the kubeconfig`);
  const server = await apiServer(kubeconfig, context);
  return { name, kubeconfig, context, server, objects: objectsOf(server) };
}

// biome-ignore lint/suspicious/noExplicitAny: kinds of all sorts
type AnyKind = Kind<any, State>;

export async function serveKind(
  kind: Partial<AnyKind> & Pick<AnyKind, "inputs">,
  language: Language = "en",
): Promise<Served> {
  const lines: string[] = [];
  const ending = new AbortController();
  const whole = { create: async () => ({}), delete: async () => {}, ...kind } as Kind<Properties, State>;
  const { definition, handlers, underWay } = providerService({
    kindNamed: async (type) => {
      if (type !== TYPE) throw new Error(`csp-mesh has no resource type ${type}`);
      return whole;
    },
    open,
    engine: {
      attach: () => {},
      log: (severity, _, line) => void lines.push(`${severity}: ${line}`),
      logged: async () => {},
    },
    version: "1.2.3",
    language,
    ending,
  });
  const server = new Server();
  server.addService(definition, handlers);
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  const client = new ProviderClient(port);
  onTestFinished(() => {
    client.close();
    server.forceShutdown();
  });
  return { client, lines, ending, underWay };
}
