// A mesh under adverse conditions: a second state, another machine, objects deleted by hand, other people's objects, a
// cluster that is gone.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KubernetesObject } from "@kubernetes/client-node";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { labDown } from "../../lab/down.ts";
import { images } from "../../lab/images.ts";
import {
  ensureStack,
  meshOutput,
  pulumi,
  pulumiDestroy,
  pulumiEnvironment,
  pulumiPreview,
  pulumiUp,
  stackFile,
} from "../../lab/pulumi.ts";
import { labSpec } from "../../lab/spec.ts";
import { type Lab, labUp, rebuildCluster } from "../../lab/up.ts";
import { waitFor } from "../../lab/wait.ts";
import { parseMesh } from "../../proof/mesh.ts";
import { prove } from "../../proof/prove.ts";
import { ROOT } from "../root.ts";
import { type ApiSnapshot, apiDifference, apiSnapshot } from "./apiSnapshot.ts";
import { askOn } from "./askOn.ts";
import { failure } from "./failure.ts";
import { type Api, apiOf, providerObjects } from "./kubectl.ts";
import { configure, configureCluster, configured } from "./stackConfig.ts";
import { options } from "./testLab.ts";

let lab: Lab;
let ncloud: Api;
let nhn: Api;
let before: readonly ApiSnapshot[];

const clusterNamed = (name: string) => {
  const found = lab.clusters.find((cluster) => cluster.name === name);
  if (found === undefined) throw new Error(`${name}: no such cluster in the lab`);
  return found;
};
const snapshots = () => Promise.all([ncloud, nhn].map(({ config }) => apiSnapshot(config)));
const UNCHANGED = /Resources:\n {4}\d+ unchanged\n/;

async function expectProven(): Promise<void> {
  const results = await prove(parseMesh(await meshOutput(lab)));
  expect(results.filter(({ passed }) => !passed)).toEqual([]);
}

beforeAll(async () => {
  await labDown(labSpec(options));
  lab = await labUp(options);
  ncloud = apiOf(lab, clusterNamed("ncloud"));
  nhn = apiOf(lab, clusterNamed("nhn"));
  before = await snapshots();
  await pulumiUp(lab, "--skip-preview");
});

afterAll(() => labDown(labSpec(options)));

/** A lab of the same clusters with an empty stack, as after a loss of the state or with a copied stack file. */
async function withoutState(): Promise<Lab> {
  const other = { ...lab, dir: join(lab.dir, "second") };
  rmSync(other.dir, { recursive: true, force: true });
  mkdirSync(other.dir);
  for (const name of ["kubeconfig", "charts", "gateway-api"]) symlinkSync(join(lab.dir, name), join(other.dir, name));
  await ensureStack(other);
  return other;
}

describe("a mesh belongs to one stack", () => {
  test("a second one is refused before any write, deletes nothing, and leaves the first unchanged", async () => {
    const standing = await snapshots();
    const second = await withoutState();
    for (const flags of [[], ["--skip-preview"]]) {
      expect(await failure(pulumiUp(second, ...flags))).toContain(
        "this cluster's mesh was built by a stack of this name, organization/csp-mesh/lab, with another state",
      );
    }
    await pulumiDestroy(second, "--skip-preview");
    const after = await snapshots();
    const changed = standing.flatMap((snapshot, index) => apiDifference(snapshot, after[index] ?? new Map()));
    // Objects that istiod itself writes meanwhile.
    const own = /ConfigMap istio-system\/istio-(ip|leader|namespace|gateway)|Lease istio-system\/|GatewayClass istio/;
    expect(changed.filter((line) => !own.test(line))).toEqual([]);
    expect(await pulumiUp(lab, "--skip-preview")).toMatch(UNCHANGED);
    await expectProven();
  });

  test("a concurrent run of the same stack is refused and does nothing", async () => {
    const flags = ["--yes", "--non-interactive", "--skip-preview", "--suppress-progress", "--stack", "lab"];
    const run = () =>
      execa("pulumi", ["up", ...flags, "--config-file", stackFile(lab)], {
        cwd: ROOT,
        env: pulumiEnvironment(lab),
        reject: false,
        stdin: "ignore",
        all: true,
      });
    const ended = await Promise.all([run(), run()]);
    const refused = ended.filter(({ exitCode }) => exitCode !== 0);
    for (const { all } of refused) expect(all).toMatch(/the stack is currently locked by 1 lock\(s\)/);
    expect(refused.length).toBeLessThan(2);
  });

  test("names of clusters, networks and ids cannot be changed", async () => {
    const file = readFileSync(stackFile(lab), "utf8");
    onTestFinished(() => writeFileSync(stackFile(lab), file));
    await configureCluster(lab, "nhn", { name: "renamed" });
    expect(await failure(pulumiPreview(lab))).toContain('the context is for the cluster "nhn"');
    await configureCluster(lab, "renamed", { name: "nhn", network: "another" });
    expect(await failure(pulumiPreview(lab))).toMatch(/cannot change from\s+"nhn"\s+to "another"/);
    await configureCluster(lab, "nhn", { network: undefined });
    const contexts = ["ncloud", "nhn"].map((name) => clusterNamed(name).kubeconfigName);
    await configureCluster(lab, "nhn", { context: contexts[0] });
    await configureCluster(lab, "ncloud", { context: contexts[1] });
    expect(await failure(pulumiPreview(lab))).toContain('the context is for the cluster "nhn"');
    await configureCluster(lab, "nhn", { context: contexts[1] });
    await configureCluster(lab, "ncloud", { context: contexts[0] });
    expect(await pulumiUp(lab, "--skip-preview")).toMatch(UNCHANGED);
  });

  test("another checkout on another machine finds the same mesh", async () => {
    const home = mkdtempSync(join(tmpdir(), "csp-mesh-home-"));
    onTestFinished(() => rmSync(home, { recursive: true }));
    const kubeconfig = readFileSync(join(lab.dir, "kubeconfig"), "utf8");
    const state = JSON.parse(await pulumi(lab, ["stack", "export"], { quiet: true }));
    expect(JSON.stringify(state)).not.toContain(ROOT);
    writeFileSync(join(home, "kubeconfig"), kubeconfig);
    const file = readFileSync(stackFile(lab), "utf8");
    onTestFinished(() => writeFileSync(stackFile(lab), file));
    for (const name of ["ncloud", "nhn"]) await configureCluster(lab, name, { kubeconfig: join(home, "kubeconfig") });
    const preview = await pulumiPreview(lab);
    // Another path changes nothing in a cluster, only the providers.
    expect(preview).toMatch(/Resources:\n( {4}~ 2 to update\n)? {4}\d+ unchanged\n/);
  });
});

/** Objects of the mesh that are deleted by hand, one of each kind. */
const system = { namespace: "istio-system" };
const object = (apiVersion: string, kind: string, metadata: KubernetesObject["metadata"]) =>
  ({ apiVersion, kind, metadata }) as KubernetesObject & { metadata: { name: string } };

describe("a mesh is repaired by one pulumi up --refresh", () => {
  const heal = async (...said: RegExp[]) => {
    const output = await pulumiUp(lab, "--refresh");
    for (const words of said) expect(output).toMatch(words);
    await expectProven();
    expect(await pulumiUp(lab, "--skip-preview")).toMatch(UNCHANGED);
  };

  test("after objects were deleted by hand", async () => {
    const objects = await providerObjects(nhn);
    const { items } = await nhn.core.listNamespacedSecret(system);
    const token = items.find(({ type }) => type === "kubernetes.io/service-account-token")?.metadata?.name ?? "";
    const remote = items.find(({ metadata }) => metadata?.labels?.["istio/multiCluster"])?.metadata?.name ?? "";
    await objects.remove([
      object("apps/v1", "Deployment", { name: "istio-ingressgateway", ...system }),
      object("autoscaling/v2", "HorizontalPodAutoscaler", { name: "istio-ingressgateway", ...system }),
      object("v1", "Secret", { name: remote, ...system }),
      object("v1", "Secret", { name: token, ...system }),
      object("v1", "Secret", { name: "cacerts", ...system }),
      object("v1", "ConfigMap", { name: "istio", ...system }),
      object("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", { name: "istio-sidecar-injector" }),
      object("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", {
        name: "istio-validator-istio-system",
      }),
    ]);
    await ncloud.core.patchNamespacedConfigMap({
      namespace: "kube-system",
      name: "cilium-config",
      body: [{ op: "replace", path: "/data/enable-l7-proxy", value: "true" }],
    });
    await heal(
      /MutatingWebhookConfiguration istio-sidecar-injector was missing: created again/,
      /ConfigMap istio-system\/istio was missing: created again/,
      /enable-l7-proxy "true" -> "false", one restart/,
    );
  });

  test("after a CRD of Istio and the sample's namespace were deleted", async () => {
    await (await providerObjects(ncloud)).remove([object("v1", "Namespace", { name: "sample" })]);
    await (await providerObjects(nhn)).remove([
      object("apiextensions.k8s.io/v1", "CustomResourceDefinition", { name: "gateways.networking.istio.io" }),
    ]);
    await heal(/CustomResourceDefinition gateways\.networking\.istio\.io was missing: created again/);
  });

  test("after a Helm release was left pending, and one failed", async () => {
    const relabel = async (api: Api, release: string, status: string) => {
      const { items } = await api.core.listNamespacedSecret({
        ...system,
        labelSelector: `owner=helm,name=${release},status=deployed`,
      });
      const name = items[0]?.metadata?.name ?? "";
      await api.core.patchNamespacedSecret({
        ...system,
        name,
        body: [{ op: "replace", path: "/metadata/labels/status", value: status }],
      });
    };
    await relabel(nhn, "istiod", "pending-upgrade");
    await relabel(ncloud, "istio-base", "failed");
    await heal();
  });

  test("after istio-system was deleted", async () => {
    await (await providerObjects(nhn)).remove([object("v1", "Namespace", { name: "istio-system" })]);
    expect(await failure(pulumiUp(lab))).toContain("pulumi up --refresh");
    await heal();
  });

  test("after everything was deleted in both clusters", async () => {
    for (const api of [ncloud, nhn]) {
      const objects = await providerObjects(api);
      const all = [
        ...["istio-system", "sample"].map((name) => object("v1", "Namespace", { name })),
        object("rbac.authorization.k8s.io/v1", "ClusterRole", { name: "csp-mesh-claim" }),
        object("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", { name: "istio-sidecar-injector" }),
        object("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", {
          name: "istio-validator-istio-system",
        }),
        ...(await objects.list("apiextensions.k8s.io/v1", "CustomResourceDefinition")).filter(({ metadata }) =>
          metadata.name.endsWith(".istio.io"),
        ),
      ];
      await objects.remove(all);
    }
    expect(await failure(pulumiUp(lab))).toContain("pulumi up --refresh");
    await heal();
  });
});

describe("a cluster that was rebuilt under the same name", () => {
  test("is recognised and restored by one pulumi up --refresh, and its peer gets the new token", async () => {
    await rebuildCluster(lab, clusterNamed("nhn"));
    nhn = apiOf(lab, clusterNamed("nhn"));
    const found = await apiSnapshot(nhn.config);
    expect(await failure(pulumiUp(lab))).toMatch(/the cluster was rebuilt, or its\s+claim .* was deleted/);
    expect(apiDifference(found, await apiSnapshot(nhn.config))).toEqual([]);
    await pulumiUp(lab, "--refresh");
    await expectProven();
    expect(await pulumiUp(lab, "--skip-preview")).toMatch(UNCHANGED);
  });
});

describe("a mesh whose state is lost", () => {
  test("is taken over by a new state without a lost request, including its CA", async () => {
    const fresh = await withoutState();
    const roots = async () => parseMesh(await meshOutput(lab)).rootCertificate;
    const root = await roots();
    const asking = askOn(ncloud.cluster);
    const args = ["adopt", "--stack", "lab", "--config-file", stackFile(fresh), "--yes"];
    const adopted = await execa("node", ["cli/main.ts", ...args], {
      cwd: ROOT,
      env: pulumiEnvironment(fresh),
      all: true,
    });
    expect(adopted.all).not.toMatch(/PRIVATE KEY|BEGIN CERTIFICATE/);
    const former = lab;
    lab = fresh;
    await pulumiUp(lab);
    const answers = await asking.stop();
    expect(answers.length).toBeGreaterThan(20);
    expect(answers.filter((answer) => "failure" in answer)).toEqual([]);
    expect(await roots()).toBe(root);
    await expectProven();
    expect(await pulumiUp(lab, "--skip-preview")).toMatch(UNCHANGED);
    // The former state is used again.
    expect(await failure(pulumiUp(former))).toContain("with another state");
    expect(await failure(pulumiDestroy(former, "--skip-preview"))).toContain("Nothing was deleted in any cluster");
    await expectProven();
  });
});

describe("a cluster that is gone", () => {
  test("leaves the mesh without being contacted, and is forgotten by the others", async () => {
    const file = join(lab.dir, "kubeconfig");
    const kubeconfig = readFileSync(file, "utf8");
    // Simulate that nothing answers there any more, for this machine and for the peers.
    const server = `https://${clusterNamed("nhn").nodeIp}:6443`;
    await configureCluster(lab, "nhn", { apiServer: server });
    writeFileSync(file, kubeconfig.replace(server, "https://127.0.0.1:1"));
    onTestFinished(() => writeFileSync(file, kubeconfig));
    const standing = await apiSnapshot(nhn.config);
    // The others can still be changed. Changes in the gone cluster fail after all others are done.
    await configureCluster(lab, "ncloud", { egressCidrs: ["203.0.113.0/28"] });
    expect(await pulumiUp(lab)).toMatch(/nhn: .*cannot be reached/);
    const istio = await configured(lab, "istio");
    await configure(lab, { istio: { ...istio, values: { istiod: { pilot: { env: { CHANGED: "everywhere" } } } } } });
    expect(await failure(pulumiUp(lab))).toMatch(/Release nhn-istiod \*\*updating failed\*\*/);
    const { spec } = await ncloud.apps.readNamespacedDeployment({ ...system, name: "istiod" });
    expect(spec?.template.spec?.containers[0]?.env).toContainEqual({ name: "CHANGED", value: "everywhere" });
    await configureCluster(lab, "nhn", { state: "gone" });
    await pulumiUp(lab);
    const { items } = await ncloud.core.listNamespacedSecret({ ...system, labelSelector: "istio/multiCluster=true" });
    expect(items).toEqual([]);
    const results = await prove(parseMesh(await meshOutput(lab)));
    expect(results.filter(({ passed }) => !passed)).toEqual([]);
    // Its istiod, which actually still runs, renews its leases.
    const lease = /^~ ConfigMap istio-system\/istio-(leader|ip-autoallocate|.*-(election|leader))$/;
    const changed = apiDifference(standing, await apiSnapshot(nhn.config));
    expect(changed.filter((line) => !lease.test(line))).toEqual([]);
    const state = await pulumi(lab, ["stack", "export"], { quiet: true });
    expect(state).not.toMatch(/"urn": "[^"]*::nhn-(claim|base|istiod|gateway)/);
  });
});

describe("other people's work", () => {
  const databases = {
    ...object("apiextensions.k8s.io/v1", "CustomResourceDefinition", { name: "databases.shop.example" }),
    spec: {
      group: "shop.example",
      scope: "Namespaced",
      names: { kind: "Database", listKind: "DatabaseList", plural: "databases", singular: "database" },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
        },
      ],
    },
  } as KubernetesObject;
  const database = () => object("shop.example/v1", "Database", { name: "orders", namespace: "sample" });
  /** Simulates an operator, whose objects are owned by the custom resource. */
  async function operate(): Promise<void> {
    await waitFor("a database", 30_000, async () => {
      const { kind = "", apiVersion = "", metadata } = await ncloud.objects.create(database());
      const owner = { apiVersion, kind, name: "orders", uid: metadata?.uid ?? "" };
      const owned = { name: "orders-config", namespace: "sample", ownerReferences: [owner] };
      await ncloud.objects.create(object("v1", "ConfigMap", owned));
      return true;
    });
  }
  const theirs: readonly KubernetesObject[] = [
    {
      ...object("v1", "Secret", { name: "shop-tls", ...system }),
      type: "kubernetes.io/tls",
      data: { "tls.crt": "YQ==", "tls.key": "YQ==" },
    } as KubernetesObject,
    {
      ...object("networking.k8s.io/v1", "NetworkPolicy", { name: "shop", namespace: "sample" }),
      spec: { podSelector: { matchLabels: { app: "shop" } } },
    } as KubernetesObject,
    {
      ...object("networking.k8s.io/v1", "Ingress", { name: "shop", namespace: "sample" }),
      spec: { defaultBackend: { service: { name: "shop", port: { number: 80 } } } },
    } as KubernetesObject,
    {
      ...object("v1", "PersistentVolumeClaim", { name: "orders-0", namespace: "sample" }),
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    } as KubernetesObject,
    {
      ...object("apps/v1", "StatefulSet", { name: "shop", namespace: "sample" }),
      spec: {
        serviceName: "shop",
        selector: { matchLabels: { app: "shop" } },
        template: {
          metadata: { labels: { app: "shop", "sidecar.istio.io/inject": "false" } },
          spec: {
            terminationGracePeriodSeconds: 0,
            containers: [{ name: "shop", image: images.curl, command: ["sleep", "infinity"] }],
          },
        },
      },
    } as KubernetesObject,
  ];

  test("keeps the namespaces in which it is, and everything else is deleted", async () => {
    await ncloud.objects.create(databases);
    for (const each of theirs) await ncloud.objects.create(each);
    await operate();
    const said = await pulumiDestroy(lab);
    expect(said).toContain('namespace "istio-system" stays, because');
    expect(said).toContain("Secret istio-system/shop-tls");
    expect(said).toContain("NetworkPolicy sample/shop");
    expect(said).toContain("StatefulSet sample/shop");
    expect(said).toContain("Ingress sample/shop");
    expect(said).toContain("PersistentVolumeClaim sample/orders-0");
    expect(said).toContain("Database sample/orders");
    // Objects of the operator are not listed separately, and stay as well.
    expect(said).not.toContain("orders-config");
    expect(await ncloud.core.readNamespacedConfigMap({ name: "orders-config", namespace: "sample" })).toBeTruthy();
    for (const each of theirs) await ncloud.objects.delete(each);
    await ncloud.objects.delete(database());
    await ncloud.objects.delete(databases);
    const objects = await providerObjects(ncloud);
    await objects.remove(["istio-system", "sample"].map((name) => object("v1", "Namespace", { name })));
    await waitFor("the cluster as it was", 60_000, async () => {
      const left = apiDifference(before[0] ?? new Map(), await apiSnapshot(ncloud.config));
      return left.length === 0 ? true : left.join("\n");
    });
  });
});
