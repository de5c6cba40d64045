// Resources from a closed network's settings, whose passwords must stay secret everywhere.
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { folder } from "../config/fixtures.ts";
import { ca, serve } from "../kube/secureServer.ts";
import { failProgram, type Recorded, runProgram, writeKubeconfig } from "./recorder.ts";

const kubeconfig = writeKubeconfig("one", "two");
const password = "hunter2";
const clusters = [
  { name: "one", kubeconfig, context: "one", proxyUrl: `http://me:${password}@proxy.example:3128` },
  { name: "two", kubeconfig, context: "two", proxyUrl: "http://proxy.example:3128" },
];
const pullSecrets = [
  { name: "there" },
  { name: "made", server: "registry.example:5000", username: "puller", password },
];
const caFile = join(folder({ "ca.pem": ca }), "ca.pem");
const secretKeys = ["clusters", "pullSecrets", "istio", "gatewayApi"];

let resources: Recorded[];
beforeAll(async () => {
  const gatewayApi = {
    source: "https://mirror.example/gateway-api.yaml",
    access: { username: "reader", password, caFile },
  };
  ({ resources } = await runProgram(
    { clusters, pullSecrets, gatewayApi, ingress: { enabled: true } },
    false,
    secretKeys,
  ));
});

const resource = (name: string, type: string) => {
  const found = resources.filter((r) => r.name === name && r.type.endsWith(type));
  expect(found, name).toHaveLength(1);
  return found[0] as Recorded;
};

/** Inputs without secrets. */
const plain = (inputs: unknown): string =>
  JSON.stringify(inputs, (_, part) => (part && typeof part === "object" && "secret" in part ? "(secret)" : part));

test("no resource contains a password in plain text", () => {
  expect(JSON.stringify(resources)).toContain(password);
  expect(resources.filter(({ inputs }) => plain(inputs).includes(password)).map(({ name }) => name)).toEqual([]);
  const encoded = Buffer.from(`puller:${password}`).toString("base64");
  expect(resources.filter(({ inputs }) => plain(inputs).includes(encoded))).toEqual([]);
});

describe("pull secrets", () => {
  test("are created in each namespace that lacks them", () => {
    const secrets = resources.filter(({ inputs }) => inputs.type === "kubernetes.io/dockerconfigjson");
    expect(secrets.map(({ name, provider }) => [name, provider])).toEqual(
      expect.arrayContaining([
        ["one-pull_made", "one"],
        ["one-sample-pull_made", "one"],
        ["two-pull_made", "two"],
        ["two-sample-pull_made", "two"],
      ]),
    );
    expect(secrets).toHaveLength(4);
    const { metadata, stringData } = resource("one-pull_made", ":Secret").inputs;
    const labels = { "app.kubernetes.io/managed-by": "csp-mesh" };
    expect(metadata).toEqual({ name: "made", namespace: "istio-system", labels });
    expect(resource("one-sample-pull_made", ":Secret").inputs.metadata).toEqual({
      name: "made",
      namespace: "sample",
      labels,
    });
    const { secret } = stringData as { secret: Record<string, string> };
    expect(JSON.parse(secret[".dockerconfigjson"] ?? "")).toEqual({
      auths: {
        "registry.example:5000": {
          username: "puller",
          password,
          auth: Buffer.from(`puller:${password}`).toString("base64"),
        },
      },
    });
  });

  test("are used by istiod, sidecars, gateways and the sample, which depend on them", () => {
    const istiod = resource("one-istiod", ":Release");
    expect(istiod.inputs.values).toMatchObject({ global: { imagePullSecrets: ["there", "made"] } });
    expect(istiod.dependencies).toContain("one-pull_made");
    for (const name of ["one-gateway-deployment", "one-ingress-deployment", "one-reviews", "one-sleep"]) {
      expect(resource(name, ":Deployment").inputs, name).toMatchObject({
        spec: { template: { spec: { imagePullSecrets: [{ name: "there" }, { name: "made" }] } } },
      });
    }
    expect(resource("one-sleep", ":Deployment").dependencies).toContain("one-sample-pull_made");
  });

  test("are absent by default", async () => {
    const { resources } = await runProgram({ clusters: clusters.map(({ proxyUrl: _, ...cluster }) => cluster) });
    expect(JSON.stringify(resources)).not.toContain("imagePullSecrets");
  });
});

test("only the remote secrets for a cluster's peers contain its proxy", () => {
  const proxyIn = (link: string, of: string) => {
    const { secret } = resource(`${link}-secret`, ":Secret").inputs.stringData as { secret: Record<string, string> };
    return parse(secret[of] ?? "").clusters[0].cluster["proxy-url"];
  };
  expect(proxyIn("one-to-two", "one")).toBe(`http://me:${password}@proxy.example:3128`);
  expect(proxyIn("two-to-one", "two")).toBe("http://proxy.example:3128");
});

test("a changed proxy is awaited like a changed address", async () => {
  const fingerprint = (resources: readonly Recorded[]) =>
    resources.find(({ name }) => name === "two-to-one-in-use")?.inputs.secret;
  const [one, two] = clusters;
  const changed = await runProgram(
    { clusters: [one, { ...two, proxyUrl: "http://other.example:3128" }] },
    false,
    secretKeys,
  );
  expect(fingerprint(resources)).toEqual(expect.anything());
  expect(fingerprint(changed.resources)).not.toEqual(fingerprint(resources));
});

test("the fingerprint of a remote secret is secret, because it would allow guessing a proxy's password", () => {
  expect(resource("one-to-two-in-use", ":RemoteSecretInUse").inputs.secret).toEqual({ secret: expect.any(String) });
});

test("the Gateway API's download gets login and CA as a secret", () => {
  const { source, awaitSeconds, download } = resource("one-gateway-api", ":GatewayApiDefinitions").inputs;
  expect({ source, awaitSeconds }).toEqual({ source: "https://mirror.example/gateway-api.yaml", awaitSeconds: 300 });
  expect(download).toEqual({ secret: { login: { username: "reader", password }, ca: ca.trim() } });
});

describe("charts with a login", () => {
  const index = {
    entries: { base: [{ version: "1.31.0", urls: ["b"] }], istiod: [{ version: "1.31.0", urls: ["i"] }] },
  };
  const login = `Basic ${Buffer.from(`reader:${password}`).toString("base64")}`;
  let kept = "";
  afterAll(() => rmSync(kept, { force: true }));

  async function run(access: object) {
    const server = await serve(({ url, headers }, response) => {
      if (headers.authorization !== login) return response.writeHead(401).end();
      response.end(url === "/index.yaml" ? JSON.stringify(index) : `chart of ${url}`);
    });
    const config = { clusters, istio: { charts: `https://${server.host}`, chartAccess: { caFile, ...access } } };
    return { server, config };
  }

  test("reach Helm as files, without the login", async () => {
    const { server, config } = await run({ username: "reader", password });
    const { resources } = await runProgram(config, false, secretKeys);
    server.close();
    const release = resources.find(({ name, type }) => name === "two-istiod" && type.endsWith(":Release"));
    const { chart, version, repositoryOpts } = (release?.inputs ?? {}) as Record<string, string>;
    kept = chart ?? "";
    expect({ version, repositoryOpts }).toEqual({ version: undefined, repositoryOpts: undefined });
    expect(chart).toMatch(/^node_modules\/\.cache\/csp-mesh\/charts\/istiod-1\.31\.0-[0-9a-f]{12}\.tgz$/);
    expect(readFileSync(kept, "utf8")).toBe("chart of /i");
  });

  test("that cannot be downloaded are reported before anything is created", async () => {
    const { server, config } = await run({ username: "reader", password: "wrong" });
    const { error, resources } = await failProgram(config, secretKeys);
    server.close();
    expect(resources).toEqual([]);
    expect((error as Error).message).toBe(
      "The config of this stack cannot be used:\n" +
        `  - istio.charts: https://${server.host}/index.yaml cannot be read (HTTP 401); see istio.charts, and istio.chartAccess for its login and CA`,
    );
  });
});
