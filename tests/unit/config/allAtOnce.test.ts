// One run reports all errors in a config, and no consequential ones.
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseConfig } from "../../../config/parse.ts";
import { folder, kubeconfig } from "./fixtures.ts";
import { certificate } from "./openssl.ts";

const root = folder({ kubeconfig: kubeconfig(["one", "two"]) });

const good = () => ({
  clusters: [
    { name: "one", kubeconfig: "kubeconfig", context: "one" },
    { name: "two", kubeconfig: "kubeconfig", context: "two" },
  ] as [Entry, Entry],
});
type Entry = Record<string, unknown>;
type Raw = Record<string, unknown> & { clusters: [Entry, Entry] };

/** An edit that makes the config invalid, and the beginnings of the expected lines. */
type Mistake = readonly [make: (raw: Raw) => void, ...lines: string[]];

const mistakes: readonly Mistake[] = [
  [({ clusters }) => Object.assign(clusters[0], { csp: "eks" }), "clusters[0].csp: must be one of"],
  [
    ({ clusters }) => Object.assign(clusters[1], { name: "one" }),
    'clusters[1].name: "one" is already that of clusters[0]',
    'clusters[1].network: "one" is already that of clusters[0]',
  ],
  [({ clusters }) => Object.assign(clusters[1], { kubeconfig: "./gone" }), 'clusters[1]: "'],
  [({ clusters }) => Object.assign(clusters[0], { caBundle: "./gone.pem" }), "clusters[0].caBundle: "],
  [
    ({ clusters }) => Object.assign(clusters[0], { tlsServerName: "api.example" }),
    'clusters[0].tlsServerName: needs "apiServer"',
  ],
  [
    ({ clusters }) => Object.assign(clusters[1], { storageClass: {} }),
    "clusters[1].storageClass.provisioner: is required",
  ],
  [
    ({ clusters }) => Object.assign(clusters[1], { gateway: { autoscaling: { min: 9 } } }),
    "clusters[1].gateway.autoscaling: min 9 is more than max 5",
  ],
  [(raw) => Object.assign(raw, { awaitSeconds: 0 }), "awaitSeconds: must be more than 0"],
  [(raw) => Object.assign(raw, { extra: 1 }), 'unknown key "extra"'],
  [
    (raw) => Object.assign(raw, { istio: { charts: "./gone", values: { istiod: { revision: "blue" } } } }),
    'istio.charts: "./gone" contains neither base/Chart.yaml',
    'istio.charts: "./gone" contains neither istiod/Chart.yaml',
    'istio.values.istiod.revision: "blue"',
  ],
  [
    (raw) => Object.assign(raw, { gatewayApi: { source: "./gone.yaml" } }),
    'gatewayApi.source: "./gone.yaml" does not exist',
  ],
  [
    (raw) => Object.assign(raw, { metricsServer: { source: 5, access: { username: "u" } } }),
    "metricsServer.source: must be of type string, got 5",
    "metricsServer.access.password: is missing",
  ],
  [
    (raw) => Object.assign(raw, { sample: { enabled: "yes", traffic: { kind: "weights", weights: { v7: 100 } } } }),
    "sample.enabled: must be of type boolean",
    "sample.traffic.weights.v7: runs in no cluster",
  ],
  [
    (raw) => Object.assign(raw, { ca: { source: "root", ...certificate("root"), rsaBits: 2048, organization: 5 } }),
    "ca.organization: must be of type string",
    "ca.rsaBits: is not for keys of algorithm ECDSA",
  ],
];

const lines = (raw: Raw) => {
  try {
    parseConfig(raw, root);
    return [];
  } catch (error) {
    return (error as Error).message.split("\n").slice(1);
  }
};

test("reports any combination of these errors completely, and nothing else", () => {
  fc.assert(
    fc.property(fc.subarray([...mistakes], { minLength: 1 }), (made) => {
      const raw: Raw = good();
      for (const [make] of made) make(raw);
      const expected = made.flatMap(([, ...begin]) => begin);
      const found = lines(raw);
      for (const begin of expected) expect(found).toContainEqual(expect.stringContaining(`  - ${begin}`));
      expect(found).toHaveLength(expected.length);
    }),
    { numRuns: 300, examples: [[[...mistakes]]] },
  );
});

test.each<[string, Raw | Record<string, unknown>, string[]]>([
  [
    "clusters that are not a list",
    { clusters: "one", awaitSeconds: 0 },
    ["awaitSeconds: ", "clusters: must be of type array"],
  ],
  [
    "an unknown algorithm with a key size",
    { ...good(), ca: { algorithm: "EC", rsaBits: 2048 } },
    ['ca.algorithm: must be one of "ECDSA", "RSA", got "EC"'],
  ],
  [
    "an invalid address with a TLS server name",
    { clusters: [{ ...good().clusters[0], apiServer: "x", tlsServerName: "api.example" }, good().clusters[1]] },
    ["clusters[0].apiServer: "],
  ],
  [
    "an invalid name with intermediates by cluster name",
    {
      clusters: [{ ...good().clusters[0], name: "One" }, good().clusters[1]],
      ca: { source: "intermediates", root: certificate("root").certificate, intermediates: {} },
    },
    ['clusters[0].name: "One" is not a DNS-1123 label'],
  ],
])("reports no consequential error of %s", (_, raw, begin) => {
  const found = lines(raw as Raw);
  expect(found.toSorted()).toEqual(begin.map((line) => expect.stringContaining(`  - ${line}`)));
});
