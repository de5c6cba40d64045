// OpenSSH's encodings of a key (RFC 4253 6.6, RFC 5656, PROTOCOL.key). P-224 has none: empty, as in the original.
import { createHash, type JsonWebKey, type KeyObject, randomBytes } from "node:crypto";
import { CURVES } from "./keys.ts";

const SSH_CURVES: Readonly<Record<string, string>> = {
  [CURVES.P256]: "nistp256",
  [CURVES.P384]: "nistp384",
  [CURVES.P521]: "nistp521",
};

function string(bytes: Uint8Array | string): Buffer {
  const body = Buffer.from(bytes);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
}

const decoded = (value: string | undefined): Buffer => Buffer.from(value ?? "", "base64url");

/** A positive integer: no leading zeros but one where the highest bit is set. */
function integer(value: string | undefined): Buffer {
  const bytes = decoded(value);
  const start = bytes.findIndex((byte) => byte !== 0);
  const body = bytes.subarray(start);
  return string((body[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.of(0), body]) : body);
}

/** The key's algorithm, and its public and private fields in OpenSSH's order. */
function fields(key: KeyObject): { algorithm: string; open: Buffer[]; closed: Buffer[] } | undefined {
  if (key.asymmetricKeyType === "ec") {
    const curve = SSH_CURVES[key.asymmetricKeyDetails?.namedCurve ?? ""];
    if (curve === undefined) return undefined;
    const { x, y, d } = jwk(key);
    const open = [string(curve), string(Buffer.concat([Buffer.of(4), decoded(x), decoded(y)]))];
    return { algorithm: `ecdsa-sha2-${curve}`, open, closed: [...open, integer(d)] };
  }
  const { n, e, d, p, q, qi, x } = jwk(key);
  if (key.asymmetricKeyType === "rsa")
    return { algorithm: "ssh-rsa", open: [integer(e), integer(n)], closed: [n, e, d, qi, p, q].map(integer) };
  const open = [string(decoded(x))];
  return { algorithm: "ssh-ed25519", open, closed: [...open, string(Buffer.concat([decoded(d), decoded(x)]))] };
}

const jwk = (key: KeyObject): JsonWebKey => key.export({ format: "jwk" });

/** The public half of a private key: its `authorized_keys` line and fingerprints. */
export function opensshPublicKey(key: KeyObject) {
  const known = fields(key);
  if (known === undefined) return { publicKeyOpenssh: "", publicKeyFingerprintMd5: "", publicKeyFingerprintSha256: "" };
  const wire = Buffer.concat([string(known.algorithm), ...known.open]);
  const md5 = createHash("md5").update(wire).digest("hex");
  const sha256 = createHash("sha256").update(wire).digest("base64").replace(/=+$/, "");
  return {
    publicKeyOpenssh: `${known.algorithm} ${wire.toString("base64")}\n`,
    publicKeyFingerprintMd5: md5.replace(/..(?=.)/g, "$&:"),
    publicKeyFingerprintSha256: `SHA256:${sha256}`,
  };
}

/** An unencrypted `OPENSSH PRIVATE KEY` in PEM. */
export function opensshPrivateKey(key: KeyObject): string {
  const known = fields(key);
  if (known === undefined) return "";
  const check = randomBytes(4);
  const body = Buffer.concat([check, check, string(known.algorithm), ...known.closed, string("")]);
  const padding = Buffer.from(Array.from({ length: (8 - (body.length % 8)) % 8 }, (_, index) => index + 1));
  const one = Buffer.of(0, 0, 0, 1);
  const file = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    ...[string("none"), string("none"), string(""), one],
    string(Buffer.concat([string(known.algorithm), ...known.open])),
    string(Buffer.concat([body, padding])),
  ]);
  const lines = file.toString("base64").replace(/.{64}(?=.)/g, "$&\n");
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines}\n-----END OPENSSH PRIVATE KEY-----\n`;
}
