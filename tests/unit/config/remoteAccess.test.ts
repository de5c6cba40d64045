import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { remoteKubeconfig } from "../../../components/remoteSecret.ts";
import { parseConfig } from "../../../config/parse.ts";
import { makeRoot } from "../proof/authority.ts";
import { folder, kubeconfig } from "./fixtures.ts";

const { pem } = await makeRoot();
const broken = pem.replace(/[A-Za-z]{8}\n/, "AAAAAAAA\n").replace(/^M/m, "A");
const root = folder({
  kubeconfig: kubeconfig(["one", "two"]),
  "ca.pem": `a comment\n${pem}`,
  "base64.pem": Buffer.from(pem).toString("base64"),
  "key.pem": "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
});
const two = { name: "two", kubeconfig: "kubeconfig", context: "two" };

function first(settings: Record<string, unknown>) {
  const one = { name: "one", kubeconfig: "kubeconfig", context: "one", ...settings };
  return parseConfig({ clusters: [one, two] }, root).clusters[0];
}

test.each([
  ["a byte order mark", (text: string) => `\ufeff${text}`],
  ["line ends of Windows", (text: string) => text.replaceAll("\n", "\r\n")],
  ["line ends of old Macs", (text: string) => text.replaceAll("\n", "\r")],
  ["indented lines", (text: string) => text.replaceAll(/^/gm, "    ")],
  [
    "all of these, in base64",
    (text: string) => Buffer.from(`\ufeff${text.replaceAll("\n", "\r\n  ")}`).toString("base64"),
  ],
])("accepts PEM with %s", (_, change) => {
  const plain = (text = "") => text.replaceAll("\r", "");
  expect(plain(first({ caBundle: change(pem) })?.caBundle)).toBe(pem.trim());
  writeFileSync(join(root, "changed.pem"), change(pem));
  expect(plain(first({ caBundle: "changed.pem" })?.caBundle)).toBe(pem.trim());
});

test("accepts a peer's CA as PEM text or as the path of a PEM file", () => {
  expect(first({ caBundle: "ca.pem" })?.caBundle).toBe(pem.trim());
  expect(first({ caBundle: pem + pem })?.caBundle).toBe(`${pem.trim()}\n${pem.trim()}`);
  expect(first({})).not.toHaveProperty("caBundle");
});

test("accepts base64 of PEM, as in a kubeconfig or a Secret", () => {
  const encoded = Buffer.from(pem).toString("base64");
  expect(first({ caBundle: encoded })?.caBundle).toBe(pem.trim());
  expect(first({ caBundle: encoded.replaceAll(/.{76}/g, "$&\n") })?.caBundle).toBe(pem.trim());
  expect(first({ caBundle: "base64.pem" })?.caBundle).toBe(pem.trim());
  expect(() => first({ caBundle: Buffer.from("-----BEGIN KEY-----").toString("base64") })).toThrow(
    "caBundle: the text holds no PEM certificate",
  );
});

test("omits the CA from a remote secret if it is public", () => {
  expect(first({ caBundle: "public" })?.caBundle).toBe("public");
  const remote = { clusterName: "one", server: "https://one.example", token: "t" };
  expect(parse(remoteKubeconfig(remote)).clusters).toEqual([
    { name: "one", cluster: { server: "https://one.example" } },
  ]);
});

test("accepts a TLS server name for an address, and a generation for the token", () => {
  const settings = { apiServer: "https://203.0.113.7:6443", tlsServerName: "api.internal", tokenGeneration: 3 };
  expect(first(settings)).toMatchObject({
    server: "https://203.0.113.7:6443",
    tlsServerName: "api.internal",
    tokenGeneration: 3,
  });
});

test.each([
  [
    { tlsServerName: "api.internal" },
    'tlsServerName: needs "apiServer", an address that serves a certificate with that name',
  ],
  [
    { apiServer: "https://one", tlsServerName: "https://one" },
    'tlsServerName: "https://one" is not a hostname, such as kubernetes.default.svc',
  ],
  [
    { apiServer: "https://me:secret@one.example" },
    "apiServer: must not have a login, a query or a fragment; the other clusters authenticate with a token",
  ],
  [
    { apiServer: "https://one.example?a=b" },
    "apiServer: must not have a login, a query or a fragment; the other clusters authenticate with a token",
  ],
  [
    { apiServer: "https://one.example#a" },
    "apiServer: must not have a login, a query or a fragment; the other clusters authenticate with a token",
  ],
  [{ tokenGeneration: 0 }, "tokenGeneration: must be more than 0, got 0"],
  [
    { caBundle: "none.pem" },
    `caBundle: "${root}/none.pem" cannot be read (ENOENT); give PEM or the path of a PEM file`,
  ],
  [{ caBundle: "key.pem" }, `caBundle: ${root}/key.pem holds no PEM certificate`],
  [{ caBundle: pem + broken }, "caBundle: certificate 2 of the text cannot be parsed"],
])("rejects %j", (settings, line) => {
  expect(() => first(settings)).toThrow(new Error(`The config of this stack cannot be used:\n  - clusters[0].${line}`));
});
