import { expect, test } from "vitest";
import { parseConfig } from "../../../config/parse.ts";
import { makeRoot } from "../proof/authority.ts";
import { folder, kubeconfig } from "./fixtures.ts";

const { pem } = await makeRoot();
const root = folder({
  kubeconfig: kubeconfig(["one", "two"]),
  "ca.pem": `a comment\n${pem}`,
  "key.pem": "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
  "charts/base/Chart.yaml": "",
  "charts/istiod/Chart.yaml": "",
});
const [one, two] = ["one", "two"].map((name) => ({ name, kubeconfig: "kubeconfig", context: name }));

const parse = (settings: object, isSecret = () => true) =>
  parseConfig({ clusters: [one, two], ...settings }, root, { isSecret });

function problems(settings: object, isSecret?: () => boolean): string[] {
  try {
    parse(settings, isSecret);
    return [];
  } catch (error) {
    return (error as Error).message.split("\n  - ").slice(1);
  }
}

const login = { server: "registry.example:5000", username: "puller", password: "hunter2" };

test("a pull secret either exists or is created from a login", () => {
  expect(parse({}).pullSecrets).toEqual([]);
  expect(parse({ pullSecrets: [{ name: "there" }, { name: "made", ...login }] }).pullSecrets).toEqual([
    { name: "there" },
    { name: "made", login },
  ]);
});

test("charts with a login or a CA are downloaded by the program, others by Helm", () => {
  const charts = "oci://registry.example/charts";
  const chartAccess = { username: "reader", password: "hunter2", caFile: "ca.pem" };
  expect(parse({ istio: { charts, chartAccess } }).istio.chartAccess).toEqual({
    source: charts,
    access: { login: { username: "reader", password: "hunter2" }, ca: pem.trim() },
  });
  expect(parse({ istio: { charts } }).istio).toMatchObject({
    charts: { base: { chart: `${charts}/base` } },
    chartAccess: undefined,
  });
});

test("the Gateway API's CRDs may have a login or a CA", () => {
  const source = "https://mirror.example/standard-install.yaml";
  const gatewayApi = { source, access: { caFile: `${root}/ca.pem` } };
  expect(parse({ gatewayApi }).gatewayApi).toEqual({ source, access: { login: undefined, ca: pem.trim() } });
});

test.each(["http://proxy.example:3128", "https://proxy.example", "socks5://10.0.0.9:1080", "http://me:pw@p:1"])(
  "accepts %s as a cluster's proxy",
  (proxyUrl) => {
    expect(parse({ clusters: [{ ...one, proxyUrl }, two] }).clusters[0]?.proxyUrl).toBe(proxyUrl);
  },
);

const MISSING = "is missing; set server, username and password, or none of them to use an existing Secret";

test.each<[object, string[]]>([
  [
    { pullSecrets: [{ name: "Registry" }] },
    ['pullSecrets[0].name: "Registry" cannot be a Secret\'s name (lower case letters, digits, "-" and ".")'],
  ],
  [{ pullSecrets: [{ ...login }] }, ["pullSecrets[0].name: is required (string)"]],
  [
    { pullSecrets: [{ name: "a", server: "registry.example" }] },
    [`pullSecrets[0].username: ${MISSING}`, `pullSecrets[0].password: ${MISSING}`],
  ],
  [
    { pullSecrets: [{ name: "a", password: "hunter2" }] },
    [`pullSecrets[0].server: ${MISSING}`, `pullSecrets[0].username: ${MISSING}`],
  ],
  [
    { pullSecrets: [{ name: "a", ...login, server: "https://registry.example" }] },
    [
      'pullSecrets[0].server: "https://registry.example" is not a registry\'s host, such as registry.example or registry.example:5000',
    ],
  ],
  [
    { pullSecrets: [{ name: "a" }, { name: "a" }] },
    ['pullSecrets[1].name: "a" is already that of pullSecrets[0]; use one Secret for each registry'],
  ],
  [{ pullSecrets: [{ name: "a", ...login, password: 12345 }] }, ["pullSecrets[0].password: must be a string"]],
  [
    { pullSecrets: { name: "a", ...login } },
    [
      'pullSecrets: must be of type array, got {"name":"a","server":"registry.example:5000","username":"puller","password":"(pa…',
    ],
  ],
  [
    { istio: { charts: "oci://r/c", chartAccess: {} } },
    ["istio.chartAccess: is empty; give username and password, caFile, or all of them"],
  ],
  [
    { istio: { charts: "oci://r/c", chartAccess: { username: "u" } } },
    ["istio.chartAccess.password: is missing; it belongs to username"],
  ],
  [
    { istio: { charts: "oci://r/c", chartAccess: { password: "hunter2" } } },
    ["istio.chartAccess.username: is missing; it belongs to password"],
  ],
  [
    { istio: { charts: "oci://r/c", chartAccess: { caFile: "none.pem" } } },
    [`istio.chartAccess.caFile: "${root}/none.pem" cannot be read (ENOENT); give PEM or the path of a PEM file`],
  ],
  [
    { istio: { charts: "oci://r/c", chartAccess: { caFile: "key.pem" } } },
    [`istio.chartAccess.caFile: ${root}/key.pem holds no PEM certificate`],
  ],
  [
    { istio: { charts: "oci://r/c", chartAccess: { caFile: pem } } },
    ["istio.chartAccess.caFile: must be the path of a PEM file"],
  ],
  [
    { istio: { charts: "charts", chartAccess: { caFile: "ca.pem" } } },
    ['istio.chartAccess: is only for downloads, and istio.charts is "charts"'],
  ],
  [
    { istio: { charts: "oci://me:hunter2@r/c" } },
    ["istio.charts: contains a login; remove it, and set istio.chartAccess.username and password"],
  ],
  [
    { gatewayApi: { source: "https://me:hunter2@m/x.yaml" } },
    ["gatewayApi.source: contains a login; remove it, and set gatewayApi.access.username and password"],
  ],
  [
    { gatewayApi: { source: "none", access: { caFile: "ca.pem" } } },
    ['gatewayApi.access: is only for downloads, and gatewayApi.source is "none"'],
  ],
  [
    { clusters: [{ ...one, proxyUrl: "proxy:3128" }, two] },
    ['clusters[0].proxyUrl: "proxy:3128" is not a proxy\'s URL, such as http://proxy.example:3128 (or https, socks5)'],
  ],
  [
    { clusters: [{ ...one, proxyUrl: "ftp://me:hunter2@proxy" }, two] },
    [
      'clusters[0].proxyUrl: "ftp://(login)@proxy" is not a proxy\'s URL, such as http://proxy.example:3128 (or https, socks5)',
    ],
  ],
])("rejects %j", (settings, lines) => {
  expect(problems(settings)).toEqual(lines);
});

test("rejects a password in plain text, and names the command that encrypts it", () => {
  const settings = {
    clusters: [
      { ...one, proxyUrl: "http://me:hunter2@proxy:3128" },
      { ...two, proxyUrl: "http://proxy:3128" },
    ],
    pullSecrets: [{ name: "there" }, { name: "made", ...login }],
    istio: { charts: "oci://r/c", chartAccess: { username: "u", password: "hunter2" } },
    gatewayApi: { source: "https://m/x.yaml", access: { username: "u", password: "hunter2" } },
  };
  const encrypt = (path: string, what: string) =>
    `${path}: ${what} is not encrypted in the stack file; put it there by: pulumi config set --secret --path '${path}' < FILE`;
  expect(problems(settings, () => false)).toEqual([
    encrypt("clusters[0].proxyUrl", "a proxy's password"),
    encrypt("istio.chartAccess.password", "a password"),
    encrypt("gatewayApi.access.password", "a password"),
    encrypt("pullSecrets[1].password", "a password"),
  ]);
  expect(problems(settings)).toEqual([]);
});
