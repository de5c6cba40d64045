// The CA of the manual procedure: a root and an intermediate for each cluster, created with openssl as the guide does
// with step.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";

const CONFIG = `
[req]
distinguished_name = subject
prompt = no
[subject]
[root]
basicConstraints = critical, CA:true, pathlen:1
keyUsage = critical, keyCertSign, cRLSign, digitalSignature
subjectKeyIdentifier = hash
[intermediate]
basicConstraints = critical, CA:true, pathlen:0
keyUsage = critical, keyCertSign, cRLSign, digitalSignature
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
`;

const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

/** Files of a CA in a folder, named as in the Secret `cacerts`. */
export const certificateFiles = (folder: string) => ({
  "ca-cert.pem": join(folder, "ca-cert.pem"),
  "ca-key.pem": join(folder, "ca-key.pem"),
  "root-cert.pem": join(folder, "..", "root-cert.pem"),
  "cert-chain.pem": join(folder, "cert-chain.pem"),
});

/** The root's certificate, in PEM. */
export const rootCertificate = (folder: string) => readFile(join(folder, "root-cert.pem"), "utf8");

/** Writes `root-cert.pem` and `root-key.pem`. */
export async function makeRoot(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, "openssl.cnf"), CONFIG);
  await openssl(folder, [
    ...["req", "-x509", ...NEW_KEY, "-keyout", "root-key.pem", "-out", "root-cert.pem", "-days", "3650"],
    ...["-subj", "/O=Istio/CN=Root CA", "-config", "openssl.cnf", "-extensions", "root"],
  ]);
}

/** Writes the files of {@link certificateFiles}, signed by the root in the folder. */
export async function makeIntermediate(folder: string, cluster: string): Promise<void> {
  const own = join(folder, cluster);
  await mkdir(own, { recursive: true });
  await openssl(own, [
    ...["req", ...NEW_KEY, "-keyout", "ca-key.pem", "-out", "ca.csr"],
    ...["-subj", `/O=Istio/CN=Intermediate CA ${cluster}`, "-config", "../openssl.cnf"],
  ]);
  await openssl(own, [
    ...["x509", "-req", "-in", "ca.csr", "-CA", "../root-cert.pem", "-CAkey", "../root-key.pem", "-CAcreateserial"],
    ...["-days", "1825", "-extfile", "../openssl.cnf", "-extensions", "intermediate", "-out", "ca-cert.pem"],
  ]);
  const chain = [await readFile(join(own, "ca-cert.pem")), await readFile(join(folder, "root-cert.pem"))];
  await writeFile(join(own, "cert-chain.pem"), Buffer.concat(chain));
}

async function openssl(cwd: string, args: readonly string[]): Promise<void> {
  await execa("openssl", args, { cwd, stdin: "ignore" });
}
