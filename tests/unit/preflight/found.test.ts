import { describe, expect, test } from "vitest";
import { MEMORY } from "../../../mesh/ciliumSettings.ts";
import { INSTALLED } from "../../../mesh/gatewayApiPlan.ts";
import { FOUND, MADE } from "../../../mesh/ownership.ts";
import { ciliumFindings } from "../../../preflight/checks/cni.ts";
import { gatewayApiFinding, gatewayApiFindings, releaseAt } from "../../../preflight/checks/gatewayApi.ts";
import { pendingServices } from "../../../preflight/checks/loadBalancer.ts";
import { namespaceFinding } from "../../../preflight/checks/namespaces.ts";
import { registryFindings } from "../../../preflight/checks/registries.ts";
import { rightsLines } from "../../../preflight/checks/rights.ts";
import { folder } from "../config/fixtures.ts";

describe("the Gateway API", () => {
  const crd = (release: string, ours = false) => ({
    metadata: {
      name: "gateways.gateway.networking.k8s.io",
      labels: ours ? { [INSTALLED]: release } : {},
      annotations: { "gateway.networking.k8s.io/bundle-version": release },
    },
  });
  const source = "https://mirror.example/gateway-api/releases/download/v1.2.1/standard-install.yaml";
  const find = (live: object[], from?: string) => gatewayApiFinding("c", live as never, from);

  test.each<[string, object[], string | undefined, object]>([
    ["is installed", [], source, { id: "gatewayApiComes", release: "v1.2.1" }],
    ["is installed in an unknown release", [], "https://mirror.example/latest.yaml", { id: "gatewayApiComes" }],
    ["is disabled", [], undefined, { id: "noGatewayApi" }],
    ["is the program's", [crd("v1.2.1", true)], source, { id: "gatewayApi", release: "v1.2.1", ours: true }],
    ["is the program's and newer", [crd("v1.3.0", true)], source, { id: "gatewayApi", release: "v1.3.0" }],
    [
      "is the program's and is upgraded",
      [crd("v1.1.0", true)],
      source,
      { id: "gatewayApiComes", release: "v1.2.1", from: "v1.1.0" },
    ],
    ["is the provider's", [crd("v1.2.1")], source, { id: "gatewayApi", ours: false }],
    ["is the provider's and is disabled", [crd("v1.0.0")], undefined, { id: "gatewayApi", release: "v1.0.0" }],
    [
      "is the provider's and newer",
      [crd("v1.10.0")],
      source,
      { id: "gatewayApiDiffers", is: "newer", wanted: "v1.2.1" },
    ],
    ["is the provider's and older", [crd("v1.2.0-rc1")], source, { id: "gatewayApiDiffers", is: "older" }],
    [
      "has CRDs of two releases",
      [crd("v1.2.1", true), crd("v1.1.0")],
      source,
      { id: "gatewayApiDiffers", is: "mixed", releases: ["v1.1.0", "v1.2.1"] },
    ],
  ])("%s", (_, live, from, finding) => {
    expect(find(live, from)).toMatchObject(finding);
    if (!("release" in finding)) expect(find(live, from)).not.toHaveProperty("from");
  });

  test("warns about kinds that this Istio ignores", () => {
    const tooOld = (live: object[], istio: string, from?: string) =>
      gatewayApiFindings("c", live as never, from, istio).slice(-1);
    const kinds = ["BackendTLSPolicy", "TLSRoute", "TCPRoute"];
    const about = {
      id: "gatewayApiKindsIgnored",
      severity: "warning",
      cluster: "c",
      istio: "1.31.0",
      kinds,
      wanted: "v1.6.0",
    };
    expect(tooOld([], "1.31.0", source)).toEqual([{ ...about, release: "v1.2.1", ours: true }]);
    expect(tooOld([crd("v1.2.1", true)], "1.31.0")).toEqual([{ ...about, release: "v1.2.1", ours: true }]);
    expect(tooOld([crd("v1.2.1")], "1.31.0", source)).toEqual([{ ...about, release: "v1.2.1", ours: false }]);
    expect(tooOld([crd("v1.5.1")], "1.31.0")).toMatchObject([{ kinds: ["TCPRoute"] }]);
    expect(tooOld([crd("v1.5.1")], "1.30.4")).toMatchObject([{ id: "gatewayApi" }]);
    expect(tooOld([crd("v1.5.1")], "1.29.7")).toMatchObject([{ kinds: ["TLSRoute"] }]);
    expect(tooOld([crd("v1.6.0-rc.1")], "1.31.0")).toMatchObject([{ id: "gatewayApi" }]);
    const older = gatewayApiFindings("c", [crd("v1.1.0")] as never, source, "1.31.0");
    expect(older.map(({ id }) => id)).toEqual(["gatewayApiKindsIgnored"]);
  });

  test("reads the release from a local file or folder", () => {
    const root = folder({
      "api/a.yaml": "kind: A\n",
      "api/b.yaml": "gateway.networking.k8s.io/bundle-version: v1.4.0\n",
    });
    expect(releaseAt(`${root}/api`)).toBe("v1.4.0");
    expect(releaseAt(`${root}/api/b.yaml`)).toBe("v1.4.0");
    expect(releaseAt(`${root}/api/a.yaml`)).toBeUndefined();
    expect(releaseAt(`${root}/none`)).toBeUndefined();
  });
});

describe("registries that were shut down", () => {
  const node = (...names: string[]) => ({ status: { images: [{ names }, { names: null }] } });
  const find = (hub: string, ...nodes: object[]) => registryFindings("c", nodes as never, hub);

  test("are found in the images on nodes, each image once, and in the hub", () => {
    const old = "gcr.io/istio-release/proxyv2:1.24.0";
    const images = ["registry.istio.io/release/pilot:1.30.1", old, `${old}@sha256:00`, "docker.io/istio/pilot:1.31.0"];
    expect(find("docker.io/istio", node(...images), node(old), { status: {} })).toEqual([
      {
        id: "endedRegistry",
        severity: "warning",
        cluster: "c",
        images: [old, "registry.istio.io/release/pilot:1.30.1"],
      },
    ]);
    expect(find("gcr.io/istio-release")).toMatchObject([{ id: "endedHub", hub: "gcr.io/istio-release" }]);
    expect(find("mirror.example/gcr.io/istio-release", node("mirror.example/gcr.io/istio-release/pilot:1"))).toEqual(
      [],
    );
  });
});

describe("a namespace", () => {
  const namespace = (metadata: object, conditions: object[] = []) =>
    ({ metadata: { name: "n", uid: "u", ...metadata }, status: { conditions } }) as never;
  const find = (name: string, found?: never) => namespaceFinding("c", name, found);
  const deletionTimestamp = "2026-03-01T00:00:00Z";

  test("is missing, was created by the program, or existed before", () => {
    expect(find("sample")).toMatchObject({ id: "namespaceComes", severity: "ok" });
    expect(find("sample", namespace({ annotations: { [MADE]: "true" } }))).toMatchObject({ id: "namespaceOurs" });
    expect(find("sample", namespace({ annotations: { [FOUND]: "{}" } }))).toMatchObject({ id: "namespaceLent" });
    expect(find("sample", namespace({ labels: { owner: "somebody" } }))).toMatchObject({ id: "namespaceLent" });
  });

  test("that is being deleted is an error, with the cause", () => {
    const conditions = [
      { status: "False", message: "not this" },
      { status: "True", message: "finalizers remain" },
    ];
    expect(find("istio-system", namespace({ deletionTimestamp, annotations: { [MADE]: "true" } }, conditions))).toEqual(
      {
        id: "namespaceEnds",
        severity: "error",
        cluster: "c",
        namespace: "istio-system",
        said: "finalizers remain",
      },
    );
  });

  test.each([
    [{ "istio-injection": "disabled" }, "istio-injection=disabled"],
    [{ "istio.io/rev": "canary" }, "istio.io/rev=canary"],
  ])("with %j blocks the sample's sidecars", (labels, label) => {
    expect(find("sample", namespace({ labels }))).toMatchObject({ id: "namespaceKeepsSidecarsOut", label });
    // Gateways are injected as well.
    for (const annotations of [{}, { [MADE]: "true" }])
      expect(find("istio-system", namespace({ labels, annotations }))).toMatchObject({
        id: "systemKeepsProxiesOut",
        severity: "error",
        label,
      });
    // For a namespace that the program created, the program fixes this itself.
    expect(find("sample", namespace({ labels, annotations: { [MADE]: "true" } })).severity).toBe("ok");
  });
});

describe("Cilium", () => {
  const right = { "bpf-lb-sock-hostns-only": "true", "cni-exclusive": "false", "enable-l7-proxy": "false" };
  const wrong = { ...right, "cni-exclusive": "true" };
  const settings = ["cni-exclusive=false"];
  const find = (data: Record<string, string>, more: object = {}, annotations: Record<string, string> = {}) =>
    ciliumFindings(
      "c",
      { metadata: { annotations }, data },
      { patch: true, leave: [], meshExists: false, field: "clusters[0].cilium", l7: [], ...more },
    );

  test.each([
    [right, {}, { id: "ciliumReady" }],
    [right, { patch: false }, { id: "ciliumReady" }],
    [wrong, {}, { id: "ciliumChanges", severity: "ok", settings }],
    [wrong, { leave: ["cni-exclusive"] }, { id: "ciliumReady" }],
    [
      { ...right, "enable-l7-proxy": "true" },
      { l7: ["«use»"] },
      { id: "ciliumL7InUse", severity: "error", uses: ["«use»"], field: "clusters[0].cilium.leave" },
    ],
    [wrong, { meshExists: true }, { id: "ciliumChangedSince", severity: "warning", settings }],
    [
      wrong,
      { patch: false },
      { id: "ciliumNotForIstio", severity: "warning", settings, field: "clusters[0].cilium.patch" },
    ],
  ])("%j %j", (data, more, finding) => {
    expect(find(data, more)).toMatchObject([finding]);
  });

  const remembered = (former: object) => ({ [MEMORY]: JSON.stringify({ former, restart: "r" }) });

  test("whose layer 7 proxy is in use again does not block an update that leaves it enabled", () => {
    const data = { ...right, "enable-l7-proxy": "true" };
    const [found] = find(data, { meshExists: true, l7: ["«use»"] }, remembered({ "enable-l7-proxy": "true" }));
    expect(found).toMatchObject({ id: "ciliumL7InUse", severity: "warning" });
  });

  test("whose key is restored after a change of the config is not reported", () => {
    const found = find(right, { meshExists: true, leave: ["cni-exclusive"] }, remembered({ "cni-exclusive": null }));
    expect(found).toMatchObject([{ id: "ciliumReady" }]);
  });

  test("with a setting that others changed is reported with the former value", () => {
    const memory = remembered({ "cni-exclusive": "true" });
    const [found] = find({ ...right, "cni-exclusive": "partly" }, { meshExists: true }, memory);
    expect(found).toMatchObject({ id: "ciliumChangedByOthers", said: [expect.stringContaining('"partly"')] });
  });
});

test("lists pending load balancers, except the gateway's if the config has its address", () => {
  const service = (namespace: string, name: string, ingress: unknown[] = []) => ({
    metadata: { namespace, name },
    status: { loadBalancer: { ingress } },
  });
  const services = [
    service("shop", "front"),
    service("istio-system", "istio-ingressgateway"),
    service("istio-system", "istio-ingress"),
    service("a", "b", [{ ip: "192.0.2.1" }]),
  ];
  const all = ["istio-system/istio-ingress", "istio-system/istio-ingressgateway", "shop/front"];
  expect(pendingServices(services, false)).toEqual(all);
  expect(pendingServices(services, true)).toEqual(["istio-system/istio-ingress", "shop/front"]);
  expect(pendingServices([{ metadata: { namespace: "a", name: "b" } }], false)).toEqual(["a/b"]);
});

test("groups missing rights by resource", () => {
  expect(
    rightsLines([
      { verb: "create", group: "", resource: "namespaces" },
      { verb: "create", group: "apps", resource: "deployments", namespace: "n" },
      { verb: "patch", group: "apps", resource: "deployments", namespace: "n" },
      { verb: "get", group: "", resource: "pods", subresource: "exec" },
      { verb: "bind", group: "rbac", resource: "roles", namespace: "n", name: "r" },
    ]),
  ).toEqual(["create namespaces", "create patch deployments.apps (n)", "get pods/exec", "bind roles.rbac (n/r)"]);
});
