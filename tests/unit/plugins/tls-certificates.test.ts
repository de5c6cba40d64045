import { X509Certificate } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rootDifferences } from "../../../mesh/caIdentity.ts";
import { Engine, type Props, UNKNOWN } from "./engine.ts";
import { extensions, judge, publicKeyOf } from "./openssl.ts";

const KEY = "tls:index/privateKey:PrivateKey";
const SELF_SIGNED = "tls:index/selfSignedCert:SelfSignedCert";
const REQUEST = "tls:index/certRequest:CertRequest";
const LOCALLY_SIGNED = "tls:index/locallySignedCert:LocallySignedCert";
const CA_USES = ["cert_signing", "crl_signing", "digital_signature"];
const HOUR = 3_600_000;

let engine: Engine;
let root: Record<string, string>;
beforeAll(async () => {
  engine = await Engine.start("tls");
  root = await authority({ algorithm: "RSA" });
});
afterAll(() => engine.stop());

const newKey = async (inputs: Props) => (await engine.make(KEY, inputs)).state;

async function authority(key: Props, more: Props = {}) {
  const { privateKeyPem } = await newKey(key);
  const subject = { commonName: "Root CA", organization: "csp-mesh" };
  const inputs = { privateKeyPem, subject, allowedUses: CA_USES, isCaCertificate: true, validityPeriodHours: 48 };
  return (await engine.make(SELF_SIGNED, { ...inputs, ...more })).state;
}

async function signed(ca: Record<string, string>, key: Props, request: Props, more: Props) {
  const { privateKeyPem } = await newKey(key);
  const csr = await engine.make(REQUEST, { privateKeyPem, ...request });
  const { state } = await engine.make(LOCALLY_SIGNED, {
    certRequestPem: csr.state.certRequestPem,
    caCertPem: ca.certPem,
    caPrivateKeyPem: ca.privateKeyPem,
    validityPeriodHours: 24,
    ...more,
  });
  return { ...state, privateKeyPem } as Record<string, string>;
}

describe.each([
  [{ algorithm: "RSA" }, "RSA"],
  [{ algorithm: "ECDSA", ecdsaCurve: "P256" }, "ECDSA"],
  [{ algorithm: "ECDSA", ecdsaCurve: "P521" }, "ECDSA"],
  [{ algorithm: "ED25519" }, "ED25519"],
])("a chain of %o", (key, name) => {
  test("passes openssl's verification, with each certificate's own key", async () => {
    const ca = await authority(key, { maxPathLength: 1 });
    const intermediate = await signed(
      ca,
      key,
      { subject: { commonName: "Intermediate CA" } },
      { isCaCertificate: true, allowedUses: CA_USES, setSubjectKeyId: true },
    );
    const leaf = await signed(
      intermediate,
      key,
      { dnsNames: ["istiod.istio-system.svc"], uris: ["spiffe://cluster.local/ns/sample/sa/sleep"] },
      { allowedUses: ["digital_signature", "key_encipherment", "server_auth", "client_auth"] },
    );
    expect(ca.keyAlgorithm).toBe(name);
    expect(leaf.caKeyAlgorithm).toBe(name);

    const files = { root: ca.certPem ?? "", intermediate: intermediate.certPem ?? "", leaf: leaf.certPem ?? "" };
    const verify = ["verify", "-x509_strict", "-CAfile", "root", "-untrusted", "intermediate", "leaf"];
    expect(await judge(files, "openssl", ...verify)).toBe("leaf: OK\n");
    for (const { certPem = "", privateKeyPem = "" } of [ca, intermediate, leaf])
      expect(await publicKeyOf("x509", certPem)).toBe(
        await judge({ key: privateKeyPem }, "openssl", "pkey", "-in", "key", "-pubout"),
      );

    const shown = await extensions(intermediate.certPem ?? "");
    const issuer = await extensions(ca.certPem ?? "");
    expect(shown["Authority Key Identifier"]).toBe(issuer["Subject Key Identifier"]);
    expect(await extensions(leaf.certPem ?? "")).toEqual({
      "Key Usage": "critical, Digital Signature, Key Encipherment",
      "Extended Key Usage": "TLS Web Server Authentication, TLS Web Client Authentication",
      "Basic Constraints": "critical, CA:FALSE",
      "Authority Key Identifier": shown["Subject Key Identifier"],
      "Subject Alternative Name":
        "critical, DNS:istiod.istio-system.svc, URI:spiffe://cluster.local/ns/sample/sa/sleep",
    });
  });
});

test("a CA has the expected key usage and basic constraints", async () => {
  const ca = await authority({ algorithm: "RSA" }, { maxPathLength: 1, setAuthorityKeyId: true });
  const shown = await extensions(ca.certPem ?? "");
  expect(shown).toMatchObject({
    "Key Usage": "critical, Digital Signature, Certificate Sign, CRL Sign",
    "Basic Constraints": "critical, CA:TRUE, pathlen:1",
  });
  expect(shown["Authority Key Identifier"]).toBe(shown["Subject Key Identifier"]);
});

test.each([
  ["Istio", { algorithm: "ECDSA", ecdsaCurve: "P256" }, 87_600, 1],
  ['행정 기관, "A"+B=C;\\ #x', { algorithm: "ECDSA", ecdsaCurve: "P384" }, 17, 200],
  [" a\nCN=b*", { algorithm: "RSA", rsaBits: 2048 }, 2_000_000, 70_000],
] as const)("a root for %j matches its own settings", async (organization, key, hours, levels) => {
  const { certPem = "" } = await authority(key, {
    subject: { commonName: "Root CA", organization },
    validityPeriodHours: hours,
    maxPathLength: levels,
  });
  const settings = {
    source: "generated",
    organization,
    ...key,
    rootValidityHours: hours,
    rootPathLength: levels,
  } as const;
  expect(rootDifferences(new X509Certificate(certPem), settings)).toEqual([]);
});

test.each([
  { algorithm: "RSA" },
  { algorithm: "ECDSA", ecdsaCurve: "P256" },
  { algorithm: "ECDSA", ecdsaCurve: "P384" },
  { algorithm: "ECDSA", ecdsaCurve: "P521" },
])("the subject key id of %o equals openssl's", async (key) => {
  const ca = await authority(key);
  const files = { csr: await request(ca), key: ca.privateKeyPem ?? "", conf: "subjectKeyIdentifier=hash" };
  const again = ["x509", "-in", "csr", "-req", "-signkey", "key", "-extfile", "conf"];
  expect((await extensions(ca.certPem ?? ""))["Subject Key Identifier"]).toBe(
    (await extensions(await judge(files, "openssl", ...again)))["Subject Key Identifier"],
  );
});

const request = async ({ privateKeyPem }: Record<string, string>): Promise<string> =>
  (await engine.make(REQUEST, { privateKeyPem, subject: { commonName: "again" } })).state.certRequestPem ?? "";

test("a path length of 0 sets no limit, as in the original plugin", async () => {
  const { certPem = "" } = await authority({ algorithm: "ED25519" }, { maxPathLength: 0 });
  expect((await extensions(certPem))["Basic Constraints"]).toBe("critical, CA:TRUE");
});

test("includes every part of a subject, in any script, also through a request", async () => {
  const subject = {
    commonName: 'csp-mesh "root", 루트',
    country: "KR",
    emailAddress: "ca@example.kr",
    locality: "Seongnam",
    organization: "주식회사 예제",
    organizationalUnit: "Platform",
    postalCode: "13561",
    province: "Gyeonggi",
    serialNumber: "0042",
    streetAddresses: ["178-1 Jeongja-dong", "Bundang-gu"],
  };
  const { certPem = "" } = await authority({ algorithm: "RSA" }, { subject });
  const { privateKeyPem } = await newKey({ algorithm: "RSA" });
  const { certRequestPem = "" } = (await engine.make(REQUEST, { privateKeyPem, subject })).state;
  const shown = (kind: string, pem: string) =>
    judge({ pem }, "openssl", kind, "-in", "pem", "-noout", "-subject", "-nameopt", "multiline,utf8,-esc_msb");
  // The order depends on the version of Go's library.
  for (const text of [await shown("x509", certPem), await shown("req", certRequestPem)])
    expect(
      text
        .split(/\n| \+ /)
        .slice(1, -1)
        .map((part) => part.trim())
        .sort(),
    ).toEqual([
      'commonName                = csp-mesh "root", 루트',
      "countryName               = KR",
      "emailAddress              = ca@example.kr",
      "localityName              = Seongnam",
      "organizationName          = 주식회사 예제",
      "organizationalUnitName    = Platform",
      "postalCode                = 13561",
      "serialNumber              = 0042",
      "stateOrProvinceName       = Gyeonggi",
      "streetAddress             = 178-1 Jeongja-dong",
      "streetAddress             = Bundang-gu",
    ]);
});

test("a request is signed by its key and contains its names", async () => {
  const key = await newKey({ algorithm: "ECDSA", ecdsaCurve: "P384" });
  const { state } = await engine.make(REQUEST, {
    privateKeyPem: key.privateKeyPem,
    subject: { commonName: "gateway" },
    dnsNames: ["gw.example.kr"],
    ipAddresses: ["203.0.113.7", "2001:db8::7"],
    uris: ["spiffe://cluster.local/gw"],
  });
  const { certRequestPem = "" } = state;
  const args = ["req", "-in", "csr", "-noout", "-verify", "-text"];
  expect(await judge({ csr: certRequestPem }, "openssl", ...args)).toContain(
    "DNS:gw.example.kr, IP Address:203.0.113.7, IP Address:2001:DB8:0:0:0:0:0:7, URI:spiffe://cluster.local/gw",
  );
  expect(await publicKeyOf("req", certRequestPem)).toBe(key.publicKeyPem);
  expect(state.keyAlgorithm).toBe("ECDSA");
});

test("id, validity and PEM match the certificate", async () => {
  const { privateKeyPem } = await newKey({ algorithm: "ED25519" });
  const inputs = { privateKeyPem, allowedUses: ["any_extended"], validityPeriodHours: 36 };
  const { id, state } = await engine.make(SELF_SIGNED, inputs);
  const certificate = new X509Certificate(state.certPem ?? "");
  expect(BigInt(id)).toBe(BigInt(`0x${certificate.serialNumber}`));
  const seconds = (time: string | undefined) => Math.floor(Date.parse(time ?? "") / 1000);
  expect(seconds(state.validityStartTime)).toBe(seconds(certificate.validFrom));
  expect(seconds(state.validityEndTime)).toBe(seconds(certificate.validTo));
  expect(seconds(state.validityEndTime) - seconds(state.validityStartTime)).toBe(36 * 3600);
  expect(state.certPem).toBe(certificate.toString());
});

describe("renewal", () => {
  const state = (hoursLeft: number) => ({
    earlyRenewalHours: 2,
    readyForRenewal: false,
    validityEndTime: new Date(Date.now() + hoursLeft * HOUR).toISOString(),
  });
  const inputs = { earlyRenewalHours: 2, validityPeriodHours: 48 };

  test("replaces a certificate within its early renewal hours, which a refresh reports", async () => {
    const replaced = { changes: ["readyForRenewal"], replaces: ["readyForRenewal"] };
    for (const type of [SELF_SIGNED, LOCALLY_SIGNED]) {
      expect(await engine.diff(type, inputs, inputs, state(1.9))).toEqual(replaced);
      expect((await engine.read(type, state(1.9))).readyForRenewal).toBe(true);
    }
  });

  test("does nothing before the early renewal hours", async () => {
    expect(await engine.diff(SELF_SIGNED, inputs, inputs, state(2.1))).toEqual({ changes: [], replaces: [] });
    expect((await engine.read(SELF_SIGNED, state(2.1))).readyForRenewal).toBe(false);
  });

  test("updates changed early renewal hours without a new certificate", async () => {
    const before = { ...state(10), certPem: "PEM" };
    const news = { ...inputs, earlyRenewalHours: 3 };
    expect(await engine.diff(SELF_SIGNED, inputs, news, before)).toEqual({
      changes: ["earlyRenewalHours"],
      replaces: [],
    });
    for (const preview of [true, false])
      expect(await engine.update(SELF_SIGNED, before, news, preview)).toEqual({
        ...before,
        ...news,
      });
  });

  test("is due at once if the early renewal hours equal the validity", async () => {
    const { privateKeyPem } = await newKey({ algorithm: "ED25519" });
    const news = { privateKeyPem, allowedUses: [], validityPeriodHours: 2, earlyRenewalHours: 2 };
    expect((await engine.make(SELF_SIGNED, news)).state.readyForRenewal).toBe(true);
  });
});

test("replaces after a change of another input, or for an unknown one", async () => {
  const inputs = { certRequestPem: "csr", caCertPem: "ca", validityPeriodHours: 24 };
  for (const changed of [{ certRequestPem: UNKNOWN }, { validityPeriodHours: 25 }, { maxPathLength: 0 }]) {
    const [property] = Object.keys(changed);
    expect(await engine.diff(LOCALLY_SIGNED, inputs, { ...inputs, ...changed })).toEqual({
      changes: [property],
      replaces: [property],
    });
  }
});

test("rejects invalid inputs with the original plugin's messages", async () => {
  const news = {
    allowedUses: ["crl_signing", "fly"],
    validityPeriodHours: -1,
    earlyRenewalHours: -1,
    maxPathLength: -2,
  };
  const { failures } = await engine.check(SELF_SIGNED, news);
  expect(failures[0]).toMatch(/^allowedUses: value must be one of: any_extended, cert_signing, .*, got: "fly"$/);
  expect(failures.slice(1)).toEqual([
    "validityPeriodHours: value must be at least 0, got: -1",
    "earlyRenewalHours: value must be at least 0, got: -1",
    "maxPathLength: value must be at least -1, got: -2",
  ]);
});

test("fails with the cause and without the key", async () => {
  const refused = (promise: Promise<unknown>, message: string) => expect(promise).rejects.toThrow(new Error(message));
  await refused(
    authority({ algorithm: "ED25519" }, { subject: {} }),
    "Invalid Certificate Subject: Must contain at least one Distinguished Name when creating Certificate Authority (CA)",
  );
  await refused(
    authority({ algorithm: "ED25519" }, { isCaCertificate: false, setAuthorityKeyId: true }),
    "Invalid Certificate Authority: Could not determine Authority Key Identifier: set setSubjectKeyId as well",
  );
  await refused(
    authority({ algorithm: "ED25519" }, { isCaCertificate: false, maxPathLength: 1 }),
    "x509: only CAs are allowed to specify MaxPathLen",
  );
  await refused(
    authority({ algorithm: "ED25519" }, { ipAddresses: ["10.0.0.256"] }),
    'Invalid IP address: Failed to parse "10.0.0.256"',
  );
  await refused(
    signed({ ...root, ...(await newKey({ algorithm: "RSA" })) }, { algorithm: "RSA" }, {}, { allowedUses: [] }),
    "x509: provided PrivateKey doesn't match parent's PublicKey",
  );
  await expect(engine.make(REQUEST, { privateKeyPem: "hush" })).rejects.toThrow(
    /^privateKeyPem: failed to parse private key PEM: (?!.*hush)/,
  );
});
