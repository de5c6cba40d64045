import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { parse, stringify } from "yaml";
import { folder } from "../config/fixtures.ts";
import { ca, serve } from "../kube/secureServer.ts";
import { captured } from "./runOn.ts";

const TOKEN = "a-token-that-nobody-may-see";
const ENDS = "2030-01-02T03:04:05Z";

/**
 * A folder with a stack of two clusters behind one API server, which issues tokens, or answers that the account does
 * not exist.
 */
async function stack(status = 201) {
  const asked: string[] = [];
  const server = await serve((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(status, { "content-type": "application/json" });
    response.end(
      JSON.stringify(
        status === 201
          ? { status: { token: TOKEN, expirationTimestamp: ENDS } }
          : { kind: "Status", message: "serviceaccounts not found" },
      ),
    );
  });
  onTestFinished(() => server.close());
  const url = `https://${server.host}`;
  const data = Buffer.from(ca).toString("base64");
  const root = folder({
    kubeconfig: stringify({
      clusters: ["one", "two"].map((name) => ({
        name,
        cluster: { server: url, "certificate-authority-data": data },
      })),
      users: [{ name: "admin", user: { token: "admin-token" } }],
      contexts: ["one", "two"].map((name) => ({ name, context: { cluster: name, user: "admin" } })),
    }),
    "stack.yaml": stringify({
      config: {
        "csp-mesh:clusters": ["one", "two"].map((name, index) => ({
          ...{ name, csp: "generic", kubeconfig: "kubeconfig", context: name },
          apiServer: `https://203.0.113.${index + 1}:6443`,
        })),
      },
    }),
  });
  const pulumi = () => Promise.reject(new Error("not needed"));
  const run = (...args: string[]) =>
    captured(["rights", "--config-file", "stack.yaml", "--kubeconfig", ...args], { root, pulumi });
  return { root, asked, run, url, data };
}

test("writes a kubeconfig with a context for each cluster, readable only by its owner", async () => {
  const { root, asked, run, url, data } = await stack();
  const { code, stdout, stderr } = await run("account", "--hours", "12");
  const file = join(root, "account");
  expect([code, stderr, stdout]).toEqual([
    0,
    "",
    ["one", "two"].map((name) => `${file}: context ${name}, token until ${ENDS}\n`).join(""),
  ]);
  expect(asked).toEqual(Array(2).fill("POST /api/v1/namespaces/kube-system/serviceaccounts/csp-mesh/token"));
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const text = readFileSync(file, "utf8");
  expect(text).toContain(`# two: its token expires at ${ENDS}\n`);
  expect(parse(text)).toEqual({
    apiVersion: "v1",
    kind: "Config",
    clusters: ["one", "two"].map((name) => ({ name, cluster: { server: url, "certificate-authority-data": data } })),
    users: ["one", "two"].map((name) => ({ name: `csp-mesh-${name}`, user: { token: TOKEN } })),
    contexts: ["one", "two"].map((name) => ({ name, context: { cluster: name, user: `csp-mesh-${name}` } })),
    "current-context": "one",
  });
  // A second run, for a new token, keeps the file and its permissions.
  expect((await run("account", "--cluster", "two")).code).toBe(0);
  expect(parse(readFileSync(file, "utf8")).contexts).toHaveLength(1);
});

test("does not overwrite another file, and contacts no cluster", async () => {
  const { root, asked, run } = await stack();
  writeFileSync(join(root, "mine"), "mine");
  const { code, stderr } = await run("mine");
  expect([code, stderr]).toEqual([2, expect.stringContaining("was not written by this command")]);
  expect(asked).toEqual([]);
});

test("names the command that creates a missing account", async () => {
  const { run } = await stack(404);
  const { code, stderr } = await run("account");
  expect(code).toBe(2);
  expect(stderr).toContain("two: ServiceAccount csp-mesh in kube-system does not exist");
  expect(stderr).toContain("kubectl --context 'two' -n kube-system create serviceaccount csp-mesh");
});
