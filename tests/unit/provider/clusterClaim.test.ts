// Claiming and releasing a cluster, with a fake API server.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ApiServer } from "../../../kube/apiServer.ts";
import { claimProblem, handOverClaim, readClaim } from "../../../kube/claims.ts";
import { objectsOf } from "../../../kube/objects.ts";
import { CLAIM, CLAIMED, type Claim, MARKED } from "../../../mesh/claim.ts";
import { FOUND, helmOwnership, MADE, MANAGED_BY, PROGRAM } from "../../../mesh/ownership.ts";
import { clusterClaim } from "../../../provider/kinds/clusterClaim.ts";
import { clusterCleanup } from "../../../provider/kinds/clusterCleanup.ts";
import { UNKNOWN } from "../../../provider/properties.ts";
import { type MemoryApi, memoryApi } from "../kube/memoryApi.ts";
import { stepOn } from "./stepOn.ts";

const ROLES = "/apis/rbac.authorization.k8s.io/v1/clusterroles";
const NAMESPACES = "/api/v1/namespaces";
const of = { claimId: "first", owner: "acme/mesh/first" };
const other = { claimId: "other", owner: "acme/mesh/other" };
const settings = {
  ...of,
  network: "one",
  mesh: "mesh1",
  trustDomain: "cluster.local",
  keepCrds: false,
  istio: "1.31.0",
};
const extras = { gatewayApi: false, metricsServer: false, storageClass: false };

let api: MemoryApi;
beforeEach(async () => {
  api = await memoryApi();
});
afterEach(() => api.close());

type Owner = Partial<typeof of>;
const claimStep = (owner: Owner = {}) => stepOn(api.kubeconfig, { ...settings, ...owner });
const claim = async (owner?: Owner) => clusterClaim.create(await claimStep(owner));
const cleanupStep = (owner: Owner = {}) =>
  stepOn(api.kubeconfig, { ...of, ...owner, keepCrds: false, awaitSeconds: 5, ...extras });
const cleanUp = async (owner?: Owner) => {
  const step = await cleanupStep(owner);
  await clusterCleanup.delete(step, {});
  return step.lines;
};
const check = async (owner: Owner = {}, former?: object) =>
  ((await clusterClaim.check?.(await claimStep(owner), former)) ?? []).map(
    ({ property, reason }) => `${property}: ${reason}`,
  );
const role = () => api.objects.get(`${ROLES}/${CLAIM}`);
const claimed = (): Claim => JSON.parse(role()?.metadata.annotations?.[CLAIMED] ?? "");
const uid = () => api.objects.get(`${NAMESPACES}/kube-system`)?.metadata.uid;
/** All objects, without resource versions. */
const all = () =>
  [...api.objects].map(([path, { metadata, ...rest }]) => {
    const { resourceVersion: _, labels = {}, annotations = {}, ...named } = metadata;
    return [path, { ...rest, ...named, labels, annotations }];
  });
const handTo = (change: Partial<Claim>) => {
  const found = role();
  const annotations = { ...found?.metadata.annotations, [CLAIMED]: JSON.stringify({ ...claimed(), ...change }) };
  api.put({ ...found, metadata: { ...found?.metadata, annotations } } as never);
};

const crd = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "wasmplugins.extensions.istio.io", annotations: { owner: "somebody" } },
  spec: { group: "extensions.istio.io", names: { kind: "WasmPlugin" }, versions: [{ name: "v1", storage: true }] },
};
const gatewayClass = (name: string) => ({
  apiVersion: "gateway.networking.k8s.io/v1",
  kind: "GatewayClass",
  metadata: { name },
  spec: { controllerName: "istio.io/gateway-controller" },
});

describe("a claim", () => {
  test("names the owner before any other write, and is created once", async () => {
    expect(await claim()).toEqual({ uid: uid(), newerCrds: [] });
    const { keepCrds: _, istio: _istio, claimId: id, ...rest } = settings;
    expect(claimed()).toEqual({ ...rest, id, cluster: "one", uid: uid() });
    expect(role()?.metadata.annotations).toHaveProperty([MARKED], "true");
    expect(api.writes()[0]).toBe(`POST ${ROLES}`);
    expect(api.objects.get(`${NAMESPACES}/istio-system`)?.metadata.annotations).toHaveProperty([MADE]);
    const before = all();
    expect(await claim()).toEqual({ uid: uid(), newerCrds: [] });
    expect(all()).toEqual(before);
  });

  test.each([
    ["another stack", other, 'belongs to the mesh "mesh1" of the stack acme/mesh/first, as its cluster "one"'],
    ["another state of the stack", { claimId: "again" }, "acme/mesh/first, with another state"],
  ])("of %s is rejected in preview and update, without a write", async (_, owner, reason) => {
    await claim();
    const before = all();
    await expect(claim(owner)).rejects.toThrow(reason);
    expect(await check(owner)).toEqual([expect.stringContaining(reason)]);
    expect(all()).toEqual(before);
  });

  test("by two stacks at the same moment succeeds for the first", async () => {
    const both = Promise.withResolvers<undefined>();
    let waiting = 0;
    api.meet = (request) => {
      if (request !== `POST ${ROLES}`) return undefined;
      if (++waiting === 2) both.resolve(undefined);
      return both.promise;
    };
    const ended = await Promise.allSettled([claim(), claim(other)]);
    expect(ended.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    const refused = ended.find((one) => one.status === "rejected")?.reason as Error;
    expect(refused.message).toContain(`of the stack ${claimed().owner}, as its cluster "one"`);
  });

  test("is rejected beside a foreign Istio, without a write", async () => {
    const labels = { app: "istiod" };
    api.put({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "istiod", namespace: "addons", labels } });
    const before = all();
    await expect(claim()).rejects.toThrow("- Deployment addons/istiod");
    expect(all()).toEqual(before);
  });

  test("that exists marks an existing istiod as the stack's own, after an interrupted run", async () => {
    await claim();
    const labels = { app: "istiod" };
    api.put({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "istiod", namespace: "istio-system", labels },
    });
    expect(await claim()).toEqual({ uid: uid(), newerCrds: [] });
  });

  test("does not allow changes of network, mesh or trust domain", async () => {
    await claim();
    expect(await check({}, { ...settings, network: "net-of-before" })).toEqual([
      expect.stringMatching(/^network: cannot change from "net-of-before" to "one" while the mesh exists/),
    ]);
    expect(await check({}, settings)).toEqual([]);
  });

  test.each(["network", "mesh", "trustDomain"])("keeps its %s even if the state does not contain it", async (key) => {
    await claim();
    expect(await check()).toEqual([]);
    handTo({ id: "", [key]: "live" });
    expect(await check()).toEqual([expect.stringMatching(new RegExp(`^${key}: cannot change from "live" to `))]);
  });

  test("is checked in a preview with an unknown claim id", async () => {
    expect(await check({ claimId: UNKNOWN })).toEqual([]);
    await claim();
    expect(await check({ claimId: UNKNOWN })).toEqual([expect.stringContaining("with another state")]);
  });

  test("that was deleted is reported by a preview, and recreated by a refresh", async () => {
    const made = await claim();
    expect(await clusterClaim.read?.(await claimStep(), made)).toEqual(made);
    api.objects.delete(`${ROLES}/${CLAIM}`);
    expect(await check({}, settings)).toEqual([expect.stringContaining("Run pulumi up --refresh")]);
    expect(await clusterClaim.read?.(await claimStep(), made)).toBeUndefined();
  });

  test.each([
    ["a later minor release", "1.32.0", true],
    ["a later patch release", "1.31.1", true],
    ["the same release", "1.31.0", false],
    ["an earlier minor release with a higher patch number", "1.29.7", false],
    ["no version label", undefined, false],
  ])("records whether an existing CRD has a later release: %s", async (_, version, isNewer) => {
    const labels = version === undefined ? {} : { "app.kubernetes.io/version": version };
    api.put({ ...crd, metadata: { ...crd.metadata, labels } } as never);
    const step = await claimStep();
    const newerCrds = isNewer ? [crd.metadata.name] : [];
    expect(await clusterClaim.create(step)).toEqual({ uid: uid(), newerCrds });
    expect(step.lines).toEqual(
      isNewer ? [`one: CRDs of a later release than Istio 1.31.0 stay unchanged: ${crd.metadata.name}`] : [],
    );
    expect(await clusterClaim.read?.(step, { uid: uid() ?? "", newerCrds: [] })).toEqual({ uid: uid(), newerCrds });
  });

  test("that was handed over and then deleted: the namespace still identifies the owner", async () => {
    await claim();
    handTo({ id: "", owner: other.owner });
    await claim(other);
    api.objects.delete(`${ROLES}/${CLAIM}`);
    const labels = { app: "istiod" };
    const metadata = { name: "istiod", namespace: "istio-system", labels };
    api.put({ apiVersion: "apps/v1", kind: "Deployment", metadata });
    expect(await claim(other)).toEqual({ uid: uid(), newerCrds: [] });
  });

  test("is rewritten after its annotation was removed", async () => {
    await claim();
    api.put({ ...role(), metadata: { name: CLAIM } } as never);
    expect(await claim()).toEqual({ uid: uid(), newerCrds: [] });
    expect(claimed()).toMatchObject({ id: "first", uid: uid() });
  });

  test("that was restored from a backup of another cluster is rejected", async () => {
    const made = await claim();
    handTo({ uid: "another" });
    expect(await check({}, settings)).toEqual([
      expect.stringContaining(
        `it was copied from a backup. Delete it, then continue: kubectl delete clusterrole ${CLAIM}`,
      ),
    ]);
    handTo({ uid: made.uid });
    const found = await clusterClaim.read?.(await claimStep(), { uid: "of the cluster before", newerCrds: [] });
    expect(found).toBeUndefined();
  });

  test("of another cluster of the same mesh is rejected", async () => {
    await claim();
    handTo({ cluster: "two" });
    expect(await check({}, settings)).toEqual([expect.stringContaining('is for the cluster "two" of this mesh')]);
    await expect(claim()).rejects.toThrow('is for the cluster "two" of this mesh');
  });
});

describe("whether a stack may act on a cluster", () => {
  test.each([
    ["its own claim", {}, undefined],
    ["a claim that was handed to any state of the stack", { id: "" }, undefined],
    [
      "another stack's claim",
      { id: "other", owner: other.owner },
      'this cluster belongs to the stack acme/mesh/other (mesh "mesh1") now',
    ],
  ])("with %s", async (_, change, expected) => {
    await claim();
    handTo(change);
    expect(await claimProblem((await claimStep()).cluster.objects, "first")).toBe(expected);
  });

  test("with a claim that was handed to another stack, even before that stack runs", async () => {
    await claim();
    const { objects } = (await claimStep()).cluster;
    const handTo = async (owner: string) => handOverClaim(objects, (await readClaim(objects))?.claim as Claim, owner);
    await handTo(other.owner);
    expect(await claimProblem(objects, "first")).toContain("belongs to the stack acme/mesh/other");
    expect(await claimProblem(objects, "other")).toBeUndefined();
    await handTo(of.owner);
    expect(await claimProblem(objects, "first")).toBeUndefined();
  });

  test("without a claim", async () => {
    expect(await claimProblem((await claimStep()).cluster.objects, "first")).toBeUndefined();
  });
});

describe("the cleanup", () => {
  const ofOthers = () => [crd, gatewayClass("istio-waypoint")];

  test("restores the cluster, and deletes the claim last", async () => {
    for (const object of ofOthers()) api.put(object);
    const before = all();
    await claim();
    api.put({
      ...crd,
      metadata: { name: "sidecars.networking.istio.io", ...(helmOwnership("istio-base") as object) },
    } as never);
    api.put(gatewayClass("istio"));
    expect(await cleanUp()).toEqual([]);
    expect(all()).toEqual(before);
    expect(api.writes().at(-1)).toBe(`DELETE ${ROLES}/${CLAIM}`);
  });

  test("does nothing but warn if another stack owns the cluster", async () => {
    await claim();
    const before = all();
    const said = (owner: string) => [
      `warning: one: this cluster belongs to the stack ${owner}: nothing was deleted in it`,
    ];
    expect(await cleanUp(other)).toEqual(said("acme/mesh/first"));
    expect(await cleanUp({ claimId: "again" })).toEqual(said("acme/mesh/first"));
    expect(all()).toEqual(before);
    handTo({ id: "other", owner: other.owner });
    const handed = all();
    expect(await cleanUp()).toEqual(said("acme/mesh/other"));
    expect(all()).toEqual(handed);
  });

  const putOfCrd = `PUT /apis/apiextensions.k8s.io/v1/customresourcedefinitions/${crd.metadata.name}`;
  const found = () => [...api.objects.values()].find(({ metadata }) => metadata.name === crd.metadata.name);
  const change = () => {
    const raised = { ...found(), spec: { ...crd.spec, versions: [] } };
    api.put(raised as never);
  };

  test("restores a CRD even if another client writes it at the same moment", async () => {
    api.put(crd);
    await claim();
    change();
    let writes = 0;
    api.meet = async (request) => {
      if (request === putOfCrd && ++writes === 1) change();
      return undefined;
    };
    expect(await cleanUp()).toEqual([]);
    expect(writes).toBe(2);
    expect(found()).toMatchObject(crd);
  });

  test("keeps the recorded contents of a CRD after a failure, and warns if the API server rejects them", async () => {
    api.put(crd);
    await claim();
    change();
    const refused = (status: number) => async (request: string) =>
      request === putOfCrd ? { status, body: { message: "no" } } : undefined;
    const before = found()?.metadata.annotations;
    api.meet = refused(501);
    await expect(cleanUp()).rejects.toThrow("no");
    expect(found()?.metadata.annotations).toEqual(before);
    api.meet = refused(422);
    expect(await cleanUp()).toEqual([
      expect.stringContaining("existed before the mesh and keeps its present contents: no"),
    ]);
  });

  const CONTENTS = "csp-mesh.io/found-contents";
  const foundObjects = () => [...api.objects.values()].filter(({ metadata }) => metadata.annotations?.[FOUND]);
  const setMark = (names: readonly string[], mark: string) => {
    for (const object of foundObjects().filter(({ metadata }) => names.includes(metadata.name))) {
      const { [CONTENTS]: _, ...annotations } = object.metadata.annotations ?? {};
      api.put({ ...object, metadata: { ...object.metadata, annotations: { ...annotations, [FOUND]: mark } } } as never);
    }
  };

  test.each([
    ["with an existing claim", true],
    ["with a deleted claim, except the namespace, which identifies the cluster in the next run", false],
  ])("restores the other objects, and names those with an invalid mark: %s", async (_, isClaimed) => {
    const sidecars = { ...crd, metadata: { name: "sidecars.networking.istio.io" } };
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "istio-system" } };
    const there = [crd, sidecars, gatewayClass("istio-remote"), gatewayClass("istio-waypoint"), namespace];
    for (const object of there) api.put(object);
    await claim();
    expect(foundObjects()).toHaveLength(there.length);
    if (!isClaimed) api.objects.delete(`${ROLES}/${CLAIM}`);
    const damaged = [crd.metadata.name, "istio-remote"];
    setMark(damaged, "{");
    await expect(cleanUp()).rejects.toThrow(
      /^CustomResourceDefinition wasmplugins[^\n]* was changed [^\n]*\nGatewayClass istio-remote: [^\n]* was changed [^\n]*$/,
    );
    const left = foundObjects().map(({ metadata }) => metadata.name);
    expect(left.toSorted()).toEqual([...damaged, ...(isClaimed ? [] : ["istio-system"])].toSorted());
    setMark(damaged, '{"labels":{},"annotations":{}}');
    expect(await cleanUp()).toEqual([]);
    expect(foundObjects()).toEqual([]);
    expect(role()).toBeUndefined();
  });

  test("undoes the rest if the mark of the sample's namespace is invalid", async () => {
    const namespace = {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "shop", annotations: { [FOUND]: "{" } },
    };
    api.put(gatewayClass("istio-waypoint"));
    await claim();
    api.put(namespace);
    const step = await cleanupStep();
    const withSample = { ...step, inputs: { ...step.inputs, sample: { namespace: "shop", parts: [] } } };
    await expect(clusterCleanup.delete(withSample, {})).rejects.toThrow(/^Namespace shop: annotation [^\n]*$/);
    expect(foundObjects().map(({ metadata }) => metadata.name)).toEqual(["shop"]);
    expect(role()).toBeDefined();
  });

  test("stops if foreign objects of a CRD are stored in a version that is not served", async () => {
    await claim();
    const versions = [
      { name: "v1alpha3", served: false, storage: true },
      { name: "v1", served: true, storage: false },
    ];
    const metadata = { name: "gateways.networking.istio.io", ...(helmOwnership("istio-base") as object) };
    api.put({
      ...crd,
      metadata,
      spec: { group: "networking.istio.io", names: { kind: "Gateway" }, versions },
    } as never);
    api.put({
      apiVersion: "networking.istio.io/v1",
      kind: "Gateway",
      metadata: { name: "front", namespace: "shop" },
    });
    await expect(cleanUp()).rejects.toThrow("- Gateway shop/front");
  });

  test("keeps a GatewayClass that someone created for istiod's controller", async () => {
    const own = gatewayClass("istio-internal");
    await claim();
    api.put(own);
    const managedFields = [{ manager: "pilot-discovery" }];
    api.put({ ...gatewayClass("istio-of-a-later-istio"), metadata: { name: "istio-of-a-later-istio", managedFields } });
    await cleanUp();
    const classes = [...api.objects.values()].filter(({ kind }) => kind === "GatewayClass");
    expect(classes).toEqual([
      expect.objectContaining({ spec: own.spec, metadata: expect.objectContaining(own.metadata) }),
    ]);
  });

  test("cleans up even if the claim was deleted", async () => {
    const before = all();
    await claim();
    const metadata = { name: "sidecars.networking.istio.io", ...(helmOwnership("istio-base") as object) };
    api.put({ ...crd, metadata } as never);
    api.objects.delete(`${ROLES}/${CLAIM}`);
    expect(await cleanUp(other)).toEqual([]);
    expect(await cleanUp()).toEqual([]);
    expect(all()).toEqual(before);
  });

  test("deletes only the program's objects from an existing namespace, even if no state contains them", async () => {
    const secret = (name: string, labels: Record<string, string> = {}) =>
      api.put({ apiVersion: "v1", kind: "Secret", metadata: { name, namespace: "istio-system", labels } });
    api.put({ apiVersion: "v1", kind: "Namespace", metadata: { name: "istio-system" } });
    secret("tls");
    const before = all();
    await claim();
    secret("token-of-a-lost-state", { [MANAGED_BY]: PROGRAM });
    await cleanUp();
    expect(all()).toEqual(before);
  });

  test("deletes nothing without a claim", async () => {
    api.put({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: "istio-system", annotations: { [MADE]: "true" } },
    });
    const before = all();
    expect(await cleanUp()).toEqual([]);
    expect(all()).toEqual(before);
  });

  /** @returns whether it completed; if not, none of its later requests was answered */
  async function cleanUpKilledAfter(requests: number): Promise<boolean> {
    const step = await cleanupStep();
    const died = Promise.withResolvers<false>();
    let left = requests;
    const passing = async <T>(request: () => Promise<T>): Promise<T> => {
      if (left-- > 0) return request();
      died.resolve(false);
      return new Promise(() => {});
    };
    const { cluster } = step;
    const server: ApiServer = {
      ...cluster.server,
      get: (...question) => passing(() => cluster.server.get(...question)),
      send: (...question) => passing(() => cluster.server.send(...question)),
    };
    const dying = { ...step, cluster: { ...cluster, server, objects: objectsOf(server) } };
    const whole = clusterCleanup.delete(dying, {}).then(() => true);
    return Promise.race([whole, died.promise]);
  }

  test("restores the original after a kill at each request and another update", async () => {
    for (const object of ofOthers()) api.put(object);
    const before = all();
    for (let survived = 0; ; survived++) {
      await claim();
      api.put(gatewayClass("istio"));
      const ended = await cleanUpKilledAfter(survived);
      await claim();
      // The marks of existing objects must return, or the next destroy would delete these objects.
      await claim();
      const marks = ["istio-waypoint", crd.metadata.name].map(
        (name) =>
          FOUND in
          ([...api.objects.values()].find(({ metadata }) => metadata.name === name)?.metadata.annotations ?? {}),
      );
      expect([survived, ...marks]).toEqual([survived, true, true]);
      await cleanUp();
      expect(all()).toEqual(before);
      if (ended) break;
    }
  });
});
