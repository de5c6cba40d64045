// Tests one cluster's connection to another's API server.

import type { ApiServerFacts, ProbeFinding } from "../mesh/probeFindings.ts";
import { PUBLIC_CA } from "../mesh/publicCa.ts";
import { errorText } from "./aboutOne.ts";
import { addressOf, type Outcome, tryApiServer as tryServer } from "./apiServer.ts";
import { type Member, probePodOf } from "./member.ts";
import type { Credentials } from "./site.ts";
import { NotConnected, PodNotReached, ProxyRefuses, type Target, through } from "./tunnel.ts";

/** Tests a peer's API server from a cluster's pod, with the peer's token. */
export async function tryApiServer(
  from: Member,
  to: Member,
  { token, ca }: Credentials,
  signal: AbortSignal,
): Promise<ProbeFinding> {
  const pair = { cluster: from.cluster.name, peer: to.cluster.name };
  const { server, tlsServerName, caBundle, proxyUrl, accessList } = to.cluster;
  const trusted = caBundle === PUBLIC_CA ? undefined : (caBundle ?? ca);
  const target = targetOf(new URL(server), proxyUrl);
  const facts: ApiServerFacts = {
    server,
    address: target.proxy?.address ?? target.address,
    field: to.field,
    ownField: from.field,
    from: from.cluster.egressCidrs ?? [],
    ...(accessList !== undefined && { list: accessList }),
  };
  if (proxyUrl !== undefined && !proxyUrl.startsWith("http://")) {
    const scheme = new URL(proxyUrl).protocol.replace(":", "");
    return { id: "apiServerNotTried", severity: "warning", ...pair, ...facts, scheme };
  }
  try {
    const outcome = await through(probePodOf(from), target, signal, (stream) =>
      tryServer(stream, { server: new URL(server), tlsServerName, ca: trusted, token }),
    );
    return findingOf(outcome, pair, facts);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof NotConnected) {
      const { why, message: said } = error;
      return { id: "apiServerUnconnected", severity: "error", ...pair, ...facts, why, said };
    }
    if (error instanceof ProxyRefuses) {
      return { id: "apiServerProxyRefuses", severity: "error", ...pair, ...facts, status: error.status };
    }
    if (error instanceof PodNotReached) {
      return { id: "podNotReached", severity: "error", ...pair, said: error.message };
    }
    return { id: "apiServerNoTls", severity: "error", ...pair, ...facts, said: errorText(error) };
  }
}

type Pair = Pick<ProbeFinding, "cluster" | "peer">;

function targetOf(server: URL, proxyUrl: string | undefined): Target {
  const address = addressOf(server);
  if (proxyUrl === undefined) return { address };
  const proxy = new URL(proxyUrl);
  const login = decodeURIComponent(`${proxy.username}:${proxy.password}`);
  return { address, proxy: { address: addressOf(proxy), ...(proxy.username !== "" && { login }) } };
}

function findingOf(outcome: Outcome, pair: Pair, facts: ApiServerFacts): ProbeFinding {
  const about = { severity: "error", ...pair, ...facts } as const;
  switch (outcome.kind) {
    case "answers":
      return { id: "apiServerAnswers", severity: "ok", ...pair, server: facts.server };
    case "unknownCa":
      return { id: "apiServerUnknownCa", ...about, said: outcome.said };
    case "wrongName":
      return { id: "apiServerWrongName", ...about, name: outcome.name, names: outcome.names };
    case "noTls":
      return { id: "apiServerNoTls", ...about, said: outcome.said };
    case "tokenRefused":
      return { id: "apiServerTokenRefused", ...about, status: outcome.status, said: outcome.said };
    case "oddAnswer":
      return { id: "apiServerOddAnswer", ...about, status: outcome.status };
  }
}
