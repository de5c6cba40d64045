// Downloads are compared with their digests before anything is created.
import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { folder } from "../config/fixtures.ts";
import { ca, type SecureServer, serve } from "../kube/secureServer.ts";
import { failProgram, runProgram, writeKubeconfig } from "./recorder.ts";

const kubeconfig = writeKubeconfig("one", "two");
const clusters = ["one", "two"].map((name) => ({ name, kubeconfig, context: name }));
const sha256 = (body: string | Buffer) => createHash("sha256").update(body).digest("hex");
const files = folder({ "ca.pem": ca, "install.yaml": "kind: A", "folder/a.yaml": "", "istiod-1.31.0.tgz": "i" });
const caFile = join(files, "ca.pem");
const OTHER = "0".repeat(64);

const servers: SecureServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});
async function start(bodies: Record<string, string | Buffer>): Promise<string> {
  const server = await serve(({ url = "" }, response) => response.end(bodies[url]));
  servers.push(server);
  return `https://${server.host}`;
}

async function problems(config: object): Promise<string[]> {
  const { error, resources } = await failProgram({ clusters, ...config });
  expect(resources).toEqual([]);
  return (error as Error).message.split("\n  - ").slice(1);
}
const differs = (what: string, body: string | Buffer) =>
  expect.stringContaining(`${what} has the SHA-256 ${sha256(body)}, not ${OTHER}; correct the digest`);

describe("manifests", () => {
  test("with the right digest are passed to the provider, which compares the digest again", async () => {
    const host = await start({ "/g": "gateways", "/m": "metrics" });
    const access = { caFile };
    const { resources } = await runProgram({
      clusters,
      gatewayApi: { source: `${host}/g`, access, sha256: `sha256:${sha256("gateways").toUpperCase()}` },
      metricsServer: { source: join(files, "install.yaml"), sha256: sha256("kind: A") },
    });
    const inputs = (name: string) => resources.find((resource) => resource.name === name)?.inputs;
    expect(inputs("one-gateway-api")).toMatchObject({ sha256: sha256("gateways") });
    expect(inputs("one-metrics-server")).toMatchObject({ sha256: sha256("kind: A") });
  });

  test("with a wrong digest are rejected, all at once, with both digests", async () => {
    const host = await start({ "/g": "gateways", "/m": "metrics" });
    const of = (path: string) => ({ source: `${host}${path}`, access: { caFile }, sha256: OTHER });
    expect(await problems({ gatewayApi: of("/g"), metricsServer: of("/m") })).toEqual([
      differs(`gatewayApi.sha256: ${host}/g`, "gateways"),
      differs(`metricsServer.sha256: ${host}/m`, "metrics"),
    ]);
  });

  test('may be files, but neither folders nor "none"', async () => {
    const of = (source: string, sha256 = OTHER) => ({ gatewayApi: { source, sha256 } });
    const file = join(files, "install.yaml");
    expect(await problems(of(file))).toEqual([differs(`gatewayApi.sha256: ${file}`, "kind: A")]);
    expect(await problems(of(join(files, "folder")))).toEqual([
      expect.stringContaining("is only for a single file, and"),
    ]);
    expect(await problems(of("none"))).toEqual([
      'gatewayApi.sha256: is only for a source that is read, and source is "none"',
    ]);
    expect(await problems(of("none", "abc"))).toEqual([
      'gatewayApi.sha256: "abc" is not a SHA-256 (64 hexadecimal digits, as sha256sum prints them)',
    ]);
  });
});

describe("charts", () => {
  const [base, istiod] = [gzipSync("base"), gzipSync("istiod")];
  const index = (archive: string) =>
    JSON.stringify({
      entries: { base: [{ version: "1.31.0", urls: ["b"] }], istiod: [{ version: "1.31.0", urls: [archive] }] },
    });
  const bodies = { "/index.yaml": index("i"), "/b": base, "/i": istiod };
  const istio = (charts: string, chartDigests?: object) => ({
    istio: { charts, chartAccess: { caFile }, chartDigests },
  });

  test("with the right digests are downloaded by the program", async () => {
    const host = await start(bodies);
    const digests = { base: sha256(base), istiod: sha256(istiod) };
    const { resources } = await runProgram({ clusters, ...istio(host, digests) });
    const { chart } =
      resources.find(({ name, type }) => name === "one-istiod" && type.endsWith(":Release"))?.inputs ?? {};
    expect(chart).toMatch(new RegExp(`istiod-1.31.0-${sha256(istiod).slice(0, 12)}.tgz$`));
    rmSync(String(chart));
  });

  test("with a wrong digest are rejected with both digests", async () => {
    const host = await start(bodies);
    expect(await problems(istio(host, { base: sha256(base), istiod: OTHER }))).toEqual([
      differs(`istio.charts: ${host}/istiod 1.31.0`, istiod),
    ]);
  });

  test("in a folder are compared only if they are packed", async () => {
    const charts = folder({ "base/Chart.yaml": "", "istiod-1.31.0.tgz": "i" });
    const found = await problems({ istio: { charts, chartDigests: { base: OTHER, istiod: OTHER } } });
    expect(found).toEqual([
      `istio.chartDigests.base: "${charts}/base" is not a packed chart, and only packed charts have a digest; remove it`,
      differs(`istio.chartDigests.istiod: ${charts}/istiod-1.31.0.tgz`, "i"),
    ]);
  });

  test("that exceed 100 MiB unpacked are rejected", async () => {
    const host = await start({ ...bodies, "/b": gzipSync(Buffer.alloc(101 * 2 ** 20)) });
    expect(await problems(istio(host))).toEqual([
      `istio.charts: ${host}/base 1.31.0 has more than 100 MiB unpacked, more than any chart of Istio`,
    ]);
  });
});
