import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { kubeconfigPath } from "../kube/kubeconfigPaths.ts";
import { PUBLIC_CA } from "../mesh/publicCa.ts";
import { quote } from "./problems.ts";

const CERTIFICATE = /^-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/gm;

/**
 * Converts a text to PEM that Go, and so istiod, can read: decodes base64, which kubeconfigs and Secrets use, and
 * removes byte order marks and indentation. Returns any other text unchanged.
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
 * @param bundle PEM text, PEM in base64, or the path of such a file; `~` is the home directory
 * @param root folder to which relative paths refer
 * @throws Error that names the path, and the certificates that cannot be parsed
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

/** The CA with which the other clusters verify a cluster's API server: `public`, or a bundle as for `caBundle`. */
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
