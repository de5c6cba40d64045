// Downloads charts from registries and repositories with a login, over real HTTPS with a private CA.
import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { afterEach, describe, expect, test, vi } from "vitest";
import { fetchChart } from "../../../net/chart.ts";
import { startConnectProxy } from "../../connectProxy.ts";
import { ca, type SecureServer, serve } from "../kube/secureServer.ts";

const archive = Buffer.from("a packed chart");
const digest = createHash("sha256").update(archive).digest("hex");
const login = { username: "reader", password: "pass:word" };
const basic = `Basic ${Buffer.from("reader:pass:word").toString("base64")}`;

const closing: { close(): void }[] = [];
afterEach(() => {
  vi.unstubAllEnvs();
  for (const server of closing.splice(0)) server.close();
});

interface Seen {
  readonly path: string;
  readonly authorization: string | undefined;
}

/** A server with answers by path, and its received requests. */
async function start(
  answers: (seen: Seen, response: ServerResponse) => string | Buffer | undefined,
): Promise<SecureServer & { seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = await serve(({ url = "", headers }: IncomingMessage, response) => {
    const asked = { path: url, authorization: headers.authorization };
    seen.push(asked);
    const body = answers(asked, response);
    if (body === undefined && response.statusCode === 200) response.statusCode = 404;
    response.end(body);
  });
  closing.push(server);
  return Object.assign(server, { seen });
}

const manifest = (mediaType: string, of = digest) =>
  JSON.stringify({ layers: [{ mediaType, digest: `sha256:${of}` }] });
const CHART = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";

/** A registry that requires this authorization, and sends this challenge. */
const registry = (wanted: string, challenge: () => string, layer = manifest(CHART)) =>
  start(({ path, authorization }, response) => {
    if (path.startsWith("/token")) return authorization === basic ? '{"token":"granted"}' : refuse(response, 401);
    if (authorization !== wanted) {
      response.setHeader("WWW-Authenticate", challenge());
      return refuse(response, 401);
    }
    if (path === "/v2/team/charts/istiod/manifests/1.29.1_fips") return layer;
    return path === `/v2/team/charts/istiod/blobs/sha256:${digest}` ? archive : undefined;
  });

function refuse(response: ServerResponse, status: number): undefined {
  response.statusCode = status;
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => "no error",
    (error: Error) => error.message,
  );

describe("a registry", () => {
  const pull = (host: string, access: object) =>
    fetchChart(`oci://${host}/team/charts/`, "istiod", "1.29.1+fips", { ca, ...access });

  test("with basic authentication serves the chart", async () => {
    const { host, seen } = await registry(basic, () => 'Basic realm="lab"');
    expect(await pull(host, { login })).toEqual(archive);
    // Credentials are only sent after a challenge.
    expect(seen[0]?.authorization).toBeUndefined();
  });

  test("with a token service serves the chart for a token", async () => {
    const server = await registry(
      "Bearer granted",
      () => `Bearer realm="https://${server.host}/token",service="reg",scope="repository:team/charts/istiod:pull"`,
    );
    expect(await pull(server.host, { login })).toEqual(archive);
    expect(server.seen[1]).toEqual({
      path: "/token?service=reg&scope=repository%3Ateam%2Fcharts%2Fistiod%3Apull",
      authorization: basic,
    });
  });

  test("does not leak the password to a host to which a blob is redirected", async () => {
    const store = await start(() => archive);
    const { host } = await start(({ path, authorization }, response) => {
      if (authorization !== basic) return refuse(response, 401);
      if (path.includes("manifests")) return manifest(CHART);
      response.setHeader("Location", `https://${store.host}/blob`);
      return refuse(response, 307);
    });
    expect(await pull(host, { login })).toEqual(archive);
    expect(store.seen).toEqual([{ path: "/blob", authorization: undefined }]);
  });

  test.each([
    ["a wrong password", { login: { ...login, password: "hunter2" } }, "HTTP 401"],
    ["no login", {}, "HTTP 401"],
    ["no CA", { login, ca: undefined }, "unable to verify the first certificate"],
  ])("rejects %s, and the message names the settings to check", async (_, access, why) => {
    const { host } = await registry(basic, () => 'Basic realm="lab"');
    expect(await failure(pull(host, access))).toBe(
      `oci://${host}/team/charts/istiod:1.29.1_fips cannot be read (${why}); see istio.charts, and istio.chartAccess for its login and CA`,
    );
  });

  test("whose token service rejects the login: the error names the token service", async () => {
    const server = await registry("Bearer granted", () => `Bearer realm="https://${server.host}/token"`);
    expect(await failure(pull(server.host, { login: { ...login, username: "x" } }))).toContain(
      `(HTTP 401 from https://${server.host}, which grants its tokens)`,
    );
  });

  test("with a container image under the chart's name: the error says that it is not a Helm chart", async () => {
    const image = manifest("application/vnd.oci.image.layer.v1.tar+gzip");
    const { host } = await registry(basic, () => "Basic", image);
    expect(await failure(pull(host, { login }))).toBe(
      `oci://${host}/team/charts/istiod:1.29.1_fips is not a Helm chart; push one by: helm push`,
    );
  });

  test("whose blob differs from its digest is rejected", async () => {
    const other = "0".repeat(64);
    const { host } = await start(({ path }) => (path.includes("manifests") ? manifest(CHART, other) : archive));
    expect(await failure(pull(host, {}))).toContain("does not match its digest 000000000000…");
  });

  test("is reached through the proxy from the environment", async () => {
    const { host } = await registry(basic, () => "Basic");
    const name = `server.test:${host.split(":")[1]}`;
    const proxy = await startConnectProxy("127.0.0.1", { [name]: host });
    closing.push(proxy);
    vi.stubEnv("HTTPS_PROXY", `http://127.0.0.1:${proxy.port}`);
    expect(await pull(name, { login })).toEqual(archive);
    expect(new Set(proxy.tunnels.map(({ to }) => to))).toEqual(new Set([name]));
    vi.stubEnv("NO_PROXY", "server.test");
    expect(await failure(pull(name, { login }))).toContain("ENOTFOUND");
  });
});

describe("a repository", () => {
  const find = (host: string, version = "1.29.1") =>
    fetchChart(`https://${host}/charts`, "istiod", version, { ca, login });
  const index = (url: string, of: string | undefined) =>
    JSON.stringify({ entries: { istiod: [{ version: "1.29.1", urls: [url], ...(of && { digest: of }) }] } });
  const repository = (url: string, of: string | undefined) =>
    start(({ path, authorization }, response) => {
      if (authorization !== basic) return refuse(response, 401);
      if (path === "/charts/index.yaml") return index(url, of);
      return path === "/charts/istiod-1.29.1.tgz" ? archive : undefined;
    });

  test.each([digest, undefined])("serves the chart in its index, with the digest %s", async (of) => {
    const { host } = await repository("istiod-1.29.1.tgz", of);
    expect(await find(host)).toEqual(archive);
  });

  test("does not leak the password to another host of an archive", async () => {
    const store = await start(() => archive);
    const { host } = await repository(`https://${store.host}/istiod.tgz`, digest);
    expect(await find(host)).toEqual(archive);
    expect(store.seen).toEqual([{ path: "/istiod.tgz", authorization: undefined }]);
  });

  test("rejects a missing version and a changed archive", async () => {
    const { host } = await repository("istiod-1.29.1.tgz", "f".repeat(64));
    expect(await failure(find(host, "1.28.0"))).toBe(`https://${host}/charts has no chart istiod of version 1.28.0`);
    expect(await failure(find(host))).toContain("does not match its digest ffffffffffff…");
  });

  test("is never contacted over plain HTTP, not even after a redirect", async () => {
    const { host } = await start((_, response) => {
      response.setHeader("Location", "http://127.0.0.1:9/index.yaml");
      return refuse(response, 302);
    });
    expect(await failure(find(host))).toBe(
      `https://${host}/charts/index.yaml cannot be read (http:// is not encrypted); see istio.charts, and istio.chartAccess for its login and CA`,
    );
  });
});
