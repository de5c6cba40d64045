import * as z from "zod";
import { PUBLIC_CA } from "../mesh/publicCa.ts";
import { isHostname } from "./names.ts";
import { quote } from "./problems.ts";

const text = z.string().min(1, "must not be empty");

/** How the other clusters' istiods connect to a cluster and verify it. Part of an entry of `clusters`. */
export const remoteAccessShape = {
  /** API server as the other clusters reach it, if it differs from the `server` in the kubeconfig. */
  apiServer: z
    .url({
      protocol: /^https$/,
      error: ({ input }) => `${quote(input)} is not an https:// URL, such as https://203.0.113.7:6443`,
    })
    // Not quoted, because it may contain a password.
    .refine((url) => !/[@?#]/.test(url), {
      error: "must not have a login, a query or a fragment; the other clusters authenticate with a token",
    })
    .optional()
    .meta({
      "x-default": "`server` in the kubeconfig",
      description: "API server as the other clusters reach it.",
      examples: ["https://203.0.113.7:6443"],
    }),
  /** Server name in the certificate of `apiServer`, if it differs from the URL's host. */
  tlsServerName: text
    .refine(isHostname, { error: ({ input }) => `${quote(input)} is not a hostname, such as kubernetes.default.svc` })
    .optional()
    .meta({
      "x-default": "the host of `apiServer`; without that, `tls-server-name` in the kubeconfig",
      description: "Name in the certificate that answers at apiServer",
      examples: ["kubernetes.default.svc"],
    }),
  /** CA of the certificate that answers at the API server's address: PEM, PEM in base64, the path of a PEM file, or `public`. */
  caBundle: text.optional().meta({
    "x-default": "the cluster's own",
    description:
      "CA of the API server as the other clusters reach it: PEM, PEM in base64 as in a kubeconfig, or the path of a PEM file. `public` if a public CA issued its certificate: each istiod then trusts the CAs of its image",
    examples: ["./certs/api-proxy-ca.pem", PUBLIC_CA],
  }),
  /** Proxy between the other clusters' istiods and this cluster's API server. */
  proxyUrl: text
    .refine(isProxyUrl, {
      error: ({ input }) =>
        `${quote(input)} is not a proxy's URL, such as http://proxy.example:3128 (or https, socks5)`,
    })
    .optional()
    .meta({
      "x-default": "none",
      "x-secret": true,
      description:
        "Proxy through which the other clusters' istiods reach this cluster's API server; secret if it contains a login. This machine uses the proxies of its shell and the kubeconfig",
      examples: ["http://proxy.example:3128"],
    }),
  /** Raise it by one to replace the token with which the other clusters watch this one. */
  tokenGeneration: z
    .int()
    .positive()
    .default(1)
    .meta({
      description: "Increase it to rotate the token with which the other clusters watch this one",
      examples: [2],
    }),
  caGeneration: z
    .int()
    .positive()
    .default(1)
    .meta({
      description: "Increase it to give this cluster's istiod a new key and intermediate CA under the same root",
      examples: [2],
    }),
};

/** Proxy schemes that Kubernetes clients support in `proxy-url` (client-go, tools/clientcmd). */
function isProxyUrl(value: string): boolean {
  return /^(https?|socks5):\/\//.test(value) && URL.canParse(value) && new URL(value).hostname !== "";
}

/** Only a separate address may need a separate server name. */
export const nameWithoutAddress = {
  holds: ({ apiServer, tlsServerName }: { apiServer?: string | undefined; tlsServerName?: string | undefined }) =>
    tlsServerName === undefined || apiServer !== undefined,
  problem: { path: ["tlsServerName"], error: 'needs "apiServer", an address that serves a certificate with that name' },
};
