// One cluster tries another's gateway: 15443, which the mesh needs, and 15021, by which the gateway says how it is.
import type { Duplex } from "node:stream";
import { CROSS_NETWORK_PORT } from "../mesh/gatewayOptions.ts";
import { STATUS_PORT } from "../mesh/gatewayPorts.ts";
import { hostPort } from "../mesh/hostPort.ts";
import type { GatewayFacts, ProbeFinding } from "../mesh/probeFindings.ts";
import { readiness, speaksTls } from "./gateway.ts";
import { type Member, vantageOf } from "./member.ts";
import { NotConnected, PodNotReached, through } from "./tunnel.ts";

/** What a port showed, or why it showed nothing. */
export type Look<Seen> = { readonly seen: Seen } | { readonly failed: Error };

interface Pair {
  readonly cluster: string;
  readonly peer: string;
  /** Host name or IP. */
  readonly gateway: string;
  readonly about: Omit<GatewayFacts, "address">;
}

/**
 * Tries a peer's gateway from a cluster's pod.
 *
 * @param gateway host name, resolved in the pod, or IP
 * @param options `sni`: name by which gateways pass connections on to a workload that every cluster has; `hasStatus`: the
 * gateway's Service has the port 15021
 */
export async function tryGateway(
  from: Member,
  to: Member,
  gateway: string,
  { sni, signal, hasStatus }: { sni: string | undefined; signal: AbortSignal; hasStatus: boolean },
): Promise<ProbeFinding[]> {
  const look = <Seen>(port: number, use: (stream: Duplex) => Promise<Seen>): Promise<Look<Seen>> =>
    through(vantageOf(from), { address: hostPort(gateway, port) }, signal, use).then(
      (seen) => ({ seen }),
      (failed: Error) => {
        signal.throwIfAborted();
        return { failed };
      },
    );
  const [crossing, status] = await Promise.all([
    look(CROSS_NETWORK_PORT, async (stream) => sni === undefined || (await speaksTls(stream, sni))),
    hasStatus ? look(STATUS_PORT, (stream) => readiness(stream, gateway)) : undefined,
  ]);
  const { name: cluster, egressCidrs = [] } = from.cluster;
  const about = { field: to.field, ownField: from.field, from: egressCidrs };
  return gatewayFindings({ cluster, peer: to.cluster.name, gateway, about }, crossing, status);
}

/**
 * @param crossing whether somebody behind 15443 speaks TLS
 * @param status of the readiness probe on 15021, where the gateway has that port
 */
export function gatewayFindings(pair: Pair, crossing: Look<boolean>, status: Look<number> | undefined): ProbeFinding[] {
  if ("failed" in crossing) {
    const finding = failure(pair, CROSS_NETWORK_PORT, crossing.failed, "error");
    // A name that does not resolve, and a pod that is not reached, are told once.
    const isOfBoth = finding.id === "podNotReached" || ("why" in finding && finding.why === "nameUnknown");
    return isOfBoth ? [finding] : [finding, ...statusFindings(pair, status)];
  }
  const { cluster, peer, gateway, about } = pair;
  const address = hostPort(gateway, CROSS_NETWORK_PORT);
  const isReady = status !== undefined && "seen" in status && status.seen === 200;
  const answer: ProbeFinding = crossing.seen
    ? { id: "gatewayAnswers", severity: "ok", cluster, peer, address }
    : // Where the gateway is ready it is only that workload that is not there.
      { id: "gatewayCloses", severity: isReady ? "warning" : "error", cluster, peer, ...about, address };
  return [answer, ...statusFindings(pair, status)];
}

/** Only warnings: load balancers and people ask there, the mesh does not. */
function statusFindings(pair: Pair, status: Look<number> | undefined): ProbeFinding[] {
  if (status === undefined) return [];
  if ("failed" in status) return [failure(pair, STATUS_PORT, status.failed, "warning")];
  if (status.seen === 200) return [];
  const { cluster, peer, gateway, about } = pair;
  const address = hostPort(gateway, STATUS_PORT);
  return [{ id: "gatewayNotReady", severity: "warning", cluster, peer, ...about, address, status: status.seen }];
}

function failure(
  { cluster, peer, gateway, about }: Pair,
  port: number,
  error: Error,
  severity: "error" | "warning",
): ProbeFinding {
  const said = error.message;
  if (error instanceof PodNotReached) return { id: "podNotReached", severity: "error", cluster, peer, said };
  const why = error instanceof NotConnected ? error.why : "unreachable";
  return { id: "gatewayUnconnected", severity, cluster, peer, ...about, address: hostPort(gateway, port), why, said };
}
