import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { exemptFromProxies, shellExemption, withoutProxies } from "../../../lab/proxies.ts";
import { labSpec } from "../../../lab/spec.ts";
import { proxyFor } from "../../../net/proxy.ts";

const { range, clusters } = labSpec({ slot: 0, clusters: 2, dir: "/lab" });
const proxy = "http://proxy.example:3128";

/** The proxies used for the API server of each cluster. */
const ways = (environment: NodeJS.ProcessEnv) =>
  clusters.map(({ nodeIp }) => proxyFor(new URL(`https://${nodeIp}:6443`), environment));

test("removes all proxy variables from a machine's environment, in both spellings", () => {
  const settings = { HTTPS_PROXY: proxy, https_proxy: proxy, HTTP_PROXY: proxy, http_proxy: proxy, all_proxy: proxy };
  expect(withoutProxies({ ...settings, ALL_PROXY: proxy, NO_PROXY: "a", no_proxy: "a", PATH: "/bin" })).toEqual({
    PATH: "/bin",
  });
});

test.each<[string, NodeJS.ProcessEnv, NodeJS.ProcessEnv]>([
  ["no exemption", {}, { NO_PROXY: range, no_proxy: range }],
  ["NO_PROXY", { NO_PROXY: "a.example" }, { NO_PROXY: `a.example,${range}`, no_proxy: `a.example,${range}` }],
  ["no_proxy", { no_proxy: "a.example" }, { NO_PROXY: `a.example,${range}`, no_proxy: `a.example,${range}` }],
  ["both variables", { NO_PROXY: "a", no_proxy: "b," }, { NO_PROXY: `a,${range}`, no_proxy: `b,${range}` }],
  ["the lab's own range", { NO_PROXY: range, no_proxy: range }, { NO_PROXY: range, no_proxy: range }],
])("exempts the lab's network in addition to %s, and keeps the proxy for downloads", (_, exempt, expected) => {
  const environment: NodeJS.ProcessEnv = { https_proxy: proxy, ...exempt };
  exemptFromProxies(range, environment);
  expect(environment).toEqual({ https_proxy: proxy, ...expected });
  expect(ways(environment)).toEqual([undefined, undefined]);
  expect(proxyFor(new URL("https://dl.k8s.io"), environment)).toBe(proxy);
});

test("changes nothing without a proxy", () => {
  const environment = { HTTPS_PROXY: "", PATH: "/bin" };
  exemptFromProxies(range, environment);
  expect(environment).toEqual({ HTTPS_PROXY: "", PATH: "/bin" });
});

test.each([{}, { NO_PROXY: "a.example" }, { no_proxy: "a.example" }])(
  "exempts the lab's network in a shell with %j",
  (exempt) => {
    const dir = mkdtempSync(join(tmpdir(), "proxies-"));
    onTestFinished(() => rmSync(dir, { recursive: true }));
    const file = join(dir, "env");
    writeFileSync(file, shellExemption(range));
    const print = `set -eu; . ${file}; ${process.execPath} -p 'JSON.stringify(process.env)'`;
    const environment = JSON.parse(
      execFileSync("sh", ["-c", print], { env: { HTTPS_PROXY: proxy, ...exempt }, encoding: "utf8" }),
    );
    expect(ways(environment)).toEqual([undefined, undefined]);
    expect(proxyFor(new URL("https://dl.k8s.io"), environment)).toBe(proxy);
    for (const entry of Object.values(exempt))
      expect([environment.NO_PROXY, environment.no_proxy]).toEqual([`${entry},${range}`, `${entry},${range}`]);
  },
);
