// Independent checks with openssl and ssh-keygen. Keys are passed in files of mode 0600, never as arguments.
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** Runs `command` in a folder with `files`, and returns its output. */
export async function judge(files: Record<string, string>, command: string, ...args: string[]): Promise<string> {
  const cwd = await mkdtemp(join(tmpdir(), "openssl-"));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, name), text, { mode: 0o600 });
    return (await execute(command, args, { cwd })).stdout;
  } finally {
    await rm(cwd, { recursive: true });
  }
}

/** The extensions of a certificate as `openssl x509 -text` shows them, by name; critical ones say so. */
export async function extensions(certPem: string): Promise<Record<string, string>> {
  const text = await judge({ "cert.pem": certPem }, "openssl", "x509", "-in", "cert.pem", "-noout", "-text");
  const found = text.matchAll(/^ {12}X509v3 (.+): (critical)?\n {16}(.+)$/gm);
  return Object.fromEntries(
    [...found].map(([, name, critical, value]) => [name, `${critical ? "critical, " : ""}${value?.trim()}`]),
  );
}

/** The public key of a certificate or request, in PEM. */
export const publicKeyOf = (kind: "x509" | "req", pem: string): Promise<string> =>
  judge({ "in.pem": pem }, "openssl", kind, "-in", "in.pem", "-noout", "-pubkey");
