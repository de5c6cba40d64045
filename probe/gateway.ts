// Tests a peer's gateway: TLS on port 15443, readiness on port 15021.
import type { Duplex } from "node:stream";
import { connect } from "node:tls";
import { urlHost } from "../mesh/hostPort.ts";
import { http } from "../net/http.ts";

/**
 * Whether a TLS server answers behind the gateway for an SNI name that gateways route to a workload. A TLS server shows
 * its certificate before it asks for the client's.
 */
export function speaksTls(stream: Duplex, servername: string): Promise<boolean> {
  return new Promise((resolve) => {
    // Do not verify the certificate: the test only needs an answer. Sidecars verify identities with certificates that
    // the probe lacks.
    const tls = connect({ socket: stream, servername, rejectUnauthorized: false, ALPNProtocols: ["istio"] });
    const done = (answer: boolean) => {
      resolve(answer);
      tls.destroy();
    };
    // A TLS alert is an answer, too.
    tls.on("error", ({ code }: NodeJS.ErrnoException) => done(/_ALERT_/.test(code ?? "")));
    tls.on("secureConnect", () => done(true));
    tls.on("close", () => done(false));
  });
}

/** HTTP status of the gateway's readiness endpoint. */
export function readiness(stream: Duplex, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    http
      .request(
        { path: "/healthz/ready", headers: { host: urlHost(host) }, createConnection: () => stream },
        (response) => {
          response.resume().on("end", () => resolve(response.statusCode ?? 0));
        },
      )
      .on("error", reject)
      .end();
  });
}
