import { KubeConfig, type User } from "@kubernetes/client-node";
import { inTime } from "./inTime.ts";
import type { UserEntry } from "./kubeconfig.ts";

export interface ClientWanted {
  readonly server: string;
  /** Options of `node:https` for the API server itself. */
  readonly tls: Readonly<Record<string, unknown>>;
  readonly proxyUrl?: string | undefined;
  readonly authProvider?: UserEntry["auth-provider"] | undefined;
  /** For messages. */
  readonly context: string;
}

/** Longest wait for an identity provider, which may accept a connection and never answer, in ms. */
const ANSWERS_WITHIN = 30_000;

/** The agent for a way through a proxy, and a token of an OpenID Connect provider: what the Kubernetes client is still needed for. */
export async function clientOptions({ server, tls, proxyUrl, authProvider, context }: ClientWanted) {
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [
      {
        name: "c",
        server,
        skipTLSVerify: server.startsWith("http:"),
        proxyUrl: proxyUrl?.replace(/^socks5:/i, "socks5h:"),
      },
    ],
    users: [{ name: "u", ...(authProvider && { authProvider: refreshable(authProvider) }) } as User],
    contexts: [{ name: "x", cluster: "c", user: "u" }],
    currentContext: "x",
  });
  const options: Record<string, unknown> & { headers?: Record<string, string> } = {};
  const what = `the identity provider of the context "${context}"`;
  await inTime(config.applyToHTTPSOptions(options), {
    within: ANSWERS_WITHIN,
    late: `${what} did not answer within ${ANSWERS_WITHIN / 1_000} s`,
  });
  const token = options.headers?.Authorization;
  if (authProvider && token === undefined) throw new Error(`${what}: its id-token has ended, and it gave no other`);
  const { agent } = options as { agent: { options: object; proxyRequestOptions?: object } };
  // An agent's options go before those of a request.
  Object.assign(agent.options, tls);
  // As for Go, the proxy's own certificate is judged as the API server's is.
  const { ca, allowPartialTrustChain, secureContext, rejectUnauthorized } = tls;
  if (agent.proxyRequestOptions)
    Object.assign(agent.proxyRequestOptions, { ca, allowPartialTrustChain, secureContext, rejectUnauthorized });
  return { ...(proxyUrl && { agent }), ...(token && { authorization: token }) };
}

/** The client asks for another id-token only where it has one that has ended. */
function refreshable({ name, config }: NonNullable<ClientWanted["authProvider"]>) {
  return { name, config: { ...config, "id-token": config?.["id-token"] || "none" } };
}
