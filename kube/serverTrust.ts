import { isIP } from "node:net";
import { checkServerIdentity, createSecureContext, getCACertificates, type PeerCertificate } from "node:tls";
import type { ClusterEntry } from "./kubeconfig.ts";
import { caCertificates } from "./pem.ts";

interface Server {
  readonly cluster: ClusterEntry;
  readonly url: string;
  /** PEM. */
  readonly ca: string | undefined;
  readonly isProxied: boolean;
}

/**
 * Options of `node:https` that verify an API server.
 *
 * @param own client certificate for that server
 */
export function serverTrust({ cluster, url, ca, isProxied }: Server, own: { cert?: string; key?: string }) {
  const name = cluster["tls-server-name"];
  const isVerified = cluster["insecure-skip-tls-verify"] !== true;
  const expected = name ?? (URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, "") : "");
  return {
    ...own,
    rejectUnauthorized: isVerified,
    ...(ca !== undefined && { ca: caCertificates(ca), ...ANCHORS }),
    ...(ca === undefined &&
      isVerified && { secureContext: createSecureContext({ ...own, ...ANCHORS, ca: machineCas() }) }),
    ...(name !== undefined && { servername: isIP(name) ? "" : name }),
    // Node verifies a certificate against the SNI name. An IP cannot be one, and behind a SOCKS proxy Node does not
    // verify IPs at all.
    ...(isIP(expected) &&
      (name !== undefined || isProxied) && {
        checkServerIdentity: (_: string, certificate: PeerCertificate) => checkServerIdentity(expected, certificate),
      }),
  };
}

/**
 * For Go any trusted certificate ends a chain, even an intermediate CA or the server's own. For Node, without this
 * option, only a root does.
 */
const ANCHORS = { allowPartialTrustChain: true };

/** Without a CA in the kubeconfig, client-go trusts the machine's CAs. Node by default has its own list. */
const machineCas = () => [...new Set([...getCACertificates("default"), ...getCACertificates("system")])];
