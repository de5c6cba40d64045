import type { IncomingMessage } from "node:http";

/** Longest body that is kept, in characters. */
const MAX_REFUSAL = 16 * 1024;

/**
 * Reads the body with which a server refused a WebSocket.
 * @param onBody gets the body, truncated if it is too long or the connection breaks
 */
export function readRefusal(response: IncomingMessage, onBody: (body: string) => void): void {
  let body = "";
  response.setEncoding("utf8");
  response.on("data", (part: string) => {
    body += part;
    if (body.length > MAX_REFUSAL) response.destroy();
  });
  response.on("error", () => {});
  response.on("close", () => onBody(body));
}
