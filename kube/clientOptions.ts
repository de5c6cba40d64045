import { KubeConfig, type User } from "@kubernetes/client-node";
import type { UserEntry } from "./kubeconfig.ts";
import { withTimeout } from "./withTimeout.ts";

export interface ClientSettings {
  readonly server: string;
  /** Options of `node:https` for the API server itself. */
  readonly tls: Readonly<Record<string, unknown>>;
  readonly proxyUrl?: string | undefined;
  readonly authProvider?: UserEntry["auth-provider"] | undefined;
  /** For messages. */
  readonly context: string;
}

/** Longest wait for an identity provider, in ms: one may accept a connection and never answer. */
const ANSWERS_WITHIN = 30_000;

/**
 * The agent for a proxy, and the token of an OpenID Connect provider. Only these two still need the Kubernetes client.
 */
export async function clientOptions({ server, tls, proxyUrl, authProvider, context }: ClientSettings) {
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
  await withTimeout(config.applyToHTTPSOptions(options), {
    within: ANSWERS_WITHIN,
    timeoutMessage: `${what} did not answer within ${ANSWERS_WITHIN / 1_000} s`,
  });
  const token = options.headers?.Authorization;
  if (authProvider && token === undefined)
    throw new Error(`${what}: its id-token has expired, and it returned no new one`);
  const { agent } = options as { agent: { options: object; proxyRequestOptions?: object } };
  // An agent's TLS options override those of the request.
  Object.assign(agent.options, tls);
  // Go applies the API server's TLS options to the proxy's own certificate as well.
  const { ca, allowPartialTrustChain, secureContext, rejectUnauthorized } = tls;
  if (agent.proxyRequestOptions)
    Object.assign(agent.proxyRequestOptions, { ca, allowPartialTrustChain, secureContext, rejectUnauthorized });
  return { ...(proxyUrl && { agent }), ...(token && { authorization: token }) };
}

/** The client refreshes only an expired id-token. Therefore a missing one is replaced by an invalid one. */
function refreshable({ name, config }: NonNullable<ClientSettings["authProvider"]>) {
  return { name, config: { ...config, "id-token": config?.["id-token"] || "none" } };
}
