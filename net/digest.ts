import { createHash } from "node:crypto";

export const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

/** @throws Error that names both digests @param what name of the bytes in the message */
export function verifySha256(bytes: Buffer, expected: string, what: string): void {
  const digest = sha256(bytes);
  if (digest === expected) return;
  throw new Error(
    `${what} has the SHA-256 ${digest}, not ${expected}; correct the digest if this is another release, or replace the file if it was tampered with`,
  );
}
