import manifest from "@pulumi/tls/package.json" with { type: "json" };
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Engine, secret, UNKNOWN } from "./engine.ts";
import { judge } from "./openssl.ts";

const KEY = "tls:index/privateKey:PrivateKey";

let engine: Engine;
beforeAll(async () => {
  engine = await Engine.start("tls");
});
afterAll(() => engine.stop());

test("has the version of the SDK in use", async () => {
  expect(await engine.version()).toBe(manifest.version);
});

describe.each([
  [{ algorithm: "RSA" }, "RSA PRIVATE KEY", "2048 bit", "ssh-rsa"],
  [{ algorithm: "RSA", rsaBits: 3072 }, "RSA PRIVATE KEY", "3072 bit", "ssh-rsa"],
  [{ algorithm: "ECDSA", ecdsaCurve: "P256" }, "EC PRIVATE KEY", "prime256v1", "ecdsa-sha2-nistp256"],
  [{ algorithm: "ECDSA", ecdsaCurve: "P384" }, "EC PRIVATE KEY", "secp384r1", "ecdsa-sha2-nistp384"],
  [{ algorithm: "ECDSA", ecdsaCurve: "P521" }, "EC PRIVATE KEY", "secp521r1", "ecdsa-sha2-nistp521"],
  [{ algorithm: "ED25519" }, "PRIVATE KEY", "ED25519", "ssh-ed25519"],
])("%o", (inputs, preamble, kind, sshType) => {
  test("openssl and ssh-keygen read all formats as the same key", async () => {
    const { state } = await engine.make(KEY, inputs);
    const { privateKeyPem = "", privateKeyPemPkcs8 = "", privateKeyOpenssh = "", publicKeyOpenssh = "" } = state;
    expect(privateKeyPem).toMatch(new RegExp(`^-----BEGIN ${preamble}-----\n`));
    expect(privateKeyPemPkcs8).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(await judge({ key: privateKeyPem }, "openssl", "pkey", "-in", "key", "-noout", "-text")).toContain(kind);
    for (const key of [privateKeyPem, privateKeyPemPkcs8])
      expect(await judge({ key }, "openssl", "pkey", "-in", "key", "-pubout")).toBe(state.publicKeyPem);

    expect(publicKeyOpenssh.split(" ")[0]).toBe(sshType);
    const fromSsh = await judge({ key: privateKeyOpenssh }, "ssh-keygen", "-y", "-P", "", "-f", "key");
    expect(fromSsh.trim()).toBe(publicKeyOpenssh.trim());
    const fingerprint = (hash: string) =>
      judge({ "key.pub": publicKeyOpenssh }, "ssh-keygen", "-l", "-E", hash, "-f", "key.pub");
    expect((await fingerprint("sha256")).split(" ")[1]).toBe(state.publicKeyFingerprintSha256);
    expect((await fingerprint("md5")).split(" ")[1]).toBe(`MD5:${state.publicKeyFingerprintMd5}`);
  });
});

test("marks private keys as secret, but not public ones", async () => {
  const { inputs } = await engine.check(KEY, { algorithm: "ED25519" });
  const { state } = await engine.create(KEY, inputs);
  for (const key of ["privateKeyPem", "privateKeyPemPkcs8", "privateKeyOpenssh"])
    expect(state[key]).toEqual(secret(expect.stringContaining("PRIVATE KEY")));
  expect(state.publicKeyPem).toEqual(expect.stringContaining("PUBLIC KEY"));
});

test("has defaults, and unknown outputs in a preview", async () => {
  const { inputs } = await engine.check(KEY, { algorithm: "RSA" });
  expect(inputs).toEqual({ algorithm: "RSA", rsaBits: 2048, ecdsaCurve: "P224" });
  const { id, state } = await engine.create(KEY, inputs, true);
  expect(id).toBe("");
  expect(state).toMatchObject({ rsaBits: 2048, privateKeyPem: UNKNOWN, publicKeyPem: UNKNOWN });
});

test("a key with ECDSA's default curve P-224 has no OpenSSH format", async () => {
  const { state } = await engine.make(KEY, { algorithm: "ECDSA" });
  expect(state).toMatchObject({ privateKeyOpenssh: "", publicKeyOpenssh: "", publicKeyFingerprintMd5: "" });
  const csr = await engine.make("tls:index/certRequest:CertRequest", { privateKeyPem: state.privateKeyPem });
  expect(csr.state.keyAlgorithm).toBe("ECDSA");
});

test("rejects invalid inputs, and accepts unknown ones", async () => {
  expect((await engine.check(KEY, { algorithm: "DSA", ecdsaCurve: "P128" })).failures).toEqual([
    'algorithm: value must be one of: RSA, ECDSA, ED25519, got: "DSA"',
    'ecdsaCurve: value must be one of: P224, P256, P384, P521, got: "P128"',
  ]);
  expect((await engine.check(KEY, { algorithm: UNKNOWN })).failures).toEqual([]);
});

test("replaces the key after each change", async () => {
  const inputs = { algorithm: "RSA", rsaBits: 2048, ecdsaCurve: "P224" };
  expect(await engine.diff(KEY, inputs, { ...inputs, rsaBits: 4096 })).toEqual({
    changes: ["rsaBits"],
    replaces: ["rsaBits"],
  });
});
