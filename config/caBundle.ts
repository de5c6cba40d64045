import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { kubeconfigPath } from "../kube/kubeconfigPaths.ts";
import { PUBLIC_CA } from "../mesh/publicCa.ts";
import { quote } from "./problems.ts";

const CERTIFICATE = /^-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/gm;

/**
 * PEM as Go, and so istiod, reads it: without base64 around it, as kubeconfigs and Secrets hold it, without a byte order mark, and
 * with its lines at their beginning. Any other text as it is.
 */
export function pemOf(text: string): string {
  const decoded = text.includes(BEGIN) ? text : Buffer.from(text, "base64").toString();
  if (!decoded.includes(BEGIN)) return text;
  return decoded
    .replaceAll(/\ufeff/g, "")
    .replaceAll(/\r(?!\n)/g, "\n")
    .replaceAll(/^[^\S\r\n]+/gm, "");
}

const BEGIN = "-----BEGIN";

/**
 * The certificates of a bundle, as one PEM text.
 *
 * @param bundle PEM text, or the path of a file of it; `~` is the home directory. PEM may be in base64.
 * @param root folder at which a relative path starts
 * @throws Error that names the path, and which of its certificates cannot be parsed
 */
export function caBundle(bundle: string, root: string): string {
  const text = pemOf(bundle);
  const inline = text.includes(BEGIN);
  const source = inline ? "the text" : kubeconfigPath(bundle, root);
  const certificates = (inline ? text : pemOf(read(source))).match(CERTIFICATE) ?? [];
  if (certificates.length === 0) throw new Error(`${source} holds no PEM certificate`);
  certificates.forEach((pem, index) => {
    try {
      new X509Certificate(pem);
    } catch {
      throw new Error(`certificate ${index + 1} of ${source} cannot be parsed`);
    }
  });
  return certificates.join("\n");
}

/** The CA that the other clusters shall trust at a cluster's API server: `public`, or as `caBundle`. */
export const peerCa = (bundle: string, root: string): string =>
  bundle === PUBLIC_CA ? bundle : caBundle(bundle, root);

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new Error(
      `${quote(path)} cannot be read (${(error as NodeJS.ErrnoException).code}); give PEM or the path of a PEM file`,
    );
  }
}
