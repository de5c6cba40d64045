// Creates certificates with openssl like people with their own CA, with both kinds of keys.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Issued {
  /** PEM. */
  readonly certificate: string;
  /** PEM. */
  readonly key: string;
}

export interface OwnCA {
  readonly root: Issued;
  /** Issued by the root, with an ECDSA key. */
  readonly ncloud: Issued;
  /** Issued by `region`, which the root issued, with an RSA key. */
  readonly nhn: Issued;
  readonly region: Issued;
}

const EC = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
const RSA = ["-newkey", "rsa:3072"];

export function makeOwnCA(): OwnCA {
  const folder = mkdtempSync(join(tmpdir(), "csp-mesh-ca-"));
  const file = (name: string) => join(folder, name);
  const issue = (name: string, levels: number, keys: readonly string[], issuer?: string): Issued => {
    writeFileSync(
      file("conf"),
      [
        "[req]",
        "distinguished_name = name",
        "[name]",
        "[ca]",
        `basicConstraints = critical, CA:TRUE, pathlen:${levels}`,
        "keyUsage = critical, keyCertSign, cRLSign",
        "subjectKeyIdentifier = hash",
        "authorityKeyIdentifier = keyid",
      ].join("\n"),
    );
    const signing = issuer === undefined ? [] : ["-CA", file(`${issuer}.crt`), "-CAkey", file(`${issuer}.key`)];
    const subject = ["-subj", `/O=Example Agency/CN=${name}`, "-days", "400", "-nodes"];
    const files = ["-keyout", file(`${name}.key`), "-out", file(`${name}.crt`)];
    const options = ["-config", file("conf"), "-extensions", "ca", ...subject, ...files];
    execFileSync("openssl", ["req", "-x509", ...keys, ...signing, ...options], { stdio: "pipe" });
    const read = (ending: string) => readFileSync(file(`${name}.${ending}`), "utf8");
    return { certificate: read("crt"), key: read("key") };
  };
  try {
    return {
      root: issue("root", 2, EC),
      ncloud: issue("ncloud", 0, EC, "root"),
      region: issue("region", 1, RSA, "root"),
      nhn: issue("nhn", 0, RSA, "region"),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
