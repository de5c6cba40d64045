// For any stack file, the config is either accepted, or rejected with an error that names the field. Parsing never
// crashes, and a rejected config creates nothing.
import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadConfig } from "../../../config/load.ts";
import { fields } from "../../../config/reference.ts";
import { failProgram, watchRegistrations } from "../program/recorder.ts";
import { folder, kubeconfig } from "./fixtures.ts";

const root = folder({ kubeconfig: kubeconfig(["one", "two"]) });
const valid = () => ({
  clusters: ["one", "two"].map((name) => ({
    name,
    network: name,
    state: "present",
    csp: "generic",
    kubeconfig: `${root}/kubeconfig`,
    context: name,
    apiServer: `https://${name}`,
    proxyUrl: "http://p",
    storageClass: { name: "s", provisioner: "p", parameters: { type: "t" }, allowVolumeExpansion: true },
  })),
  istio: {
    version: "1.29.1",
    allowUnsupported: false,
    charts: "https://charts.example",
    hub: "h",
    tag: "t",
    meshId: "m",
    trustDomain: "d",
    values: { base: {}, istiod: {} },
  },
  gatewayApi: { source: "https://g", access: { username: "u", password: "hunter2" } },
  metricsServer: { source: "https://m", kubeletInsecureTls: true, registry: "r" },
  vmAccount: {
    name: "a",
    hosts: [
      { host: "h", port: 9, user: "u", password: "hunter2", hostKey: `ssh-ed25519 ${"A".repeat(68)}`, holdsKey: true },
    ],
    rsaBits: 2048,
  },
  pullSecrets: [{ name: "s", server: "r", username: "u", password: "hunter2" }],
  ca: {
    source: "generated",
    algorithm: "RSA",
    rsaBits: 2048,
    organization: "O",
    rootValidityHours: 9,
    intermediateValidityHours: 9,
    rootPathLength: 1,
    intermediatePathLength: 0,
    protect: false,
  },
  sample: {
    enabled: true,
    namespace: "sample",
    images: { "reviews-v1": "a", "reviews-v2": "b", "reviews-v3": "c", curl: "d" },
  },
  preflight: { enabled: true, probe: true },
  awaitSeconds: 9,
});

type Key = string | number;
type Tree = Record<Key, unknown>;

/** The path of every node of a config, from its top-level keys to its leaves. */
function places(tree: unknown, path: readonly Key[] = []): Key[][] {
  if (typeof tree !== "object" || tree === null) return [[...path]];
  const inner = Object.entries(tree).flatMap(([key, part]) =>
    places(part, [...path, Array.isArray(tree) ? Number(key) : key]),
  );
  return path.length === 0 ? inner : [[...path], ...inner];
}

function put(tree: unknown, [key, ...rest]: readonly Key[], value: unknown): void {
  if (key === undefined || typeof tree !== "object" || tree === null) return;
  if (rest.length > 0) put((tree as Tree)[key], rest, value);
  else Object.defineProperty(tree, key, { value, enumerable: true, configurable: true, writable: true });
}

const junk = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    "",
    "\0",
    "\n",
    "-----BEGIN PRIVATE KEY-----\nhunter2\n",
    { name: "s", password: "hunter2" },
    "apiVersion: v1\nusers: [token: hunter2",
    "~",
    "/",
    "__proto__",
    "intermediates",
    "root",
    "gone",
    null,
    -1,
    0.5,
    1e308,
    [],
    {},
    { source: "root" },
    { stack: "s" },
    { stack: "s", output: "" },
  ),
);
const extra = fc.constantFrom("name", "extra", "__proto__", "constructor", "toString", "", "0");
const change = fc.tuple(fc.constantFrom(...places(valid())), fc.option(extra), junk);
const configs = fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => {
  const config: Tree = valid();
  for (const [path, key, value] of changes) put(config, key === null ? path : [...path, key], structuredClone(value));
  return config;
});

const setConfig = (config: Tree) =>
  pulumi.runtime.setAllConfig(
    Object.fromEntries(Object.entries(config).map(([key, value]) => [`csp-mesh:${key}`, JSON.stringify(value)])),
    // Passwords are encrypted, because plain-text keys and kubeconfigs would cause further errors.
    ["csp-mesh:gatewayApi", "csp-mesh:pullSecrets", "csp-mesh:vmAccount"],
  );

const KEYS = [...new Set(fields().map(({ path }) => path.split(/[.[( ]/)[0]))].join("|");
const LINE = new RegExp(`^  - ((${KEYS})\\b.*?: .+|unknown key .+)`, "s");

function expectGoodMessage(error: unknown): void {
  expect(pulumi.RunError.isInstance(error), String(error)).toBe(true);
  const { message } = error as Error;
  expect(message).not.toContain("hunter2");
  const [head, ...lines] = message.split(/\n(?= {2}- )/);
  expect(head).toBe("The config of this stack cannot be used:");
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) expect(line).toMatch(LINE);
}

let registrations: string[];
beforeAll(async () => {
  registrations = await watchRegistrations();
});
afterAll(() => pulumi.runtime.disconnect());

test("10,000 configs are accepted, or rejected with the path of each invalid field", async () => {
  const count = { taken: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(configs, async (config) => {
      setConfig(config);
      try {
        expect((await loadConfig()).clusters.length).toBeGreaterThan(0);
        count.taken++;
      } catch (error) {
        expectGoodMessage(error);
        expect(registrations).toEqual([]);
        count.refused++;
      }
      // The config may contain a valid stack reference, but the mocks have no such stack.
      registrations.length = 0;
    }),
    { numRuns: 10_000 },
  );
  // Both outcomes must be frequent for the test to be meaningful.
  expect(count.taken).toBeGreaterThan(100);
  expect(count.refused).toBeGreaterThan(5_000);
}, 300_000);

const BOOLEANS = [
  "enabled",
  "protect",
  "allowVolumeExpansion",
  "kubeletInsecureTls",
  "holdsKey",
  "allowUnsupported",
  "probe",
];

test("the error names the invalid field", () => {
  const bad = fc.constantFrom(...places(valid()).filter((path) => path.length > 1));
  return fc.assert(
    fc.asyncProperty(bad, async (path) => {
      const config = valid();
      const [last] = path.slice(-1);
      put(config, path, BOOLEANS.includes(String(last)) ? "yes" : false);
      setConfig(config);
      const text = path
        .map((key, depth) => (typeof key === "number" ? `[${key}]` : depth === 0 ? key : `.${key}`))
        .join("");
      await expect(loadConfig()).rejects.toThrow(`  - ${text}: `);
    }),
    { numRuns: 300 },
  );
});

test("the program creates nothing with an invalid config", async () => {
  for (const config of fc.sample(configs, { numRuns: 40, seed: 4 })) {
    setConfig(config);
    const refused = await loadConfig().then(
      () => false,
      () => true,
    );
    if (!refused) continue;
    const { error, resources } = await failProgram(config);
    expectGoodMessage(error);
    expect(resources).toEqual([]);
  }
}, 120_000);
