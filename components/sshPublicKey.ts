import { createPublicKey } from "node:crypto";

/**
 * The public key of an RSA key pair as a line of `authorized_keys`, without a comment (RFC 4253, section 6.6).
 *
 * @param privateKey PEM without a passphrase
 */
export function sshPublicKey(privateKey: string): string {
  const { n = "", e = "" } = createPublicKey(privateKey).export({ format: "jwk" });
  const wire = [Buffer.from("ssh-rsa"), integer(e), integer(n)].map((part) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(part.length);
    return Buffer.concat([length, part]);
  });
  return `ssh-rsa ${Buffer.concat(wire).toString("base64")}`;
}

/** A leading 1 bit would be a sign, so add a zero byte. */
function integer(encoded: string): Buffer {
  const bytes = Buffer.from(encoded, "base64url");
  return (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
}
