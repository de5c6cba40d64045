/** What the sample's access log says of a request; the program's Telemetry decides the keys. */
export interface LoggedRequest {
  /** The caller's User-Agent. */
  readonly agent: string;
  /** SPIFFE identity in the certificate of the caller's connection (%DOWNSTREAM_PEER_URI_SAN%). */
  readonly peer: string;
  /** Header X-Forwarded-Client-Cert as the proxy passed it on. */
  readonly xfcc: string;
  readonly code: number;
}

/**
 * Finds the requests in the log of a sidecar, where they stand as lines of JSON among lines of other kinds.
 * A value that Envoy did not have is empty.
 */
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
 * URI of the last element of an X-Forwarded-Client-Cert header: each proxy appends its own, so the last one is by the
 * proxy that wrote the log. Values in quotes may hold commas and semicolons (Envoy's HTTP header documentation).
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
