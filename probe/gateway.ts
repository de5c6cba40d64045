// Tries of a peer's gateway: what answers on 15443, and what it says of itself on 15021.
import type { Duplex } from "node:stream";
import { connect } from "node:tls";
import { urlHost } from "../mesh/hostPort.ts";
import { http } from "../net/http.ts";

/**
 * Whether TLS is spoken there for a name by which gateways pass connections on: whoever is behind it shows a certificate
 * before it wants one.
 */
export function speaksTls(stream: Duplex, servername: string): Promise<boolean> {
  return new Promise((resolve) => {
    // What is asked is only whether somebody answers: who it is, sidecars check, with certificates that only they have.
    const tls = connect({ socket: stream, servername, rejectUnauthorized: false, ALPNProtocols: ["istio"] });
    const done = (answer: boolean) => {
      resolve(answer);
      tls.destroy();
    };
    // A refusal in TLS' own words is an answer, too.
    tls.on("error", ({ code }: NodeJS.ErrnoException) => done(/_ALERT_/.test(code ?? "")));
    tls.on("secureConnect", () => done(true));
    tls.on("close", () => done(false));
  });
}

/** Status of its own readiness probe. */
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
