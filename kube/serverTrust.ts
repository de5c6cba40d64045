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
 * How an API server has to prove that it is the right one, as options of `node:https`.
 *
 * @param own client certificate to show there
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
    // Node compares a certificate with the name that it sends, which an IP cannot be, and behind a SOCKS proxy with no IP at all.
    ...(isIP(expected) &&
      (name !== undefined || isProxied) && {
        checkServerIdentity: (_: string, certificate: PeerCertificate) => checkServerIdentity(expected, certificate),
      }),
  };
}

/** To Go every certificate that is trusted ends a chain: an intermediate CA, or the server's own. To Node a root alone does. */
const ANCHORS = { allowPartialTrustChain: true };

/** Without a CA in the kubeconfig, client-go trusts those of this machine. Node by itself has a list of its own. */
const machineCas = () => [...new Set([...getCACertificates("default"), ...getCACertificates("system")])];
