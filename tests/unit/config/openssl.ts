// Creates CA certificates of any kind with openssl, each only once.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Recipe {
  /** Arguments of `openssl genpkey`. @default a P-256 key */
  readonly key?: readonly string[];
  /**
   * Lines of an extension section, and sections to which they refer. Without any, the certificate has version 1.
   * @default a valid CA's
   */
  readonly extensions?: readonly string[];
  /** Digest and further options of the signature, and the serial number. @default SHA-256 */
  readonly signing?: readonly string[];
  readonly subject?: string;
  /** String type of the subject. @default UTF-8 */
  readonly strings?: "printable";
}

export interface Made {
  readonly certificate: string;
  readonly key: string;
}

export const EC = (curve: string) => ["-algorithm", "EC", "-pkeyopt", `ec_paramgen_curve:${curve}`];
export const RSA = (bits: number) => ["-algorithm", "RSA", "-pkeyopt", `rsa_keygen_bits:${bits}`];
export const GOOD = [
  "basicConstraints=critical,CA:TRUE",
  "keyUsage=critical,keyCertSign,cRLSign",
  "subjectKeyIdentifier=hash",
];

const done = new Map<string, string>();
const once = (id: string, make: () => string) => {
  const text = done.get(id) ?? make();
  done.set(id, text);
  return text;
};
const openssl = (...args: string[]) => execFileSync("openssl", args, { stdio: "pipe", encoding: "utf8" });

/** Creates a certificate, by default self-signed. The same name and kind always give the same key. */
export function certificate(name: string, recipe: Recipe = {}, issuer?: Made): Made {
  const { key: kind = EC("P-256"), signing = ["-sha256"], subject = `/O=Agency/CN=${name}` } = recipe;
  const key = once([name, ...kind].join(" "), () => openssl("genpkey", ...kind));
  const made = () => {
    const folder = mkdtempSync(join(tmpdir(), "csp-mesh-openssl-"));
    const file = (ending: string, text: string) => {
      writeFileSync(join(folder, ending), text);
      return join(folder, ending);
    };
    try {
      const above = issuer ? ["-CA", file("ca", issuer.certificate), "-CAkey", file("ca-key", issuer.key)] : [];
      const subjects = ["-subj", subject, "-days", "400", "-config", file("conf", configOf(recipe))];
      return openssl("req", "-x509", "-new", "-key", file("key", key), ...subjects, ...above, ...signing);
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
  return { certificate: once(JSON.stringify([name, recipe, issuer]), made), key };
}

const configOf = ({ extensions = GOOD, strings }: Recipe) =>
  [
    "[req]",
    "distinguished_name=name",
    `string_mask=${strings === "printable" ? "default" : "utf8only"}`,
    ...(extensions.length > 0 ? ["x509_extensions=ca"] : []),
    "[name]",
    "[ca]",
    ...extensions,
    "",
  ].join("\n");
