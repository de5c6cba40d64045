import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { KubernetesObject } from "@kubernetes/client-node";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { parseConfig } from "../../../config/parse.ts";
import { catalogue } from "../../../i18n/language.ts";
import { adviceOf } from "../../../i18n/preflightReport.ts";
import type { PreflightFinding } from "../../../mesh/preflightFindings.ts";
import { examine } from "../../../preflight/examine.ts";
import { runOn, runWith } from "../cli/runOn.ts";
import { folder } from "../config/fixtures.ts";
import { COREDNS, claimedBy, entriesOf, type FakeCluster, fakeCluster, ROLE } from "./fakeCluster.ts";

let one: FakeCluster;
let two: FakeCluster;
beforeEach(async () => {
  [one, two] = await Promise.all([fakeCluster("first"), fakeCluster("second")]);
});
afterEach(() => {
  one.close();
  two.close();
});

const ROOT = "/";
const entries = (kubeconfigs = [one.kubeconfig, two.kubeconfig]) =>
  entriesOf(kubeconfigs.map((kubeconfig) => ({ kubeconfig })));
/** Omits the warning about the end of Istio's support, which depends on the date. */
const look = async (mesh: object = {}, kubeconfigs?: string[]) =>
  (await examine(parseConfig({ clusters: entries(kubeconfigs), ...mesh }, ROOT))).filter(
    ({ id }) => id !== "istioAtEndOfLife",
  );
const wrong = (findings: readonly PreflightFinding[]) => findings.filter(({ severity }) => severity !== "ok");

/** Changes one part of a kubeconfig. */
function changed(text: string, part: "clusters" | "users", change: object): string {
  const config = parse(text);
  const key = part.slice(0, -1);
  Object.assign(config[part][0][key], change);
  return stringify(config);
}

describe("two healthy clusters", () => {
  test("have no errors, with few requests, none of them repeated", async () => {
    const findings = await look();
    expect(wrong(findings)).toEqual([]);
    expect(findings.filter(({ cluster }) => cluster === "one").map(({ id }) => id)).toEqual([
      "reached",
      "supported",
      "allowed",
      "nodesReady",
      "room",
      "loadBalancer",
      "storageClass",
      "metrics",
      "noIstio",
      "namespaceComes",
      "namespaceComes",
      "gatewayApiComes",
      "clusterDomain",
      "clock",
    ]);
    const gets = one.asked.filter((request) => request.startsWith("GET"));
    expect(gets).toEqual([...new Set(gets)]);
    // One review of rights, five dry runs of objects outside of namespaces, and in namespace default those of istiod (2)
    // and of the gateway and both sample workloads (4 each).
    const posts = one.asked.filter((request) => request.startsWith("POST"));
    expect(posts).toHaveLength(20);
    expect(one.asked.length - posts.length).toBeLessThan(26);
  });

  test("have no errors while their API servers are busy", async () => {
    for (const path of ["/version", "/api/v1/nodes", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"])
      two.busy.add(path);
    expect(wrong(await look())).toEqual([]);
    expect(two.busy.size).toBe(0);
  });

  test("are not asked for pods if the whole mesh exists", async () => {
    const deployments = (...names: string[]) => ({ items: names.map((name) => ({ metadata: { name } })) });
    one.answers["/apis/apps/v1/namespaces/istio-system/deployments"] = deployments("istiod", "istio-ingressgateway");
    one.answers["/apis/apps/v1/namespaces/sample/deployments"] = deployments("reviews-v1", "sleep");
    expect((await look()).filter(({ id }) => id === "room")).toMatchObject([{ cluster: "two", pods: 4 }]);
    expect(one.asked).not.toContain("GET /api/v1/pods");
  });
});

test("texts of a server are shown without control characters and credentials", async () => {
  const evil = "\u001b[2J\u202e\n\u009b1m";
  one.answers["/version"] = { gitVersion: `v1.32.2${evil}` };
  one.answers["/api/v1/namespaces/istio-system"] = {
    metadata: { name: "istio-system", uid: "u", deletionTimestamp: "2026-01-01T00:00:00Z" },
    status: { conditions: [{ status: "True", message: `held up${evil}https://user:secret@host` }] },
  };
  one.answers["/apis/apiextensions.k8s.io/v1/customresourcedefinitions"] = {
    items: [
      {
        metadata: {
          name: "gateways.gateway.networking.k8s.io",
          annotations: { "gateway.networking.k8s.io/bundle-version": `v1.0.0${evil}` },
        },
      },
    ],
  };
  const findings = await look();
  expect(findings.map(({ id }) => id)).toEqual(expect.arrayContaining(["namespaceEnds", "gatewayApiKindsIgnored"]));
  const texts = findings.flatMap((finding) => Object.values(adviceOf(finding, catalogue.en)));
  expect(texts.filter((text) => /[\p{Cc}\p{Cf}]|secret/u.test(text))).toEqual([]);
  expect(texts.join()).toContain("held up https://***@host");
});

describe("fixed node ports", () => {
  const port = (namespace: string, name: string) => ({
    metadata: { namespace, name },
    spec: { ports: [{ nodePort: 31443 }] },
  });
  const gateway = { nodePorts: { tls: 31443 } };

  test("are an error if another Service has them, but not if the gateway itself does", async () => {
    one.answers["/api/v1/services"] = { items: [port("istio-system", "istio-ingressgateway")] };
    two.answers["/api/v1/services"] = { items: [port("web", "shop")] };
    const taken = (await look({ gateway })).filter(({ id }) => id === "nodePortTaken");
    expect(new Set(taken.map(({ cluster }) => cluster))).toEqual(new Set(["two"]));
    expect(taken[0]).toMatchObject({ severity: "error", port: 31443, service: "web/shop", field: "gateway.nodePorts" });
  });

  test("are not checked if the config has none", async () => {
    two.answers["/api/v1/services"] = { items: [port("web", "shop")] };
    expect((await look()).filter(({ id }) => id === "nodePortTaken")).toEqual([]);
  });
});

describe("a cluster domain", () => {
  const serves = (cluster: FakeCluster, ...zones: string[]) => {
    const lines = [".:53 {", `  kubernetes ${zones.join(" ")} in-addr.arpa {`, "  }", "}"];
    cluster.answers[COREDNS] = { data: { Corefile: lines.join("\n") } };
  };
  const both = (...zones: string[]) => {
    for (const cluster of [one, two]) serves(cluster, ...zones);
  };
  const about = async (mesh?: object) => (await look(mesh)).filter(({ id }) => id.startsWith("clusterDomain"));

  test("of all clusters matches the config", async () => {
    both("corp.internal");
    expect(await about({ clusterDomain: "corp.internal" })).toMatchObject([
      { id: "clusterDomain", severity: "ok", cluster: "one", domain: "corp.internal" },
      { id: "clusterDomain", severity: "ok", cluster: "two", domain: "corp.internal" },
    ]);
  });

  test("of all clusters that differs from the config is reported", async () => {
    both("corp.internal");
    const source = "ConfigMap kube-system/coredns";
    const fact = { id: "clusterDomainDiffers", severity: "error", domains: ["corp.internal"], source };
    const configured = { configured: "cluster.local", shared: "corp.internal" };
    expect(await about()).toEqual([
      { ...fact, ...configured, cluster: "one" },
      { ...fact, ...configured, cluster: "two" },
    ]);
  });

  test("that differs between clusters is an error, regardless of the config", async () => {
    serves(two, "corp.internal");
    expect(await about()).toMatchObject([
      { id: "clusterDomain", cluster: "one" },
      { id: "clusterDomainsDiffer", severity: "error", cluster: "two", peer: "one", peerDomains: ["cluster.local"] },
    ]);
    expect(await about({ clusterDomain: "corp.internal" })).toMatchObject([
      { id: "clusterDomainsDiffer", severity: "error", cluster: "one", peer: "two", peerDomains: ["corp.internal"] },
      { id: "clusterDomain", cluster: "two" },
    ]);
  });

  test("may be one of several", async () => {
    serves(two, "corp.internal", "cluster.local");
    expect(wrong(await about())).toEqual([]);
  });

  test("is read from NodeLocal DNSCache or a kubelet if CoreDNS is not readable", async () => {
    one.answers[COREDNS] = 403;
    one.answers["/api/v1/namespaces/kube-system/configmaps/node-local-dns"] = {
      data: { Corefile: "corp.internal:53 {\n  forward . 10.0.0.10\n}\nin-addr.arpa:53 {\n}\n.:53 {\n}" },
    };
    two.answers[COREDNS] = { data: {} };
    two.answers["/api/v1/nodes/n/proxy/configz"] = { kubeletconfig: { clusterDomain: "corp.internal." } };
    expect(await about()).toMatchObject([
      { id: "clusterDomainDiffers", source: "ConfigMap kube-system/node-local-dns", shared: "corp.internal" },
      { id: "clusterDomainDiffers", source: "kubelet of node n", shared: "corp.internal" },
    ]);
  });

  test("that cannot be read is assumed to be the default, and a warning if the config has another one", async () => {
    two.answers[COREDNS] = 403;
    two.answers["/api/v1/nodes/n/proxy/configz"] = 403;
    const unknown = { id: "clusterDomainUnknown", cluster: "two" };
    expect(await about()).toContainEqual({ ...unknown, severity: "ok", domain: "cluster.local" });
    serves(one, "corp.internal");
    expect(wrong(await look({ clusterDomain: "corp.internal" }))).toEqual([
      { ...unknown, severity: "warning", domain: "corp.internal" },
    ]);
  });
});

describe("finds an error:", () => {
  const only = async (expected: object, mesh?: object, kubeconfigs?: string[]) =>
    expect(wrong(await look(mesh, kubeconfigs))).toMatchObject([{ cluster: "two", ...expected }]);

  test("an unreachable API server", async () => {
    two.close();
    await only({ id: "notReached", severity: "error", said: expect.stringContaining("ECONNREFUSED") });
  });

  test("a certificate of another CA", async () => {
    const stranger = changed(two.kubeconfig, "clusters", { "certificate-authority-data": undefined });
    await only({ id: "notReached", said: expect.stringMatching(/certificate/) }, {}, [one.kubeconfig, stranger]);
  });

  test("another server at the address", async () => {
    two.answers["/version"] = { hello: "world" };
    await only({ id: "noApiServer", severity: "error", status: 200 });
  });

  test("expired credentials", async () => {
    two.answers["/api/v1/namespaces/kube-system"] = 401;
    await only({ id: "notLetIn", severity: "error" });
  });

  test("a failing credentials command, with its last message and without its output", async () => {
    const path = `${folder()}/login`;
    writeFileSync(path, "#!/bin/sh\necho >&2 'login: no session'\necho token-of-mine\nexit 3\n");
    chmodSync(path, 0o700);
    const exec = { apiVersion: "client.authentication.k8s.io/v1", command: path, interactiveMode: "Never" };
    const kubeconfig = changed(two.kubeconfig, "users", { token: undefined, exec });
    await only({ id: "commandFailed", severity: "error", command: path, said: "exit code 3: login: no session" }, {}, [
      one.kubeconfig,
      kubeconfig,
    ]);
  });

  test("one cluster under two names", async () => {
    const uid = { metadata: { name: "kube-system", uid: "first" } };
    two.answers["/api/v1/namespaces/kube-system"] = uid;
    await only({ id: "sameCluster", severity: "error", peer: "one", uid: "first" });
  });

  test("a Kubernetes version that Istio does not support, unless that is allowed", async () => {
    two.answers["/version"] = { gitVersion: "v1.20.15" };
    await only({ id: "unsupported", severity: "error" });
    await only({ id: "unsupported", severity: "warning" }, { istio: { allowUnsupported: true } });
  });

  test("a missing right", async () => {
    two.allowed = ({ verb, resource }) => verb !== "*" && resource !== "namespaces";
    await only({
      id: "notAllowed",
      severity: "error",
      rights: expect.arrayContaining([expect.stringMatching(/^create\b.* namespaces$/)]),
    });
    two.allowed = ({ verb }) => verb !== "*";
    expect(wrong(await look())).toEqual([]);
  });

  test("a missing right to query sidecars in other namespaces, only during a root rotation", async () => {
    two.allowed = ({ verb, resource, subresource, namespace }) =>
      verb !== "*" && !(resource === "pods" && subresource === "exec" && namespace === undefined);
    expect(wrong(await look())).toEqual([]);
    await only(
      { id: "notAllowedForRotation", severity: "warning", rights: ["get create pods/exec"] },
      { rootRotation: { phase: "prepared" } },
    );
  });

  test("pods without room, which is a warning if an autoscaler may add nodes", async () => {
    two.answers["/api/v1/pods"] = {
      items: [{ spec: { nodeName: "n", containers: [{ resources: { requests: { memory: "15Gi" } } }] } }],
    };
    const found = { id: "noRoom", pods: ["istio-system/istiod"], free: { cpu: 4000, memory: 1024 } };
    await only({ ...found, severity: "error", grows: false });
    two.answers["/api/v1/namespaces/kube-system/configmaps/cluster-autoscaler-status"] = {};
    await only({ ...found, severity: "warning", grows: true });
  });

  test("taints and selectors that exclude all nodes, regardless of their room", async () => {
    const taints = [{ key: "dedicated", value: "infra", effect: "NoSchedule" }];
    const tainted = (name: string) => ({
      metadata: { name },
      spec: { taints },
      status: {
        allocatable: { cpu: "4", memory: "16Gi", pods: "110" },
        conditions: [{ type: "Ready", status: "True" }],
      },
    });
    two.answers["/api/v1/nodes"] = { items: ["a", "b", "c"].map(tainted) };
    const toleration = '{key: dedicated, value: "infra", effect: NoSchedule}';
    await only({
      id: "noNodeForPods",
      severity: "error",
      pods: ["istio-system/istiod", "istio-system/istio-ingressgateway", "sample/reviews-v2", "sample/sleep"],
      nodes: 3,
      taints: [{ taint: "dedicated=infra:NoSchedule", toleration, nodes: 3 }],
    });
    const [finding] = wrong(await look());
    const { found, do: advice } = adviceOf(finding as PreflightFinding, catalogue.en);
    expect(found).toContain("taint dedicated=infra:NoSchedule on 3 of 3 nodes");
    expect(advice).toContain(`pods.tolerations: [${toleration}]`);
    expect(advice).not.toContain("add nodes");
    const pods = { tolerations: [{ key: "dedicated", value: "infra" }] };
    expect(wrong(await look({ pods }))).toEqual([]);
    const own = { pilot: { tolerations: [{ operator: "Exists" }] } };
    const mesh = { gateway: { tolerations: [{ operator: "Exists" }] }, istio: { values: { istiod: own } } };
    expect(wrong(await look({ ...mesh, sample: { enabled: false } }))).toEqual([]);
  });

  test("another Istio, its webhooks, or its custom resources", async () => {
    const part = (name: string, namespace?: string) => ({ metadata: { name, ...(namespace && { namespace }) } });
    const webhooks = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations";
    two.answers[webhooks] = { items: [part("istio-sidecar-injector")] };
    await only({ id: "othersIstio", parts: ["MutatingWebhookConfiguration istio-sidecar-injector"] });
    delete two.answers[webhooks];

    // Parts of a removed Istio, in a namespace that stayed.
    const system = "/api/v1/namespaces/istio-system";
    two.answers[system] = { metadata: { name: "istio-system" } };
    two.answers[`${system}/services`] = { items: [part("istio-ingressgateway", "istio-system")] };
    await only({ id: "othersIstio", parts: ["Service istio-system/istio-ingressgateway"] });
    // In a cluster with the program's mesh, these are parts of that mesh.
    claimedBy(two);
    expect(wrong(await look())).toEqual([]);
    for (const path of [system, `${system}/services`, ROLE]) delete two.answers[path];

    const crds = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    const group = "networking.istio.io";
    two.answers[crds] = { items: [part(`serviceentries.${group}`), part(`envoyfilters.${group}`)] };
    const served = { v1: ["serviceentries"], v1alpha3: ["serviceentries", "envoyfilters"] };
    two.answers[`/apis/${group}`] = {
      versions: Object.keys(served).map((version) => ({ groupVersion: `${group}/${version}` })),
    };
    for (const [version, names] of Object.entries(served))
      two.answers[`/apis/${group}/${version}`] = { resources: names.map((name) => ({ name })) };
    two.answers[`/apis/${group}/v1/serviceentries`] = { items: [part("theirs", "default")] };
    two.answers[`/apis/${group}/v1alpha3/envoyfilters`] = { items: [part("theirs")] };
    const resources = [`envoyfilters.${group} theirs`, `serviceentries.${group} default/theirs`];
    await only({ id: "othersResources", resources });
    expect(wrong(await look({ istio: { keepCrds: true } }))).toEqual([]);
  });

  test("a second Istio beside the mesh's own, which is recognised by its marks", async () => {
    claimedBy(two);
    const annotations = { "meta.helm.sh/release-name": "istiod", "meta.helm.sh/release-namespace": "istio-system" };
    const own = { metadata: { name: "istiod", namespace: "istio-system", annotations } };
    const webhook = { metadata: { name: "istio-validator-istio-system", annotations } };
    two.answers["/apis/apps/v1/deployments"] = { items: [own] };
    two.answers["/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"] = { items: [webhook] };
    const findings = await look();
    expect(wrong(findings)).toEqual([]);
    expect(findings).toContainEqual({ id: "ownIstio", severity: "ok", cluster: "two" });
    two.answers["/apis/apps/v1/deployments"] = {
      items: [own, { metadata: { name: "istiod", namespace: "kube-public" } }],
    };
    await only({ id: "othersIstio", parts: ["Deployment kube-public/istiod"] });
    two.answers["/apis/apps/v1/deployments"] = { items: [] };
    await only({ id: "istiodMissing", webhook: "istio-validator-istio-system" });
  });

  test("clocks that are too far apart", async () => {
    two.ahead = -130;
    expect(wrong(await look())).toMatchObject([
      { id: "clockDiffers", severity: "error", cluster: "one", peer: "two", is: "ahead", bound: 120 },
      { id: "clockDiffers", severity: "error", cluster: "two", is: "behind", bound: 120 },
    ]);
  });
});

describe("warns about", () => {
  test("what the account may not read, and failing requests", async () => {
    two.answers["/api/v1/nodes"] = 403;
    two.answers["/apis/storage.k8s.io/v1/storageclasses"] = 500;
    expect(wrong(await look())).toEqual([
      { id: "notSeen", severity: "warning", cluster: "two", paths: ["/api/v1/nodes"] },
      {
        id: "notChecked",
        severity: "warning",
        cluster: "two",
        said: ["/apis/storage.k8s.io/v1/storageclasses is 500"],
      },
    ]);
  });

  test("pending load balancers, no default StorageClass, no metrics API, Cilium's settings", async () => {
    two.answers["/api/v1/services"] = { items: [{ metadata: { name: "front", namespace: "shop" } }] };
    // An API server without this kind.
    two.answers["/apis/storage.k8s.io/v1/storageclasses"] = 404;
    two.answers["/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io"] = 404;
    const cilium = { name: "cilium", namespace: "kube-system", labels: { "k8s-app": "cilium" } };
    two.answers["/apis/apps/v1/daemonsets"] = { items: [{ metadata: cilium }] };
    const config = "/api/v1/namespaces/kube-system/configmaps/cilium-config";
    two.answers[config] = { metadata: {}, data: { "cni-exclusive": "false" } };
    const ids = (findings: readonly PreflightFinding[]) => wrong(findings).map(({ id }) => id);
    expect(ids(await look())).toEqual(["loadBalancersPending", "noStorageClass", "noMetrics"]);

    const wanted = { provisioner: "p.example", name: "ours" };
    const clusters = entries().map((entry) => ({ ...entry, storageClass: wanted, cilium: { patch: false } }));
    const mesh = { clusters, metricsServer: { source: "https://mirror.example/m.yaml" } };
    expect(ids(await look(mesh))).toEqual(["loadBalancersPending", "ciliumNotForIstio"]);
    delete two.answers[config];
    expect(ids(await look())).toContain("ciliumWithoutConfig");
  });

  test("uses of Cilium's layer 7 proxy, unless the config leaves it enabled", async () => {
    const cilium = { name: "cilium", namespace: "kube-system", labels: { "k8s-app": "cilium" } };
    two.answers["/apis/apps/v1/daemonsets"] = { items: [{ metadata: cilium }] };
    two.answers["/api/v1/namespaces/kube-system/configmaps/cilium-config"] = { metadata: {}, data: {} };
    const spec = { egress: [{ toFQDNs: [{ matchName: "a.example" }] }] };
    const policies = "/apis/cilium.io/v2/ciliumnetworkpolicies";
    two.answers[policies] = { items: [{ metadata: { name: "front", namespace: "shop" }, spec }] };
    expect(wrong(await look())).toMatchObject([
      {
        id: "ciliumL7InUse",
        severity: "error",
        cluster: "two",
        uses: ["CiliumNetworkPolicy shop/front: toFQDNs"],
        field: "clusters[1].cilium.leave",
      },
    ]);
    const clusters = entries().map((entry) => ({ ...entry, cilium: { leave: ["enable-l7-proxy"] } }));
    expect(wrong(await look({ clusters }))).toEqual([]);
    two.answers[policies] = 403;
    expect(wrong(await look())).toEqual([{ id: "notSeen", severity: "warning", cluster: "two", paths: [policies] }]);
  });
});

describe("a dry run of the mesh's objects", () => {
  const system = "/api/v1/namespaces/istio-system";
  const refuse = (status: number, message: string) => ({ status, body: { kind: "Status", message } });
  const PODS = "/pods";
  const pods: (path: string) => boolean = (path) => path.endsWith(PODS);
  const labelled = (level: string) => ({
    metadata: { name: "x", uid: "x", labels: { "pod-security.kubernetes.io/enforce": level } },
  });
  const ofTwo = async (mesh?: object) => wrong(await look(mesh)).filter(({ cluster }) => cluster === "two");

  describe("of metrics-server", () => {
    const API_SERVICE = "/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io";
    const metadata = { name: "metrics-server", namespace: "kube-system", labels: { "k8s-app": "metrics-server" } };
    const template = {
      metadata: { labels: metadata.labels },
      spec: { containers: [{ name: "m", image: "registry.k8s.io/m:v1" }] },
    };
    const manifest = [
      { apiVersion: "v1", kind: "ServiceAccount", metadata },
      { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name: "system:metrics-server" } },
      { apiVersion: "v1", kind: "Service", metadata, spec: { ports: [{ port: 443 }] } },
      { apiVersion: "apps/v1", kind: "Deployment", metadata, spec: { replicas: 2, template } },
      { apiVersion: "apiregistration.k8s.io/v1", kind: "APIService", metadata: { name: "v1beta1.metrics.k8s.io" } },
    ];
    const source = join(
      folder({ "components.yaml": manifest.map((object) => stringify(object)).join("---\n") }),
      "components.yaml",
    );
    const mesh = { metricsServer: { source, registry: "mirror.example" } };
    beforeEach(() => {
      two.answers[API_SERVICE] = 404;
    });

    test("is sent as it will be created if there is no metrics API", async () => {
      const sent = new Map<string, KubernetesObject>();
      two.admit = (path, object) => {
        if (path.includes("/kube-system/")) sent.set(path, object);
        return { status: 201, body: object };
      };
      await look(mesh);
      expect([...sent.keys()].toSorted()).toEqual([
        "/api/v1/namespaces/kube-system/pods",
        "/api/v1/namespaces/kube-system/serviceaccounts",
        "/api/v1/namespaces/kube-system/services",
        "/apis/apps/v1/namespaces/kube-system/deployments",
      ]);
      expect(sent.get("/api/v1/namespaces/kube-system/pods")).toMatchObject({
        metadata: { labels: metadata.labels },
        spec: { containers: [{ image: "mirror.example/m:v1" }] },
      });
      sent.clear();
      await look();
      two.answers[API_SERVICE] = { status: { conditions: [{ type: "Available", status: "True" }] } };
      await look(mesh);
      expect([...sent]).toEqual([]);
    });

    test("reports a rejected pod as an error, and ignores existing objects of the same names", async () => {
      two.admit = (path, object) =>
        path === "/api/v1/namespaces/kube-system/pods"
          ? refuse(403, 'pods "metrics-server" is forbidden: violates PodSecurity "restricted:latest": seccompProfile')
          : path.includes("/kube-system/")
            ? { status: 409, body: { kind: "Status", reason: "AlreadyExists", message: "it is there" } }
            : { status: 201, body: object };
      expect(await ofTwo(mesh)).toEqual([
        expect.objectContaining({ id: "refused", severity: "error", objects: ["Pod kube-system/metrics-server"] }),
      ]);
    });

    test("ignores a manifest that cannot be read", async () => {
      const broken = join(folder({ "components.yaml": "kind: List\n" }), "components.yaml");
      expect(await ofTwo({ metricsServer: { source: broken } })).toEqual([]);
    });
  });

  test("sends each missing object and its pods into existing namespaces", async () => {
    two.answers[system] = { metadata: { name: "istio-system", uid: "s" } };
    const sent: string[] = [];
    const objects: KubernetesObject[] = [];
    two.admit = (path, object) => {
      sent.push(`${object.kind} ${path.split("/namespaces/")[1]?.replace(/[^/]+$/, "") ?? ""}${object.metadata?.name}`);
      objects.push(object);
      return { status: 201, body: object };
    };
    await look();
    expect(sent.toSorted()).toEqual(
      [
        "Namespace sample",
        "ClusterRole csp-mesh-claim",
        "MutatingWebhookConfiguration istio-sidecar-injector",
        "CustomResourceDefinition telemetries.telemetry.istio.io",
        "Pod istio-system/istiod",
        "Deployment istio-system/istiod",
        "Pod istio-system/istio-ingressgateway",
        "Deployment istio-system/istio-ingressgateway",
        "Service istio-system/istio-ingressgateway",
        "ServiceAccount istio-system/istio-ingressgateway",
        // Their namespace does not exist yet.
        ...["reviews-v2", "sleep"].flatMap((name) => [`Pod default/${name}`, `Deployment default/${name}`]),
        ...["Service default/reviews", "ServiceAccount default/bookinfo-reviews"],
        ...["Service default/sleep", "ServiceAccount default/sleep"],
      ].toSorted(),
    );
    // Their ServiceAccounts do not exist yet, nor a webhook that would replace the image "auto".
    const own = objects.filter(({ kind }) => kind === "Pod") as { spec?: object }[];
    expect(JSON.stringify(own)).not.toContain('"auto"');
    for (const pod of own) expect(pod.spec).toMatchObject({ serviceAccountName: "default" });

    two.answers[`/apis/apps/v1/namespaces/istio-system/deployments`] = {
      items: ["istiod", "istio-ingressgateway"].map((name) => ({ metadata: { name } })),
    };
    sent.length = 0;
    await look({ sample: { enabled: false } });
    expect(sent).toEqual([]);
  });

  test("adds up all pods against a quota, including the cluster's default requests and limits", async () => {
    two.answers[system] = { metadata: { name: "istio-system", uid: "s" } };
    const hard = { "requests.cpu": "700m", pods: "10", "services.nodeports": "7", "limits.cpu": "3" };
    const used = { "requests.cpu": "100m", pods: "8", "services.nodeports": "0" };
    const quotas = [
      { metadata: { name: "all" }, status: { hard, used } },
      { metadata: { name: "batch" }, spec: { scopes: ["Terminating"] }, status: { hard: { pods: "0" } } },
    ];
    two.answers["/api/v1/namespaces/istio-system/resourcequotas"] = { items: quotas };
    // A LimitRange sets limits for istiod, which has none itself.
    two.admit = (_, object) => {
      const { spec } = object as { spec?: { containers?: { name: string; resources: object }[] } };
      const containers = spec?.containers?.map((each) =>
        each.name === "discovery" ? { ...each, resources: { ...each.resources, limits: { cpu: "2" } } } : each,
      );
      return { status: 201, body: containers ? ({ ...object, spec: { ...spec, containers } } as object) : object };
    };
    const objects = expect.arrayContaining(["Pod istio-system/istiod", "Pod istio-system/istio-ingressgateway"]);
    const says = (what: string) => ({
      ...{ id: "refused", severity: "error", cluster: "two", namespace: "istio-system", objects },
      ...{ by: { is: "quota" }, said: `together they exceed quota: all, requested: ${what}` },
    });
    expect((await ofTwo()).filter(({ id }) => id === "refused")).toEqual([says("limits.cpu=4, left: 3")]);

    hard["limits.cpu"] = "4";
    expect((await ofTwo()).filter(({ id }) => id === "refused")).toEqual([]);
    hard["requests.cpu"] = "600m";
    used.pods = "9";
    expect((await ofTwo()).filter(({ id }) => id === "refused")).toEqual([
      says("requests.cpu=0.6, left: 0.5"),
      says("pods=2, left: 1"),
    ]);
    two.answers["/api/v1/namespaces/istio-system/resourcequotas"] = 403;
    expect((await ofTwo()).filter(({ id }) => id === "refused" || id === "notSeen")).toEqual([]);
  });

  test("finds the default level of Pod Security in namespace default, if the mesh's do not exist yet", async () => {
    const said = 'pods "sleep" is forbidden: violates PodSecurity "baseline:latest": non-default capabilities';
    two.admit = (path, object) =>
      path === "/api/v1/namespaces/default/pods" && object.metadata?.name === "sleep"
        ? { status: 403, body: { message: said } }
        : { status: 201, body: object };
    const refused = async () => (await look()).filter(({ id }) => id === "refused");
    const found = { severity: "error", cluster: "two", namespace: "sample", objects: ["Pod sample/sleep"], said };
    expect(await refused()).toEqual([{ id: "refused", ...found, by: { is: "podSecurityOfSidecars" } }]);
    // Its own label hides the default.
    two.answers["/api/v1/namespaces/default"] = {
      metadata: { name: "default", labels: { "pod-security.kubernetes.io/enforce": "baseline" } },
    };
    expect(await refused()).toEqual([]);
  });

  test("finds webhooks and policies in namespace default, if the mesh's do not exist yet", async () => {
    const denied = 'admission webhook "check.example" denied the request: no team label';
    two.admit = (path, object) =>
      path === "/apis/apps/v1/namespaces/default/deployments" ? refuse(400, denied) : { status: 201, body: object };
    const refused = async () => (await look()).filter(({ id }) => id.startsWith("refused"));
    const [system, sample, ...others] = await refused();
    expect(others).toEqual([]);
    const found = { id: "refusedInDefault", severity: "warning", cluster: "two", said: denied };
    const by = { is: "webhook", name: "check.example" };
    const names = ["istiod", "istio-ingressgateway"].map((name) => `Deployment istio-system/${name}`);
    expect(system).toEqual({ ...found, namespace: "istio-system", objects: names, by });
    expect(sample).toMatchObject({ ...found, namespace: "sample", by });
    expect(adviceOf(system as PreflightFinding, catalogue.en).do).toContain("operators of the webhook check.example");
    two.answers["/api/v1/namespaces/sample"] = labelled("privileged");
    two.answers["/api/v1/namespaces/istio-system"] = labelled("privileged");
    expect(await refused()).toEqual([]);
    // A quota of namespace default does not count elsewhere.
    delete two.answers["/api/v1/namespaces/istio-system"];
    two.admit = (path, object) =>
      path.includes("/default/") ? refuse(403, "exceeded quota: few") : { status: 201, body: object };
    expect(await refused()).toEqual([]);
  });

  test("warns about OpenShift's security context constraints, unless the values fit OpenShift", async () => {
    two.answers["/apis/security.openshift.io/v1"] = { groupVersion: "security.openshift.io/v1" };
    const openShift = async (istiod: object) => {
      return (await look({ istio: { values: { istiod } } })).filter(({ id }) => id.startsWith("openShift"));
    };
    expect(await openShift({})).toEqual([{ id: "openShiftRefuses", severity: "warning", cluster: "two" }]);
    const platform = { global: { platform: "openshift" } };
    expect(await openShift(platform)).toEqual([{ id: "openShift", severity: "ok", cluster: "two" }]);
    expect(await openShift({ ...platform, pilot: { cni: { enabled: false } } })).toMatchObject([
      { severity: "warning" },
    ]);
  });

  test("names the cause, quotes the cluster, and gives advice", async () => {
    two.answers["/api/v1/namespaces/sample"] = labelled("baseline");
    two.answers["/api/v1/namespaces/default"] = labelled("privileged");
    const said = 'pods "sleep" is forbidden: violates PodSecurity "baseline:latest": non-default capabilities';
    two.admit = (path, object) => (pods(path) ? refuse(403, said) : { status: 201, body: object });
    const [finding, ...others] = await ofTwo();
    expect(others).toEqual([]);
    expect(finding).toEqual({
      id: "refused",
      severity: "error",
      cluster: "two",
      namespace: "sample",
      objects: ["Pod sample/reviews-v2", "Pod sample/sleep"],
      said,
      by: { is: "podSecurityOfSidecars" },
    });
    const { do: advice } = adviceOf(finding as PreflightFinding, catalogue.en);
    expect(advice).toContain("istio.values.istiod.pilot.cni.enabled");

    const denied = 'admission webhook "check.example" denied the request: no team label';
    two.admit = (path, object) => (path === "/api/v1/namespaces" ? refuse(400, denied) : { status: 201, body: object });
    expect(await ofTwo()).toMatchObject([
      { objects: ["Namespace istio-system"], said: denied, by: { is: "webhook", name: "check.example" } },
    ]);
  });

  const cannot = 'pods is forbidden: User "x" cannot create resource "pods" in API group ""';
  test.each([
    [403, cannot],
    [400, 'admission webhook "check.example" does not support dry run'],
    [503, "busy"],
  ])("is replaced by the namespace's label if it is inconclusive: %i %s", async (status, message) => {
    two.admit = (path, object) => (pods(path) ? refuse(status, message) : { status: 201, body: object });
    two.answers["/api/v1/namespaces/sample"] = labelled("privileged");
    two.answers[system] = labelled("restricted");
    expect(await ofTwo()).toEqual([]);
    two.answers["/api/v1/namespaces/sample"] = labelled("restricted");
    expect(await ofTwo()).toMatchObject([
      {
        id: "refused",
        namespace: "sample",
        objects: ["Pod sample/reviews-v2", "Pod sample/sleep"],
        said: expect.stringContaining("capabilities NET_ADMIN, NET_RAW (container istio-init)"),
        by: { is: "podSecurityOfSidecars" },
      },
    ]);
    // With istio-cni, no container of the sample needs more.
    expect(await ofTwo({ istio: { values: { istiod: { pilot: { cni: { enabled: true } } } } } })).toEqual([]);
    const notes = (await look()).filter(({ id }) => id === "dryRunsRefused");
    expect(notes).toMatchObject(status === 400 ? [{ severity: "ok", webhooks: ["check.example"] }] : []);
  });

  test("finds foreign objects with the mesh's names, and ignores leftovers of a killed run", async () => {
    two.answers["/api/v1/namespaces/sample"] = { metadata: { name: "sample", uid: "s" } };
    two.admit = (path, object) =>
      path.endsWith("/services")
        ? { status: 409, body: { message: "services already exists", reason: "AlreadyExists" } }
        : { status: 201, body: object };
    const service = (name: string, labels = {}) => {
      two.answers[`/api/v1/namespaces/sample/services/${name}`] = { metadata: { name, labels } };
    };
    service("sleep");
    service("reviews", { "app.kubernetes.io/managed-by": "csp-mesh" });
    const found = { id: "namesTaken", namespace: "sample", objects: ["Service sample/sleep"] };
    expect(await ofTwo()).toMatchObject([{ ...found, severity: "error" }]);
    const marked = { name: "sample", uid: "s", annotations: { "csp-mesh.io/made": "true" } };
    two.answers["/api/v1/namespaces/sample"] = { metadata: marked };
    expect(await ofTwo()).toMatchObject([{ ...found, severity: "warning" }]);
  });
});

describe("npm run mesh -- preflight", () => {
  const stackFolder = () =>
    folder({
      one: one.kubeconfig,
      two: two.kubeconfig,
      "stack.yaml": stringify({
        config: { "csp-mesh:clusters": entries(["one", "two"]) },
      }),
    });
  const run = (...args: string[]) => runOn(stackFolder(), "preflight", ...args);

  test("compares the claims with the stack if pulumi knows it", async () => {
    claimedBy(two);
    const of = (owner: string) =>
      runWith(async () => `${owner}\n`, stackFolder(), "preflight", "--stack", "prod", "--output", "json");
    const claims = ({ stdout }: Awaited<ReturnType<typeof of>>) =>
      JSON.parse(stdout).filter(({ id }: PreflightFinding) => id.startsWith("claimed"));
    expect(claims(await of("acme/mesh/prod"))).toMatchObject([{ id: "claimed", cluster: "two" }]);
    const others = await of("acme/mesh/test");
    expect(claims(others)).toMatchObject([{ id: "claimedByOther", cluster: "two", owner: "acme/mesh/prod" }]);
    expect(others.code).toBe(1);
  });

  test("prints one table, and succeeds if the mesh can work", async () => {
    const { code, stdout, stderr } = await run();
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^ +CLUSTER +FOUND +MEANS +DO\n/);
    expect(stdout).toMatch(/^ok +one +the account may do everything$/m);
    expect(stdout).toMatch(/\n(No errors, no warnings|2 warnings)\. The mesh can work\.\n$/);
  });

  test("fails if the mesh cannot work, in the language of --lang", async () => {
    two.answers["/version"] = { gitVersion: "v1.20.15" };
    const { code, stdout } = await run("--lang", "ko");
    expect(code).toBe(1);
    expect(stdout).toMatch(/^오류 +two +Istio 1\.31\.0은 Kubernetes v1\.20\.15를/m);
    expect(stdout).toMatch(/\n오류 1건\./);
  });

  test("prints the same ids and facts as JSON in each language", async () => {
    two.answers["/api/v1/nodes"] = { items: [] };
    const [english, korean] = await Promise.all([run("--output", "json"), run("--output", "json", "--lang", "ko")]);
    const facts = ({ stdout }: typeof english) =>
      JSON.parse(stdout)
        .filter(({ id }: PreflightFinding) => id !== "clock")
        .map(({ found: _, means: __, do: ___, ...finding }: Record<string, unknown>) => finding);
    expect(english.code).toBe(1);
    expect(facts(english)).toEqual(facts(korean));
    expect(facts(english)).toContainEqual({
      id: "noNode",
      severity: "error",
      cluster: "two",
      notReady: [],
      cordoned: [],
    });
  });
});
