// Connects with a certificate and prints whether the server accepts it. Runs in a cluster's network; the standard input
// has the connection as JSON.
import { readFileSync } from "node:fs";
import { connect } from "node:tls";

const { host, port, protocol, certificate, key } = JSON.parse(readFileSync(0, "utf8"));
const print = (answer: string) => {
  process.stdout.write(answer);
  process.exit();
};
// A refusal follows the handshake in TLS 1.3. A server that accepts the certificate answers: istiod with its HTTP/2
// settings, a sidecar with an HTTP response.
const socket = connect(
  { host, port, cert: certificate, key, ALPNProtocols: [protocol], rejectUnauthorized: false },
  () => {
    if (protocol === "istio") socket.write("GET /health HTTP/1.1\r\nhost: reviews\r\nconnection: close\r\n\r\n");
  },
);
socket.on("data", () => print("accepted"));
socket.on("error", ({ message }) => print(`refused: ${message}`));
socket.on("close", () => print("closed without an answer"));
socket.setTimeout(20_000, () => print("no answer within 20 s"));
