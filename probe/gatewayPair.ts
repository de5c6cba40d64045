// Tests one cluster's connection to another's gateway: port 15443, which the mesh uses, and port 15021, which shows
// readiness.
import type { Duplex } from "node:stream";
import { CROSS_NETWORK_PORT } from "../mesh/gatewayOptions.ts";
import { STATUS_PORT } from "../mesh/gatewayPorts.ts";
import { hostPort } from "../mesh/hostPort.ts";
import type { GatewayFacts, ProbeFinding } from "../mesh/probeFindings.ts";
import { readiness, speaksTls } from "./gateway.ts";
import { type Member, probePodOf } from "./member.ts";
import { NotConnected, PodNotReached, through } from "./tunnel.ts";

/** Result of a port's test, or the error. */
export type Look<Seen> = { readonly seen: Seen } | { readonly failed: Error };

interface Pair {
  readonly cluster: string;
  readonly peer: string;
  /** Host name or IP. */
  readonly gateway: string;
  readonly about: Omit<GatewayFacts, "address">;
}

/**
 * Tests a peer's gateway from a cluster's pod.
 *
 * @param gateway host name, resolved in the pod, or IP
 * @param options `sni`: SNI name that gateways route to a workload that every cluster has; `hasStatus`: the gateway's
 * Service has port 15021
 */
export async function tryGateway(
  from: Member,
  to: Member,
  gateway: string,
  { sni, signal, hasStatus }: { sni: string | undefined; signal: AbortSignal; hasStatus: boolean },
): Promise<ProbeFinding[]> {
  const look = <Seen>(port: number, use: (stream: Duplex) => Promise<Seen>): Promise<Look<Seen>> =>
    through(probePodOf(from), { address: hostPort(gateway, port) }, signal, use).then(
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
 * @param crossing whether a TLS server answered on 15443
 * @param status HTTP status of port 15021, if the gateway has that port
 */
export function gatewayFindings(pair: Pair, crossing: Look<boolean>, status: Look<number> | undefined): ProbeFinding[] {
  if ("failed" in crossing) {
    const finding = failure(pair, CROSS_NETWORK_PORT, crossing.failed, "error");
    // Report an unresolvable name or an unreachable pod only once, not for each port.
    const isOfBoth = finding.id === "podNotReached" || ("why" in finding && finding.why === "nameUnknown");
    return isOfBoth ? [finding] : [finding, ...statusFindings(pair, status)];
  }
  const { cluster, peer, gateway, about } = pair;
  const address = hostPort(gateway, CROSS_NETWORK_PORT);
  const isReady = status !== undefined && "seen" in status && status.seen === 200;
  const answer: ProbeFinding = crossing.seen
    ? { id: "gatewayAnswers", severity: "ok", cluster, peer, address }
    : // If the gateway is ready, only the workload behind it is missing.
      { id: "gatewayCloses", severity: isReady ? "warning" : "error", cluster, peer, ...about, address };
  return [answer, ...statusFindings(pair, status)];
}

/** Findings are only warnings: load balancers and people use this port, the mesh does not. */
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
