// An https server with a certificate of a private CA.
import type { RequestListener } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { stringify } from "yaml";
import { authority } from "../../../lab/pki.ts";

export interface SecureServer {
  /** `127.0.0.1:port`. */
  readonly host: string;
  close(): void;
}

const issuer = await authority("private-ca");
const { certPem: cert, keyPem: key } = await issuer.issue({
  commonName: "server",
  hosts: ["127.0.0.1", "server.test"],
});

/** PEM of the CA of all these servers. */
export const ca = issuer.certPem;

/** @param port by default any that is free; once closed, another test may get it */
export async function serve(listener: RequestListener, port = 0): Promise<SecureServer> {
  const server = createServer({ cert, key }, listener);
  await new Promise<void>((listening) => server.listen(port, "127.0.0.1", listening));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Text of a kubeconfig for the server: context `x`, by default with a token. */
export function kubeconfigOf({ host }: SecureServer, user: object = { token: "t" }, path = ""): string {
  const cluster = {
    server: `https://${host}${path}`,
    "certificate-authority-data": Buffer.from(ca).toString("base64"),
  };
  return stringify({
    clusters: [{ name: "c", cluster }],
    users: [{ name: "u", user }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
  });
}
