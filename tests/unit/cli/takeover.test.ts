import { rmSync } from "node:fs";
import { join } from "node:path";
import type { KubernetesObject } from "@kubernetes/client-node";
import { beforeAll, expect, test } from "vitest";
import { catalogue } from "../../../i18n/language.ts";
import { authorities } from "./existingMesh.ts";
import { FORMER_NAMES, formerMesh, pod } from "./formerClusters.ts";
import { encrypted } from "./stackFile.ts";

const { takeover: texts } = catalogue.en;
const COMMAND = "takeover --certs . --yes";

// Runs openssl several times.
beforeAll(() => {
  authorities();
}, 60_000);

const ALIASES = `--clusterAliases=${FORMER_NAMES.one}=one,${FORMER_NAMES.two}=two`;

const SETTINGS = [
  "set csp-mesh:ca.certificate",
  "set csp-mesh:ca.key",
  "set csp-mesh:ca.source",
  "set csp-mesh:clusters[0].network",
  "set csp-mesh:clusters[1].network",
  "set csp-mesh:istio.values.istiod.extraContainerArgs[0]",
  "set csp-mesh:istio.keepCrds",
  "set csp-mesh:sample.namespace",
];
const WITHDRAWN = [
  "one: DELETE namespaces/sample/serviceentries/reviews-cluster2",
  "one: DELETE namespaces/sample/destinationrules/reviews-destination",
  "one: DELETE namespaces/sample/virtualservices/reviews-routing",
  "one: DELETE namespaces/sample/gateways/cluster2-gateway",
  "one: DELETE namespaces/istio-system/secrets/istio-remote-secret-x",
  "two: DELETE namespaces/istio-system/secrets/istio-remote-secret-x",
];
const REMOVED = (name: string) => [
  `${name}: DELETE mutatingwebhookconfigurations/istio-sidecar-injector`,
  `${name}: DELETE mutatingwebhookconfigurations/istio-revision-tag-default`,
  `${name}: DELETE namespaces/istio-system/deployments/istiod`,
  `${name}: DELETE namespaces/istio-system/deployments/istio-ingressgateway`,
  `${name}: DELETE namespaces/istio-system/services/istio-ingressgateway`,
  `${name}: DELETE namespaces/istio-system/configmaps/istio`,
  `${name}: DELETE namespaces/istio-system/gateways/cross-network-gateway`,
  `${name}: DELETE namespaces/istio-system/secrets/cacerts`,
];
const WHOLE = [...SETTINGS, ...WITHDRAWN, ...REMOVED("one"), ...REMOVED("two"), "up", "prove prod"];

test("withdraws traffic in every cluster before it removes any control plane, then builds the new mesh", async () => {
  const mesh = await formerMesh();
  const { code, stdout, stderr } = await mesh.run(COMMAND);
  expect([code, stderr]).toEqual([0, ""]);
  expect(mesh.journal).toEqual(WHOLE);
  expect(mesh.config()).toMatchObject({
    ca: { source: "root", key: { secure: expect.any(String) } },
    clusters: [{ network: "network1" }, { network: "network2" }],
    istio: { keepCrds: true, values: { istiod: { extraContainerArgs: [ALIASES] } } },
    sample: { namespace: "mesh-proof" },
  });
  expect(stdout).toContain("old sidecar: sample/reviews-v1; without a sidecar: -");
});

test("keeps unrecognised objects", async () => {
  const mesh = await formerMesh();
  const { stdout } = await mesh.run(COMMAND);
  const left = mesh.left("one");
  expect(left).toEqual(
    expect.arrayContaining([
      "namespaces/istio-system",
      "namespaces/istio-system/secrets/backup-of-cacerts",
      "namespaces/shop/serviceentries/reviews-cluster2",
      "namespaces/sample/configmaps/istio-ca-root-cert",
      "customresourcedefinitions/gateways.networking.istio.io",
    ]),
  );
  expect(stdout).toContain("ServiceEntry shop/reviews-cluster2");
});

test("removes the former names after workloads were restarted", async () => {
  const mesh = await formerMesh();
  await mesh.run(COMMAND);
  mesh.journal.length = 0;
  await mesh.run(COMMAND);
  expect(mesh.journal).toEqual(["up", "prove prod"]);
  for (const [index, name] of (["one", "two"] as const).entries())
    mesh.apis[name].put(pod(`reviews-v${index + 1}`, name) as KubernetesObject);
  rmSync(join(mesh.root, "root-ca.key"));
  mesh.journal.length = 0;
  const { code, stdout } = await mesh.run(COMMAND);
  expect(code).toBe(0);
  expect(mesh.journal).toEqual(["up", "prove prod", "rm csp-mesh:istio.values.istiod.extraContainerArgs", "up"]);
  expect(stdout).toContain(texts.done);
  mesh.journal.length = 0;
  expect(await mesh.run(COMMAND)).toMatchObject({ code: 0, stdout: `${texts.nothing}\n` });
  expect(mesh.journal).toEqual([]);
});

test("restarts workloads with old or missing sidecars with --restart-workloads, and completes", async () => {
  const mesh = await formerMesh();
  mesh.apis.two.put(pod("late") as KubernetesObject);
  const { code, stderr } = await mesh.run(`${COMMAND} --restart-workloads`);
  expect([code, stderr]).toEqual([0, ""]);
  expect(mesh.journal.slice(WHOLE.length)).toEqual([
    "restart sample/reviews-v1 of one",
    "restart sample/reviews-v2, sample/late of two",
    "rm csp-mesh:istio.values.istiod.extraContainerArgs",
    "up",
  ]);
});

test("keeps other options of istiod", async () => {
  const mesh = await formerMesh({ "csp-mesh:istio": { values: { istiod: { extraContainerArgs: ["--a=b"] } } } });
  await mesh.run(`${COMMAND} --restart-workloads`);
  expect(mesh.journal).toContain("set csp-mesh:istio.values.istiod.extraContainerArgs[1]");
  expect(mesh.config()).toMatchObject({ istio: { values: { istiod: { extraContainerArgs: ["--a=b"] } } } });
});

test("a dry run lists every deletion, and writes nothing", async () => {
  const mesh = await formerMesh();
  const before = JSON.stringify(mesh.config());
  const { code, stdout, questions } = await mesh.run("takeover --certs . --dry-run");
  expect([code, questions, mesh.journal]).toEqual([0, [], []]);
  expect(JSON.stringify(mesh.config())).toBe(before);
  for (const line of [
    "delete ServiceEntry sample/reviews-cluster2",
    "delete Deployment istio-system/istiod",
    `one: https://127.0.0.1`,
    `called ${FORMER_NAMES.one} until now`,
    "config: set csp-mesh:ca.key",
  ])
    expect(stdout).toContain(line);
  expect(stdout).not.toContain("BEGIN");
});

test("asks before the first write, and changes nothing if the answer is no", async () => {
  const mesh = await formerMesh();
  mesh.state.answer = "n";
  const { code, stderr, questions } = await mesh.run("takeover --certs .");
  expect([code, mesh.journal]).toEqual([1, []]);
  expect(stderr).toBe(`${texts.declined}\n`);
  expect(questions).toEqual([`${texts.ask("one, two")} `]);
});

test("prints one JSON document, and progress on stderr", async () => {
  const mesh = await formerMesh();
  const { stdout, stderr } = await mesh.run(`${COMMAND} --output json`);
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({
    kind: "takeover",
    result: "workloads left",
    clusters: [{ name: "one", formerNames: [FORMER_NAMES.one] }, { name: "two" }],
    stays: [{ cluster: "one", names: ["ServiceEntry shop/reviews-cluster2"] }],
  });
  expect(
    report.removals.map(({ stage, cluster }: { stage: string; cluster: string }) => `${stage} ${cluster}`),
  ).toEqual(["withdraw one", "withdraw two", "remove one", "remove two"]);
  expect(stderr).toContain("deleted Deployment istio-system/istiod");
});

test("keeps control planes while a sidecar would send requests to the other cluster", async () => {
  const mesh = await formerMesh();
  mesh.state.far = (cluster) => ({ cluster, connected: cluster === "one" ? ["sample/sleep"] : [], silent: [] });
  const { code, stderr } = await mesh.run(`${COMMAND} --wait 0`);
  expect(code).toBe(1);
  expect(stderr).toContain(texts.connected("one", "sample/sleep"));
  expect(mesh.journal).toEqual([...SETTINGS, ...WITHDRAWN]);
});

test("stops if pulumi up would find a second gateway for a network", async () => {
  const mesh = await formerMesh();
  const meet = mesh.apis.one.meet;
  mesh.apis.one.meet = (request) => {
    if (request.startsWith("DELETE") && request.endsWith("/services/istio-ingressgateway"))
      mesh.apis.one.put({
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "made-anew", namespace: "edge", labels: { "topology.istio.io/network": "network1" } },
      });
    return meet(request);
  };
  const { code, stderr } = await mesh.run(COMMAND);
  expect(code).toBe(1);
  expect(stderr).toContain(texts.left("one", "Service edge/made-anew"));
  expect(mesh.journal).not.toContain("up");
});

/** Ends of stages, and points within each. */
const KILLED_AT = [1, 5, 8, 9, 11, 14, 16, 20, 22, 29].map(
  (effects) => [effects, WHOLE[effects] ?? "the proof"] as const,
);

test.each(KILLED_AT)("killed after %i effects, before %s, continues in the next run", async (effects) => {
  const mesh = await formerMesh();
  mesh.state.killAt = effects;
  expect(await mesh.run(COMMAND)).toMatchObject({ code: 2 });
  mesh.state.killAt = Number.POSITIVE_INFINITY;
  expect(await mesh.run(COMMAND)).toMatchObject({ code: 0, stderr: "" });
  const done = [...new Set(mesh.journal)];
  expect(done.toSorted()).toEqual(WHOLE.toSorted());
  expect(done.indexOf("up")).toBeGreaterThan(done.indexOf(REMOVED("two").at(-1) ?? ""));
});

test("continues from another machine without former names in the stack file, if proxies have them", async () => {
  const mesh = await formerMesh();
  const before = mesh.config();
  await mesh.run(COMMAND);
  for (const { objects } of Object.values(mesh.apis))
    objects.delete("/apis/rbac.authorization.k8s.io/v1/clusterroles/csp-mesh-claim");
  mesh.write((config) => {
    for (const key of Object.keys(config)) delete config[key];
    for (const [key, value] of Object.entries(before)) config[`csp-mesh:${key}`] = value;
  });
  mesh.journal.length = 0;
  expect(await mesh.run(COMMAND)).toMatchObject({ code: 0, stderr: "" });
  expect(mesh.journal).toEqual([...SETTINGS, "up", "prove prod"]);
});

test("uses the clusters' intermediates if the root's key is lost", async () => {
  const mesh = await formerMesh();
  const { code, stderr } = await mesh.run("takeover --intermediates --yes");
  expect([code, stderr]).toEqual([0, ""]);
  const { one, two, middle, root } = authorities();
  expect(mesh.config()).toMatchObject({
    ca: {
      source: "intermediates",
      root: root.certificate,
      intermediates: {
        one: { certificate: one.certificate, key: encrypted(one.key) },
        two: { certificate: two.certificate, chain: middle.certificate },
      },
    },
  });
});

test.each<[string, (mesh: Awaited<ReturnType<typeof formerMesh>>) => unknown, string, string]>([
  ["no root in the config", () => {}, "takeover --yes", texts.problems.noCa("csp-mesh:ca")],
  [
    "another mesh's folder",
    (mesh) => {
      for (const name of ["one", "two"] as const) {
        const path = "/api/v1/namespaces/sample/configmaps/istio-ca-root-cert";
        const data = { "root-cert.pem": authorities().other.certificate };
        mesh.apis[name].put({ ...mesh.apis[name].objects.get(path), data } as KubernetesObject);
        mesh.apis[name].objects.delete("/api/v1/namespaces/istio-system/secrets/cacerts");
      }
    },
    COMMAND,
    texts.problems.otherRoot,
  ],
  [
    "a claim of another stack",
    (mesh) =>
      mesh.apis.two.put({
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "ClusterRole",
        metadata: {
          name: "csp-mesh-claim",
          annotations: { "csp-mesh.io/claim": JSON.stringify({ owner: "organization/csp-mesh/other" }) },
        },
      }),
    COMMAND,
    texts.problems.claimed("two", "organization/csp-mesh/other"),
  ],
  [
    "a cluster that does not answer",
    (mesh) => {
      mesh.apis.two.meet = (request) =>
        request === "GET /version" ? Promise.resolve({ status: 403, body: { message: "no entry" } }) : undefined;
    },
    COMMAND,
    texts.problems.unreachable("two", "no entry"),
  ],
  [
    "an Istio that Helm installed",
    (mesh) => {
      mesh.state.preflight = () => [
        {
          id: "othersIstio",
          severity: "error",
          cluster: "two",
          parts: ["Deployment istio-system/istiod", "Deployment edge/istiod"],
        },
      ];
    },
    COMMAND,
    texts.problems.foreign("two", "Deployment edge/istiod"),
  ],
  [
    "another gateway of a network",
    (mesh) =>
      mesh.apis.one.put({
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "edge", namespace: "edge", labels: { "topology.istio.io/network": "network1" } },
      }),
    COMMAND,
    texts.problems.otherGateway("one", "Service edge/edge"),
  ],
])("rejects %s, and changes nothing", async (_, change, command, problem) => {
  const mesh = await formerMesh();
  change(mesh);
  const { code, stderr } = await mesh.run(command);
  expect(stderr).toContain(problem);
  expect([code, mesh.journal]).toEqual([1, []]);
});

test("does not recognise objects by name alone, or by the charts' label alone", async () => {
  const mesh = await formerMesh();
  const path = "/apis/apps/v1/namespaces/istio-system/deployments/istiod";
  const istiod = mesh.apis.one.objects.get(path) as KubernetesObject & { metadata: object };
  mesh.apis.one.put({
    ...istiod,
    metadata: { ...istiod.metadata, annotations: { "meta.helm.sh/release-name": "istiod" } },
  } as KubernetesObject);
  mesh.apis.one.put({
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: "istiod", namespace: "istio-system" },
  });
  const { stdout } = await mesh.run("takeover --certs . --dry-run --output json");
  const parts = JSON.parse(stdout).removals.flatMap((removal: { cluster: string; parts: string[] }) =>
    removal.cluster === "one" ? removal.parts : [],
  );
  expect(parts).not.toContain("Deployment istio-system/istiod");
  expect(parts).not.toContain("ServiceAccount istio-system/istiod");
  expect(parts).toContain("Deployment istio-system/istio-ingressgateway");
});

test("does not start with another preflight error, unless forced", async () => {
  const mesh = await formerMesh();
  mesh.state.preflight = () => [
    { id: "othersIstio", severity: "error", cluster: "one", parts: ["Deployment istio-system/istiod"] },
    { id: "sameCluster", severity: "error", cluster: "two", peer: "one", uid: "u" },
  ];
  const { code, stderr } = await mesh.run(COMMAND);
  expect([code, mesh.journal]).toEqual([1, []]);
  expect(stderr).toMatch(/^The new mesh could not be installed/);
  expect(await mesh.run(`${COMMAND} --force`)).toMatchObject({ code: 0 });
});

test("does nothing in clusters without a former mesh", async () => {
  const mesh = await formerMesh();
  for (const { objects } of Object.values(mesh.apis)) objects.clear();
  expect(await mesh.run(COMMAND)).toMatchObject({ code: 0, stdout: `${texts.nothing}\n` });
  expect(mesh.journal).toEqual([]);
});
