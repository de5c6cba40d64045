import { hostPort } from "../mesh/hostPort.ts";

/**
 * Gateways by network, as `host:port`, in an answer of /debug/networkz (NetworkGateway in istio
 * pilot/pkg/model/network.go).
 */
export function gatewaysByNetwork(text: string): Readonly<Record<string, readonly string[]>> {
  const gateways: readonly { Network: string; Addr: string; Port: number }[] = JSON.parse(text) ?? [];
  const networks = Map.groupBy(gateways, ({ Network }) => Network);
  return Object.fromEntries(
    [...networks].map(([network, found]) => [network, found.map(({ Addr, Port }) => hostPort(Addr, Port))]),
  );
}
