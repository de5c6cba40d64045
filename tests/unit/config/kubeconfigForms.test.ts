// Tests the program against the table in docs/kubeconfigs.md, with a server that reports how it identified the client.
// tests/e2e/probe.test.ts tests kubectl against a real server.
import { createServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { createServer as createTlsServer, type TLSSocket } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { authority } from "../../../lab/pki.ts";
import { startConnectProxy } from "../../connectProxy.ts";
import { type Form, type Given, withCluster } from "../../kubeconfigForms/form.ts";
import { FORMS } from "../../kubeconfigForms/table.ts";
import { byProgram, verdictOf, write } from "../../kubeconfigForms/verdicts.ts";
import { startSocksProxy } from "../../socksProxy.ts";
import { folder } from "./fixtures.ts";

/** A TLS proxy whose certificate is verified like the API server's. */
async function startTlsProxy(certificate: { certPem: string; keyPem: string }, behind: number) {
  const server = createTlsServer({ cert: certificate.certPem, key: certificate.keyPem }, (socket) => {
    const onward = connect(behind, "127.0.0.1");
    socket.on("error", () => onward.destroy()).pipe(onward);
    onward.on("error", () => socket.destroy()).pipe(socket);
  }).on("tlsClientError", () => {});
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  closing.push(server);
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const TOKEN = "the-token-of-the-account";
const UNVERIFIED = { "certificate-authority-data": "", "insecure-skip-tls-verify": true };
const closing: { close(): void }[] = [];
let given: Given;
let proxies: { trusted: string; stranger: string; count(): number };

beforeAll(async () => {
  const issuer = await authority("a-ca");
  const [own, server, other] = await Promise.all([
    issuer.issue({ commonName: "me" }),
    issuer.issue({ commonName: "server", hosts: ["127.0.0.1", "server.test"] }),
    issuer.issue({ commonName: "other" }),
  ]);
  const options = { cert: server.certPem, key: server.keyPem, ca: issuer.certPem, requestCert: true };
  const listening = createServer({ ...options, rejectUnauthorized: false }, ({ headers, socket }, response) => {
    const { subject } = (socket as TLSSocket).getPeerCertificate();
    const username =
      headers["impersonate-user"] ??
      (subject?.CN as string | undefined) ??
      (headers.authorization === `Bearer ${TOKEN}` ? "account" : undefined);
    response.statusCode = username === undefined ? 401 : 201;
    response.end(JSON.stringify({ status: { userInfo: { username } } }));
  });
  await new Promise<void>((done) => listening.listen(0, "127.0.0.1", done));
  const host = `127.0.0.1:${(listening.address() as AddressInfo).port}`;
  const [proxy, socks] = await Promise.all([startConnectProxy("127.0.0.1", { [host]: host }), startSocksProxy()]);
  closing.push(listening, proxy, socks);
  const elsewhere = await authority("another-ca");
  proxies = {
    trusted: await startTlsProxy(server, proxy.port),
    stranger: await startTlsProxy(await elsewhere.issue({ commonName: "p", hosts: ["127.0.0.1"] }), proxy.port),
    count: () => proxy.tunnels.length,
  };
  given = {
    server: `https://${host}`,
    ca: issuer.certPem,
    serverCert: server.certPem,
    serverName: "server.test",
    cert: own.certPem,
    key: own.keyPem,
    otherKey: other.keyPem,
    token: TOKEN,
    httpProxy: `http://127.0.0.1:${proxy.port}`,
    socksProxy: `socks5://127.0.0.1:${socks.port}`,
  };
});
afterAll(() => {
  for (const each of closing) each.close();
});

/** Depends on `SSL_CERT_FILE`, which Node reads once per process. */
const isPublic = ({ isPublic }: { readonly isPublic?: true }) => isPublic === true;
/** The test server is on this machine, where the program accepts http://. */
const isElsewhere = ({ form }: { readonly form: string }) => form.includes("not on this machine");

test.each(
  Object.values(FORMS)
    .flat()
    .filter((form) => !isPublic(form) && !isElsewhere(form))
    .map((form) => [form.form, form] as const),
)("handles %s", async (_, form) => {
  const found = await byProgram(write(join(folder(), "form"), form, given));
  const verdict = verdictOf(found, { me: "certificate", account: "token", jane: "jane" });
  expect(`${verdict} ${found.said}`).toMatch(new RegExp(`^${form.program ?? form.kubectl}\\b`));
  for (const secret of [given.token, "secret", "BEGIN"]) expect(found.said).not.toContain(secret);
});

test.each([
  ["accepts a proxy with a certificate of the cluster's CA", "trusted", {}, "certificate"],
  ["accepts a proxy of another CA without verification", "stranger", UNVERIFIED, "certificate"],
  ["rejects a proxy of another CA", "stranger", {}, "refused"],
] as const)("proxy-url https://: %s, like kubectl", async (_, which, more, expected) => {
  const before = proxies.count();
  const cluster = { ...more, "proxy-url": proxies[which] };
  const form: Form = { form: which, config: withCluster(() => cluster), kubectl: expected };
  const found = await byProgram(write(join(folder(), "form"), form, given));
  expect(`${verdictOf(found, { me: "certificate" })} ${found.said}`).toMatch(new RegExp(`^${expected}\\b`));
  expect(proxies.count() - before).toBe(expected === "refused" ? 0 : 1);
});
