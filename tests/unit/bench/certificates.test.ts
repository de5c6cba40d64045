import { X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { certificateFiles, makeIntermediate, makeRoot, rootCertificate } from "../../../bench/certificates.ts";
import { extensions } from "../plugins/openssl.ts";

let folder: string;
beforeAll(async () => {
  folder = join(await mkdtemp(join(tmpdir(), "bench-")), "certs");
  await makeRoot(folder);
  await makeIntermediate(folder, "ncloud");
});
afterAll(() => rm(join(folder, ".."), { recursive: true }));

test("the procedure's CA has the same form as the program's", async () => {
  const root = new X509Certificate(await rootCertificate(folder));
  const {
    "ca-cert.pem": certificate,
    "ca-key.pem": key,
    "cert-chain.pem": chain,
  } = certificateFiles(join(folder, "ncloud"));
  const pem = await readFile(certificate, "utf8");
  const intermediate = new X509Certificate(pem);
  expect(intermediate.checkIssued(root) && intermediate.verify(root.publicKey)).toBe(true);
  expect(intermediate.subject).toBe("O=Istio\nCN=Intermediate CA ncloud");
  expect(intermediate.publicKey.asymmetricKeyDetails?.namedCurve).toBe("prime256v1");
  expect(await extensions(pem)).toMatchObject({
    "Basic Constraints": "critical, CA:TRUE, pathlen:0",
    "Key Usage": "critical, Digital Signature, Certificate Sign, CRL Sign",
  });
  expect(await extensions(root.toString())).toMatchObject({ "Basic Constraints": "critical, CA:TRUE, pathlen:1" });
  expect(await readFile(chain, "utf8")).toBe(pem + (await rootCertificate(folder)));
  expect((await stat(key)).mode & 0o077).toBe(0);
});
