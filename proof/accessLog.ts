/** One request in the access log of the sample's sidecars. The program's Telemetry resource defines the keys. */
export interface LoggedRequest {
  /** The caller's User-Agent. */
  readonly agent: string;
  /** SPIFFE identity in the certificate of the caller's connection (%DOWNSTREAM_PEER_URI_SAN%). */
  readonly peer: string;
  /** Header X-Forwarded-Client-Cert as the proxy passed it on. */
  readonly xfcc: string;
  readonly code: number;
}

/** Finds the requests in a sidecar's log. They are JSON lines among other lines. A value that Envoy lacked is empty. */
export function loggedRequests(log: string): readonly LoggedRequest[] {
  return log
    .split("\n")
    .map(readLine)
    .filter((line) => line !== undefined)
    .map(({ agent, peer, xfcc, code }) => ({
      agent: text(agent),
      peer: text(peer),
      xfcc: text(xfcc),
      code: Number(code),
    }));
}

function readLine(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function text(value: unknown): string {
  return typeof value === "string" && value !== "-" ? value : "";
}

/**
 * URI of the last element of an X-Forwarded-Client-Cert header. Each proxy appends its own element, so the last one was
 * written by the proxy that wrote the log. Quoted values may contain commas and semicolons (Envoy's HTTP header
 * documentation).
 */
export function lastUri(xfcc: string): string {
  const last = split(xfcc, ",").at(-1) ?? "";
  return (
    split(last, ";")
      .find((pair) => pair.startsWith("URI="))
      ?.slice("URI=".length) ?? ""
  );
}

function split(value: string, separator: "," | ";"): readonly string[] {
  return value.match(new RegExp(`(?:[^"${separator}]|"(?:[^"\\\\]|\\\\.)*")+`, "g")) ?? [];
}
