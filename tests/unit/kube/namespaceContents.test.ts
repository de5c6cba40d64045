import { expect, onTestFinished, test } from "vitest";
import { stringify } from "yaml";
import { apiServer } from "../../../kube/apiServer.ts";
import { foreignIn } from "../../../kube/namespaceContents.ts";
import { nameOf } from "../../../kube/objects.ts";
import { isOurs, MANAGED_BY, PROGRAM } from "../../../mesh/ownership.ts";
import { startFakeApi } from "./fakeApi.ts";
import { kubeconfigOf, serve } from "./secureServer.ts";

const VERBS = ["create", "delete", "get", "list"];

interface Kind {
  readonly name: string;
  readonly kind: string;
  readonly namespaced?: boolean;
  readonly verbs?: readonly string[];
}

/** Kinds by `group/version`, in the server's order. A string means that the aggregated API does not answer. */
type Kinds = Readonly<Record<string, readonly Kind[] | "unavailable">>;

const KINDS: Kinds = {
  v1: [
    { name: "secrets", kind: "Secret" },
    { name: "pods", kind: "Pod" },
    { name: "pods/log", kind: "Pod" },
    { name: "events", kind: "Event" },
    { name: "namespaces", kind: "Namespace", namespaced: false },
    { name: "bindings", kind: "Binding", verbs: ["create"] },
  ],
  "apps/v1": [{ name: "deployments", kind: "Deployment" }],
  "example.com/v2": [{ name: "things", kind: "Thing" }],
  "example.com/v1": [
    { name: "things", kind: "Thing" },
    { name: "olds", kind: "Old" },
  ],
  "packages.example.com/v1": [{ name: "packages", kind: "Package", verbs: ["get", "list"] }],
  "events.k8s.io/v1": [{ name: "events", kind: "Event" }],
};

/** The list requests for a namespace `n` of such a server. */
const LISTS = [
  "/api/v1/namespaces/n/pods",
  "/api/v1/namespaces/n/secrets",
  "/apis/apps/v1/namespaces/n/deployments",
  "/apis/example.com/v1/namespaces/n/olds",
  "/apis/example.com/v2/namespaces/n/things",
];

const split = (groupVersion: string) => (groupVersion.includes("/") ? groupVersion.split("/") : ["", groupVersion]);

/** Discovery of the core group or of all others, in the aggregated format of newer servers. */
function aggregated(kinds: Kinds, isCore: boolean) {
  const groups = new Map<string, object[]>();
  for (const [groupVersion, resources] of Object.entries(kinds)) {
    const [group = "", version] = split(groupVersion);
    if ((group === "") !== isCore) continue;
    const known = resources === "unavailable" ? [] : resources;
    groups.set(group, [
      ...(groups.get(group) ?? []),
      {
        version,
        freshness: resources === "unavailable" ? "Stale" : "Current",
        resources: known
          .filter(({ name }) => !name.includes("/"))
          .map(({ name, kind, namespaced = true, verbs = VERBS }) => ({
            resource: name,
            responseKind: { group, version: "", kind },
            scope: namespaced ? "Namespaced" : "Cluster",
            verbs,
          })),
      },
    ]);
  }
  const items = [...groups].map(([name, versions]) => ({ metadata: name ? { name } : {}, versions }));
  return { kind: "APIGroupDiscoveryList", apiVersion: "apidiscovery.k8s.io/v2", items };
}

/** The same in the format of older servers: by path. */
function plain(kinds: Kinds): Record<string, { status?: number; body: unknown }> {
  const groups = Object.keys(kinds).filter((groupVersion) => groupVersion.includes("/"));
  const rootOf = (groupVersion: string) => `${groupVersion.includes("/") ? "/apis" : "/api"}/${groupVersion}`;
  return {
    "/api": { body: { kind: "APIVersions", versions: ["v1"] } },
    "/apis": {
      body: { kind: "APIGroupList", groups: groups.map((groupVersion) => ({ versions: [{ groupVersion }] })) },
    },
    ...Object.fromEntries(
      Object.entries(kinds).map(([groupVersion, resources]) => [
        rootOf(groupVersion),
        resources === "unavailable"
          ? { status: 503, body: { message: "service unavailable" } }
          : { body: { resources: resources.map((kind) => ({ namespaced: true, verbs: VERBS, ...kind })) } },
      ]),
    ),
  };
}

const listOf = (...metadata: object[]) => ({ body: { items: metadata.map((own) => ({ metadata: own })) } });
const named = (name: string, more: object = {}) => ({ name, namespace: "n", uid: `uid of ${name}`, ...more });

/** The contents of the namespace `n` on a server with these answers, and the paths of all requests. */
async function lookAt(answers: Parameters<typeof startFakeApi>[0], settle = 0) {
  const api = await startFakeApi(answers);
  onTestFinished(() => api.close());
  const kubeconfig = stringify({
    clusters: [{ name: "c", cluster: { server: api.server } }],
    users: [{ name: "u", user: { token: "t" } }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
  });
  const contents = await foreignIn({ server: await apiServer(kubeconfig, "x") }, "n", isOurs, { settle });
  return { ...contents, asked: api.received.map(({ url }) => url.pathname) };
}

const whole = (kinds: Kinds) => ({
  "/api": { body: aggregated(kinds, true) },
  "/apis": { body: aggregated(kinds, false) },
});

const EMPTY = Object.fromEntries(LISTS.map((path) => [path, { body: { items: null } }]));

test.each([
  ["in two answers", whole(KINDS), ["/api", "/apis"]],
  [
    "one group after the other",
    plain(KINDS),
    ["/api", "/apis", ...Object.keys(plain(KINDS)).filter((path) => path.split("/").length > 2)],
  ],
])("requests each listable namespaced kind once, with discovery %s", async (_, roots, first) => {
  const { foreign, unreadable, asked } = await lookAt({ ...roots, ...EMPTY });
  expect({ foreign, unreadable }).toEqual({ foreign: [], unreadable: [] });
  expect(asked.toSorted()).toEqual([...first, ...LISTS].toSorted());
});

test("returns only foreign objects, sorted by name, without their content", async () => {
  const secret = named("tls", { annotations: { "kubectl.kubernetes.io/last-applied-configuration": "key" } });
  const owned = { ownerReferences: [{ apiVersion: "apps/v1", kind: "Deployment", name: "gw", uid: "uid of gw" }] };
  const { foreign } = await lookAt({
    ...whole(KINDS),
    ...EMPTY,
    "/api/v1/namespaces/n/secrets": listOf(secret, named("ours", { labels: { [MANAGED_BY]: PROGRAM } })),
    "/api/v1/namespaces/n/pods": listOf(named("gw-1", owned)),
    "/apis/apps/v1/namespaces/n/deployments": listOf(
      named("web"),
      named("gw", { labels: { [MANAGED_BY]: PROGRAM } }),
      named("api"),
    ),
  });
  expect(foreign.map(nameOf)).toEqual(["Deployment n/api", "Deployment n/web", "Secret n/tls"]);
  expect(foreign[2]).toEqual({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "tls", namespace: "n", uid: "uid of tls" },
  });
});

test.each([
  ["in two answers", whole],
  ["one group after the other", plain],
])("reports an unavailable API group and continues with the others, with discovery %s", async (_, roots) => {
  const kinds: Kinds = { "metrics.k8s.io/v1beta1": "unavailable", ...KINDS };
  const { foreign, unreadable } = await lookAt({
    ...roots(kinds),
    ...EMPTY,
    "/api/v1/namespaces/n/secrets": listOf(named("tls")),
  });
  expect(foreign.map(nameOf)).toEqual(["Secret n/tls"]);
  expect(unreadable).toEqual([
    {
      what: "metrics.k8s.io/v1beta1",
      why: expect.stringMatching(/service unavailable|v1beta1.metrics.k8s.io/),
      isTransient: true,
    },
  ]);
});

test("reports kinds that cannot be listed, but not a kind whose CRD was just deleted", async () => {
  const { "/apis/example.com/v1/namespaces/n/olds": _, ...rest } = EMPTY;
  const refused = { status: 403, body: { message: "secrets is forbidden" } };
  const broken = { status: 500, body: { message: "conversion webhook failed" } };
  const { foreign, unreadable } = await lookAt({
    ...whole(KINDS),
    ...rest,
    "/api/v1/namespaces/n/secrets": refused,
    "/apis/example.com/v2/namespaces/n/things": broken,
    "/api/v1/namespaces/n/pods": listOf(named("p")),
  });
  expect(foreign.map(nameOf)).toEqual(["Pod n/p"]);
  expect(unreadable).toEqual([
    { what: "secrets", why: "secrets is forbidden", isTransient: false },
    { what: "things.example.com", why: "conversion webhook failed", isTransient: true },
  ]);
});

test("fails if the server refuses discovery", async () => {
  await expect(lookAt({ "/api": { status: 403, body: { message: "no" } } })).rejects.toThrow("no");
});

/**
 * A server with Secrets and an empty list of Pods. It gives the answers for Secrets in turn, then repeats the last one.
 */
async function secretsIn(...answers: { status?: number; body: object }[]) {
  const asked: (string | undefined)[] = [];
  const accepted: Record<string, string | undefined> = {};
  const kinds: Kinds = {
    v1: [
      { name: "secrets", kind: "Secret" },
      { name: "pods", kind: "Pod" },
    ],
  };
  const server = await serve((request, response) => {
    const path = request.url?.split("?")[0] ?? "";
    accepted[path] = request.headers.accept;
    const root = { "/api": aggregated(kinds, true), "/apis": aggregated(kinds, false) }[path];
    const isSecrets = path.endsWith("/secrets");
    if (isSecrets) asked.push(request.url?.split("?")[1]);
    const answer = isSecrets ? answers[Math.min(asked.length, answers.length) - 1] : { body: root ?? {} };
    response.writeHead(answer?.status ?? 200).end(JSON.stringify(answer?.body));
  });
  onTestFinished(() => server.close());
  const opened = { server: await apiServer(kubeconfigOf(server), "x") };
  return {
    asked,
    accepted,
    look: async (settle = 0) => {
      const { foreign, unreadable } = await foreignIn(opened, "n", isOurs, { settle });
      return { foreign: foreign.map(nameOf), unreadable: unreadable.map(({ what, why }) => `${what}: ${why}`) };
    },
  };
}

const page = (name: string, next = "") => ({
  body: { metadata: { continue: next }, items: [{ metadata: named(name) }] },
});

test("reads long lists in pages, as metadata only", async () => {
  const { look, asked, accepted } = await secretsIn(page("a", "to/ken+1"), page("b", "2"), page("c"));
  expect(await look()).toEqual({ foreign: ["Secret n/a", "Secret n/b", "Secret n/c"], unreadable: [] });
  expect(asked).toEqual(["limit=500", "limit=500&continue=to%2Fken%2B1", "limit=500&continue=2"]);
  expect(accepted["/api/v1/namespaces/n/secrets"]).toMatch(/^application\/json;as=PartialObjectMetadataList;/);
  expect(accepted["/apis"]?.split(",")[0]).toBe("application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
});

test("reads a list without pages after its continue token expires", async () => {
  const { look, asked } = await secretsIn(page("a", "1"), { status: 410, body: { message: "too old" } }, page("b"));
  expect(await look()).toEqual({ foreign: ["Secret n/b"], unreadable: [] });
  expect(asked.at(-1)).toBeUndefined();
});

test("reports a list that repeats a page as unreadable", async () => {
  const { look } = await secretsIn(page("a", "1"));
  expect(await look()).toEqual({
    foreign: [],
    unreadable: ["secrets: the server returns the same page of its list again"],
  });
});

test("looks again at dependents of an owner that was just deleted", async () => {
  const orphan = named("orphan", { ownerReferences: [{ apiVersion: "v1", kind: "Pod", name: "p", uid: "gone" }] });
  const { look, asked } = await secretsIn(listOf(orphan), listOf(orphan), listOf());
  expect(await look()).toEqual({ foreign: ["Secret n/orphan"], unreadable: [] });
  asked.length = 0;
  expect(await look(5_000)).toEqual({ foreign: [], unreadable: [] });
  expect(asked.length).toBeGreaterThan(1);
});

test("does not retry a permanent failure", async () => {
  const { look, asked } = await secretsIn({ status: 403, body: { message: "forbidden" } });
  expect(await look(5_000)).toEqual({ foreign: [], unreadable: ["secrets: forbidden"] });
  expect(asked).toHaveLength(1);
});
