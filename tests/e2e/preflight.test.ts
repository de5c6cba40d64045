// Tests the preflight's findings in real clusters for each kind of error, and that they stop pulumi. A mesh is only
// built at the end, against Pod Security and taints. mesh.test.ts checks that an existing mesh has no findings.
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ApiregistrationV1Api,
  AuthorizationV1Api,
  type KubernetesObject,
  PatchStrategy,
  setHeaderOptions,
} from "@kubernetes/client-node";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { parse, stringify } from "yaml";
import { parseConfig } from "../../config/parse.ts";
import { structured } from "../../config/raw.ts";
import { processesIn } from "../../lab/cgroup.ts";
import { writeCloudSettings } from "../../lab/cloud.ts";
import { apiServerUrl } from "../../lab/controlPlane.ts";
import { labDown } from "../../lab/down.ts";
import { images } from "../../lab/images.ts";
import { pulumi, pulumiDestroy, pulumiPreview, pulumiUp, stackFile } from "../../lab/pulumi.ts";
import { type ClusterSpec, labSpec } from "../../lab/spec.ts";
import { versions } from "../../lab/toolchain/versions.ts";
import { type Lab, labUp } from "../../lab/up.ts";
import { waitFor } from "../../lab/wait.ts";
import type { PreflightFinding } from "../../mesh/preflightFindings.ts";
import { examine } from "../../preflight/examine.ts";
import { readCrds } from "../../provider/gatewayApiManifest.ts";
import { ROOT } from "../root.ts";
import { apiDifference, apiSnapshot } from "./apiSnapshot.ts";
import { addonIstiod, foundBefore } from "./foreign.ts";
import { intercept } from "./interceptor.ts";
import { type Api, apiOf, providerObjects } from "./kubectl.ts";
import { configure, configureCluster, configured } from "./stackConfig.ts";
import { options } from "./testLab.ts";

const mergePatch = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);

let lab: Lab;
let kubeconfig: string;
let ncloud: Api;
let nhn: Api;
let nhnSpec: ClusterSpec;
const folder = mkdtempSync(join(tmpdir(), "csp-mesh-preflight-"));

beforeAll(async () => {
  await labDown(labSpec(options));
  lab = await labUp(options);
  kubeconfig = `${lab.dir}/kubeconfig`;
  nhnSpec = lab.clusters[1] as ClusterSpec;
  [ncloud, nhn] = lab.clusters.map((cluster) => apiOf(lab, cluster)) as [Api, Api];
  // This creates the stack and its file.
  await pulumi(lab, ["stack", "ls"], { quiet: true });
  // metrics-server becomes ready some time after its cluster.
  await waitFor("nothing is wrong with new clusters", 120_000, async () => {
    const found = await wrong();
    return found.length === 0 ? true : JSON.stringify(found);
  });
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await labDown(labSpec(options));
});

interface Stack {
  [key: string]: unknown;
  clusters: Record<string, unknown>[];
}

/** The lab's config with an edit. */
function config(edit: (stack: Stack) => void = () => {}): Stack {
  const { config } = parse(readFileSync(stackFile(lab), "utf8")) as { config: Record<string, unknown> };
  const prefix = "csp-mesh:";
  const own = Object.entries(config).filter(([key]) => key.startsWith(prefix));
  const stack = Object.fromEntries(
    own.map(([key, value]) => [key.slice(prefix.length), typeof value === "string" ? structured(value) : value]),
  ) as Stack;
  edit(stack);
  return stack;
}

/** All findings except ok ones and the end of life of Istio, which is not the clusters' fault. */
async function wrong(edit?: (stack: Stack) => void): Promise<PreflightFinding[]> {
  const findings = await examine(parseConfig(config(edit), ROOT));
  return findings.filter(({ id, severity }) => severity !== "ok" && id !== "istioAtEndOfLife");
}

/** Replaces nhn's kubeconfig for this machine only. */
const through = (text: string, context?: string) => (stack: Stack) => {
  const apiServer = apiServerUrl(nhnSpec);
  Object.assign(stack.clusters[1] ?? {}, { apiServer, kubeconfig: text, ...(context !== undefined && { context }) });
};

/** Text of nhn's kubeconfig with another user. */
function asUser(user: object, change: object = {}): string {
  const file = parse(readFileSync(kubeconfig, "utf8"));
  const found = file.clusters.find(({ name }: { name: string }) => name === nhnSpec.kubeconfigName);
  Object.assign(found.cluster, change);
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [found],
    users: [{ name: "other", user }],
    contexts: [{ name: nhnSpec.kubeconfigName, context: { cluster: found.name, user: "other" } }],
  });
}

const gone = async (api: Api, objects: readonly KubernetesObject[]) => (await providerObjects(api)).remove(objects);
const make = async (api: Api, ...objects: KubernetesObject[]) => {
  onTestFinished(() => gone(api, objects));
  for (const object of objects) await api.objects.create(object);
};

async function mesh(...args: string[]) {
  return execa("node", ["cli/main.ts", "preflight", ...args], { cwd: ROOT, reject: false });
}

/** A stack file with a changed entry for nhn. */
function stackFileWith(edit: (stack: Stack) => void): string {
  const path = join(folder, "Pulumi.other.yaml");
  const entries = Object.entries(config(edit)).map(([key, value]) => [`csp-mesh:${key}`, value]);
  writeFileSync(path, stringify({ config: Object.fromEntries(entries) }));
  return path;
}

test("two new clusters have no findings, within the time of a preview", async () => {
  expect(await wrong()).toEqual([]);
  const { stdout, exitCode } = await mesh("--config-file", stackFile(lab));
  expect(exitCode).toBe(0);
  for (const line of [
    new RegExp(`^ok +ncloud +Istio ${versions.istio} supports Kubernetes v${versions.kubernetes}$`, "m"),
    /^ok +ncloud +the account may do everything$/m,
    /^ok +ncloud +Cilium gets bpf-lb-sock-hostns-only=true,/m,
    /^ok +nhn +no default StorageClass; csi-storageclass will$/m,
  ])
    expect(stdout).toMatch(line);
  expect(stdout).toMatch(/\nNo errors, no warnings. The mesh can work.\n?$/);
});

describe("the connection to a cluster", () => {
  test("to an address at which nothing listens", async () => {
    const server = "https://127.0.0.1:9";
    expect(await wrong(through(asUser({ token: "t" }, { server })))).toEqual([
      { id: "notReached", severity: "error", cluster: "nhn", server, said: expect.stringContaining("ECONNREFUSED") },
    ]);
  });

  test("with a token that the cluster rejects", async () => {
    expect(await wrong(through(asUser({ token: "revoked" })))).toMatchObject([{ id: "notLetIn", cluster: "nhn" }]);
  });

  test("with a credentials command that is missing, fails, or logs in as another user", async () => {
    const command = join(folder, "login");
    const exec = { apiVersion: "client.authentication.k8s.io/v1", command, interactiveMode: "Never" };
    const { exitCode, stderr } = await mesh("--config-file", stackFileWith(through(asUser({ exec }))));
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringContaining(`"${command}", which does not exist or is not executable; install it`),
    ]);

    writeFileSync(command, "#!/bin/sh\necho >&2 'no session'\nexit 1\n");
    chmodSync(command, 0o700);
    expect(await wrong(through(asUser({ exec })))).toEqual([
      { id: "commandFailed", severity: "error", cluster: "nhn", command, said: "exit code 1: no session" },
    ]);

    const token = await accountToken({ admin: true });
    const credential = { apiVersion: exec.apiVersion, kind: "ExecCredential", status: { token } };
    writeFileSync(command, `#!/bin/sh\necho '${JSON.stringify(credential)}'\n`);
    expect(await wrong(through(asUser({ exec })))).toEqual([]);
  });

  test("with a context that the kubeconfig lacks is rejected before the preflight", async () => {
    const file = stackFileWith((stack) => Object.assign(stack.clusters[1] ?? {}, { context: "nks_other" }));
    const { exitCode, stderr } = await mesh("--config-file", file);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('has no context "nks_other"; it has "nks_')]);
  });

  test("that leads to another cluster of the mesh, under a different address", async () => {
    const context = (lab.clusters[0] as ClusterSpec).kubeconfigName;
    const door = await intercept({ kubeconfig, context }, () => true);
    onTestFinished(() => door.close());
    expect(await wrong(through(door.kubeconfig, context))).toMatchObject([
      { id: "sameCluster", severity: "error", cluster: "nhn", peer: "ncloud" },
    ]);
  });

  // The API server uses the machine's clock. A proxy that shifts the Date simulates a wrong clock.
  test.each([
    [
      -130,
      [
        ["error", "ncloud", "nhn"],
        ["error", "nhn", undefined],
      ],
    ],
    [
      70,
      [
        ["warning", "ncloud", "nhn"],
        ["warning", "nhn", undefined],
      ],
    ],
    [15, [["warning", "nhn", undefined]]],
    [3, []],
  ] as const)("with a clock that is %i s ahead", async (seconds, expected) => {
    const context = nhnSpec.kubeconfigName;
    const door = await intercept({ kubeconfig, context }, () => true, { seconds });
    onTestFinished(() => door.close());
    const found = (await wrong(through(door.kubeconfig, context))).map(({ severity, cluster, peer }) => [
      severity,
      cluster,
      peer,
    ]);
    expect(found).toEqual(expected);
  });
});

/** Token of a new account in nhn. */
async function accountToken({ admin }: { admin: boolean }): Promise<string> {
  const metadata = { name: "somebody", namespace: "default" };
  const role = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: admin ? "cluster-admin" : "view" };
  await make(nhn, { apiVersion: "v1", kind: "ServiceAccount", metadata }, {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: "somebody" },
    roleRef: role,
    subjects: [{ kind: "ServiceAccount", ...metadata }],
  } as KubernetesObject);
  const { status } = await nhn.core.createNamespacedServiceAccountToken({
    ...metadata,
    body: { spec: { audiences: [], expirationSeconds: 600 } } as never,
  });
  return status?.token ?? "";
}

test("an account with few rights has missing rights, and checks that could not run", async () => {
  const kubeconfig = asUser({ token: await accountToken({ admin: false }) });
  const found = await wrong(through(kubeconfig));
  expect(found).toMatchObject([
    { id: "notAllowed", severity: "error", cluster: "nhn" },
    { id: "notSeen", severity: "warning", cluster: "nhn" },
  ]);
  const [{ rights }, { paths }] = found as unknown as [{ rights: string[] }, { paths: string[] }];
  expect(rights.find((right) => / namespaces\b/.test(right))).toMatch(/^create\b/);
  expect(paths).toContain("/api/v1/nodes");
  // Kubernetes' own answer for the account agrees.
  const { config } = nhn;
  const user = config.makeApiClient(AuthorizationV1Api);
  const { status } = await user.createSubjectAccessReview({
    body: {
      spec: {
        user: "system:serviceaccount:default:somebody",
        resourceAttributes: { verb: "create", resource: "namespaces" },
      },
    },
  });
  expect(status?.allowed).toBe(false);
});

describe("nodes", () => {
  const node = () => ({ name: nhnSpec.nodeName });
  const ready = async () => {
    const { status } = await nhn.core.readNode(node());
    return status?.conditions?.find(({ type }) => type === "Ready")?.status;
  };

  test("that are cordoned", async () => {
    const cordon = (unschedulable: boolean | null) =>
      nhn.core.patchNode({ ...node(), body: { spec: { unschedulable } } }, mergePatch);
    onTestFinished(async () => void (await cordon(null)));
    await cordon(true);
    expect(await wrong()).toEqual([
      { id: "noNode", severity: "error", cluster: "nhn", notReady: [], cordoned: [nhnSpec.nodeName] },
    ]);
  });

  test("whose kubelet has stopped", async () => {
    const kubelet = processesIn(nhnSpec.cgroup).find((pid) =>
      readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(`--config=${nhnSpec.dir}/kubelet.yaml`),
    );
    expect(kubelet).toBeDefined();
    process.kill(kubelet ?? 0, "SIGSTOP");
    onTestFinished(async () => {
      process.kill(kubelet ?? 0, "SIGCONT");
      await waitFor("kubelet back", 60_000, async () =>
        (await ready()) === "True" ? true : `Ready is ${await ready()}`,
      );
    });
    // Kubernetes' node controller writes this after 40 s to 50 s without a heartbeat. Write it here to save time.
    const { status } = await nhn.core.readNode(node());
    const conditions = status?.conditions?.map((condition) => ({
      ...condition,
      status: condition.type === "Ready" ? "Unknown" : condition.status,
    }));
    await nhn.core.patchNodeStatus({ ...node(), body: { status: { conditions } } }, mergePatch);
    expect(await wrong()).toMatchObject([{ id: "noNode", notReady: [nhnSpec.nodeName], cordoned: [] }]);
  });

  test("without room for istiod, because istiod is too large, or because of other pods", async () => {
    const found = { id: "noRoom", severity: "error", cluster: "nhn", pods: ["istio-system/istiod"], grows: false };
    const large = (stack: Stack) => Object.assign(stack, { istiod: { resources: { requests: { memory: "900Gi" } } } });
    expect(await wrong(large)).toMatchObject([{ ...found, cluster: "ncloud" }, found]);

    const { status } = await nhn.core.readNode(node());
    const memory = Math.floor(Number.parseInt(status?.allocatable?.memory ?? "", 10) / 1024) - 500;
    const container = { name: "large", image: images.curl, command: ["sleep", "infinity"] };
    await make(nhn, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "large", namespace: "default" },
      spec: {
        terminationGracePeriodSeconds: 0,
        containers: [{ ...container, resources: { requests: { memory: `${memory}Mi` } } }],
      },
    } as KubernetesObject);
    await waitFor("the large pod has its node", 30_000, async () => {
      const { spec } = await nhn.core.readNamespacedPod({ name: "large", namespace: "default" });
      return spec?.nodeName !== undefined ? true : "no node";
    });
    const half = (stack: Stack) => Object.assign(stack, { istiod: { resources: { requests: { memory: "512Mi" } } } });
    expect(await wrong(half)).toMatchObject([found]);
  });
});

/** Creates a namespace in nhn that enforces a level of Pod Security. */
const enforcing = (name: string, level: string) =>
  make(nhn, {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name, labels: { "pod-security.kubernetes.io/enforce": level } },
  });

/** Adds a taint to nhn's only node. */
async function taint(): Promise<void> {
  const name = { name: nhnSpec.nodeName };
  const write = (taints: object[] | null) => nhn.core.patchNode({ ...name, body: { spec: { taints } } }, mergePatch);
  onTestFinished(async () => void (await write(null)));
  await write([{ key: "dedicated", value: "infra", effect: "NoSchedule" }]);
}

const tolerations = [{ key: "dedicated", operator: "Equal", value: "infra", effect: "NoSchedule" }];
/** Adds the toleration to the cluster whose nodes have the taint. */
const tolerant = ({ clusters }: Stack) => Object.assign(clusters[1] ?? {}, { pods: { tolerations } });

describe("rejections by the cluster", () => {
  test("by Pod Security: only the sample's init container, neither istiod nor the gateway", async () => {
    const snapshot = () => apiSnapshot(nhn.config);
    await enforcing("istio-system", "restricted");
    expect(await wrong()).toEqual([]);
    await enforcing("sample", "restricted");
    const before = await snapshot();
    const found = {
      id: "refused",
      severity: "error",
      cluster: "nhn",
      namespace: "sample",
      objects: ["Pod sample/reviews-v2", "Pod sample/sleep"],
      said: expect.stringMatching(/violates PodSecurity "restricted:latest": .*NET_ADMIN/),
      by: { is: "podSecurityOfSidecars" },
    };
    expect(await wrong()).toEqual([found]);
    const cni = (stack: Stack) =>
      Object.assign(stack.istio as { values: { istiod: object } }, {
        values: { istiod: { ...(stack.istio as { values?: { istiod?: object } }).values?.istiod, ...withCni } },
      });
    expect(await wrong(cni)).toEqual([]);
    expect(apiDifference(before, await snapshot())).toEqual([]);
  });
  const withCni = { pilot: { cni: { enabled: true } } };

  test("by a quota that requires limits, until each container has them", async () => {
    await enforcing("sample", "privileged");
    await make(nhn, {
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: { name: "all", namespace: "sample" },
      spec: { hard: { "limits.cpu": "100", "limits.memory": "100Gi" } },
    } as KubernetesObject);
    await waitFor("the quota counts", 30_000, async () => {
      const { status } = await nhn.core.readNamespacedResourceQuota({ name: "all", namespace: "sample" });
      return status?.used ? true : "not yet";
    });
    expect(await wrong()).toMatchObject([
      { id: "refused", by: { is: "quota" }, said: expect.stringContaining("must specify limits.cpu") },
    ]);
    const limits = { cpu: "100m", memory: "64Mi" };
    const limited = (stack: Stack) =>
      Object.assign(stack, { sample: { ...(stack.sample as object | undefined), resources: { limits } } });
    expect(await wrong(limited)).toEqual([]);
  });

  test("by a policy: the finding quotes its message", async () => {
    // The API server enforces a deleted policy for a moment longer. The last of these functions runs first.
    onTestFinished(async () => {
      await waitFor("the policy is no longer in force", 60_000, async () => {
        const found = await wrong();
        return found.length === 0 ? true : JSON.stringify(found);
      });
    });
    const group = "admissionregistration.k8s.io/v1";
    const policy = {
      apiVersion: group,
      kind: "ValidatingAdmissionPolicy",
      metadata: { name: "no-load-balancers" },
      spec: {
        matchConstraints: {
          resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], resources: ["services"], operations: ["CREATE"] }],
        },
        validations: [{ expression: "object.spec.type != 'LoadBalancer'", message: "no load balancers here" }],
      },
    };
    const binding = {
      apiVersion: group,
      kind: "ValidatingAdmissionPolicyBinding",
      metadata: { name: "no-load-balancers" },
      spec: { policyName: "no-load-balancers", validationActions: ["Deny"] },
    };
    await make(nhn, policy as KubernetesObject, binding as KubernetesObject);
    await waitFor("the policy is in force", 60_000, async () => {
      const found = await wrong();
      return found.length > 0 ? true : "not yet";
    });
    const refusal = {
      cluster: "nhn",
      objects: ["Service istio-system/istio-ingressgateway"],
      said: expect.stringContaining("no load balancers here"),
      by: { is: "policy", name: "no-load-balancers" },
    };
    expect(await wrong()).toMatchObject([{ id: "refusedInDefault", severity: "warning", ...refusal }]);
    await enforcing("istio-system", "restricted");
    expect(await wrong()).toMatchObject([{ id: "refused", severity: "error", ...refusal }]);
  });

  test("by a taint: the finding names it, until it is tolerated", async () => {
    await taint();
    expect(await wrong()).toMatchObject([
      {
        id: "noNodeForPods",
        severity: "error",
        cluster: "nhn",
        nodes: 1,
        taints: [{ taint: "dedicated=infra:NoSchedule", nodes: 1 }],
      },
    ]);
    expect(await wrong(tolerant)).toEqual([]);
  });
});

describe("the provider's environment", () => {
  test("a Kubernetes version that the selected Istio does not support", async () => {
    const old = (more: object) => (stack: Stack) =>
      Object.assign(stack.istio as object, { version: "1.24.0", ...more });
    const found = {
      id: "unsupported",
      istio: "1.24.0",
      kubernetes: `v${versions.kubernetes}`,
      supported: "1.28 - 1.31",
    };
    expect(await wrong(old({}))).toMatchObject([
      { ...found, severity: "error" },
      { ...found, severity: "error" },
    ]);
    expect(await wrong(old({ allowUnsupported: true }))).toMatchObject([
      { severity: "warning" },
      { severity: "warning" },
    ]);
  });

  test("no load balancer", async () => {
    const pending = (...clusters: string[]) => writeCloudSettings(lab, { delayMilliseconds: 500, pending: clusters });
    onTestFinished(() => pending());
    pending("nhn");
    const metadata = { name: "front", namespace: "default" };
    await make(nhn, {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: { type: "LoadBalancer", selector: { app: "none" }, ports: [{ port: 80 }] },
    } as KubernetesObject);
    expect(await wrong()).toEqual([
      { id: "loadBalancersPending", severity: "warning", cluster: "nhn", services: ["default/front"] },
    ]);
    pending();
    await waitFor("the load balancer's address", 30_000, async () => {
      const { status } = await nhn.core.readNamespacedService(metadata);
      return status?.loadBalancer?.ingress?.length ? true : "none";
    });
    expect(await wrong()).toEqual([]);
  });

  test("no default StorageClass", async () => {
    expect(await wrong(({ clusters }) => delete clusters[1]?.storageClass)).toEqual([
      { id: "noStorageClass", severity: "warning", cluster: "nhn", field: "clusters[1].storageClass" },
    ]);
  });

  test("no metrics API, or an unavailable one", async () => {
    const services = nhn.config.makeApiClient(ApiregistrationV1Api);
    const name = "v1beta1.metrics.k8s.io";
    const { spec, metadata } = await services.readAPIService({ name });
    const served = (status: string) =>
      waitFor(`Available ${status}`, 60_000, async () => {
        const available = (await services.readAPIService({ name })).status?.conditions?.find(
          ({ type }) => type === "Available",
        );
        return available?.status === status ? true : JSON.stringify(available);
      });
    onTestFinished(async () => {
      await gone(nhn, [{ apiVersion: "apiregistration.k8s.io/v1", kind: "APIService", metadata: { name } }]);
      const { labels, annotations } = metadata ?? {};
      await services.createAPIService({
        body: {
          metadata: { name, ...(labels && { labels }), ...(annotations && { annotations }) },
          ...(spec && { spec }),
        },
      });
      await served("True");
    });
    await services.patchAPIService({ name, body: { spec: { service: { name: "nobody" } } } }, mergePatch);
    await served("False");
    expect(await wrong()).toEqual([
      { id: "metricsNotServed", severity: "warning", cluster: "nhn", said: expect.stringContaining("nobody") },
    ]);
    await services.deleteAPIService({ name });
    expect(await wrong()).toEqual([{ id: "noMetrics", severity: "warning", cluster: "nhn" }]);
    expect(
      await wrong((stack) => Object.assign(stack, { metricsServer: { source: "https://mirror.example/m.yaml" } })),
    ).toEqual([]);
  });

  test("a Cilium whose settings may not or cannot be changed", async () => {
    const leave = ({ clusters }: Stack) => Object.assign(clusters[0] ?? {}, { cilium: { patch: false } });
    expect(await wrong(leave)).toMatchObject([
      { id: "ciliumNotForIstio", severity: "warning", cluster: "ncloud", field: "clusters[0].cilium.patch" },
    ]);
    const name = { name: "cilium-config", namespace: "kube-system" };
    const { data, metadata } = await ncloud.core.readNamespacedConfigMap(name);
    await ncloud.core.deleteNamespacedConfigMap(name);
    onTestFinished(async () => {
      const { labels } = metadata ?? {};
      const body = { metadata: { ...name, ...(labels && { labels }) }, ...(data && { data }) };
      await ncloud.core.createNamespacedConfigMap({ ...name, body });
    });
    expect(await wrong()).toMatchObject([{ id: "ciliumWithoutConfig", severity: "error", namespace: "kube-system" }]);
  });

  test("a Gateway API of another release", async () => {
    const [crd] = (await readCrds(lab.tools.gatewayApiCrds)).filter(({ spec }) => spec.names.kind === "ReferenceGrant");
    const annotations = { ...crd?.metadata?.annotations, "gateway.networking.k8s.io/bundle-version": "v9.9.9" };
    await make(nhn, { ...crd, metadata: { name: crd?.metadata?.name ?? "", annotations } });
    expect(await wrong()).toEqual([
      {
        id: "gatewayApiDiffers",
        severity: "warning",
        cluster: "nhn",
        releases: ["v9.9.9"],
        wanted: `v${versions.gatewayApi}`,
        is: "newer",
      },
    ]);
  });
});

describe("existing objects", () => {
  test("webhooks of a removed Istio", async () => {
    await make(nhn, {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "MutatingWebhookConfiguration",
      metadata: { name: "istio-sidecar-injector", labels: { app: "sidecar-injector" } },
      webhooks: [],
    } as KubernetesObject);
    expect(await wrong()).toEqual([
      {
        id: "othersIstio",
        severity: "error",
        cluster: "nhn",
        parts: ["MutatingWebhookConfiguration istio-sidecar-injector"],
      },
    ]);
  });

  test("custom resources of a removed Istio, unless the config keeps them", async () => {
    const crd = foundBefore.find(({ kind }) => kind === "CustomResourceDefinition") as KubernetesObject;
    await make(nhn, crd);
    // With this CRD, the group's preferred version does not serve the first one, as for EnvoyFilter.
    const newer = JSON.stringify(crd)
      .replace(/wasmplugin/gi, "newer")
      .replace("v1alpha1", "v1");
    await make(nhn, JSON.parse(newer) as KubernetesObject);
    expect(await wrong()).toEqual([]);
    const plugin = {
      apiVersion: "extensions.istio.io/v1alpha1",
      kind: "WasmPlugin",
      metadata: { name: "theirs", namespace: "default" },
    };
    await waitFor("the kind is served", 30_000, async () => {
      await nhn.objects.create(plugin);
      return true;
    });
    const resources = ["wasmplugins.extensions.istio.io default/theirs"];
    expect(await wrong()).toEqual([{ id: "othersResources", severity: "error", cluster: "nhn", resources }]);
    expect(await wrong((stack) => Object.assign(stack.istio as object, { keepCrds: true }))).toEqual([]);
  });

  test("a namespace that is being deleted, or that disables sidecars", async () => {
    const held = { metadata: { name: "held", namespace: "sample", finalizers: ["somebody.example/held"] } };
    const labels = { "istio-injection": "disabled" };
    await nhn.core.createNamespace({ body: { metadata: { name: "sample", labels } } });
    onTestFinished(() => gone(nhn, [{ apiVersion: "v1", kind: "Namespace", metadata: { name: "sample" } }]));
    expect(await wrong()).toEqual([
      {
        id: "namespaceKeepsSidecarsOut",
        severity: "error",
        cluster: "nhn",
        namespace: "sample",
        label: "istio-injection=disabled",
      },
    ]);
    await nhn.core.createNamespacedConfigMap({ namespace: "sample", body: held });
    await nhn.core.deleteNamespace({ name: "sample" });
    await waitFor("the namespace tells what holds it up", 30_000, async () => {
      const [found] = await wrong();
      return found?.id === "namespaceEnds" && found.said.includes("somebody.example/held")
        ? true
        : JSON.stringify(found);
    });
    expect(await wrong()).toMatchObject([
      { id: "namespaceEnds", severity: "error", cluster: "nhn", namespace: "sample" },
    ]);
    await nhn.core.patchNamespacedConfigMap(
      { name: "held", namespace: "sample", body: { metadata: { finalizers: null } } },
      mergePatch,
    );
  });
});

describe("pulumi", () => {
  const outputsOf = (run: Promise<string>) =>
    run.then(
      () => "it did not fail",
      ({ stdout, stderr }: { stdout?: string; stderr?: string }) => `${stdout}\n${stderr}`,
    );

  test("does not start beside another Istio, and prints the reason in a table", async () => {
    await make(nhn, addonIstiod as KubernetesObject);
    const snapshots = () => Promise.all([ncloud, nhn].map(({ config }) => apiSnapshot(config)));
    const before = await snapshots();
    for (const run of [pulumiPreview, pulumiUp]) {
      const said = await outputsOf(run(lab));
      expect(said).toContain("the clusters are not ready for the mesh; nothing was created.");
      expect(said).toMatch(/error +nhn +an Istio that this program did not install: +two overwrite each other's/);
      expect(said.replaceAll("nothing was created", "")).not.toMatch(/\+ +csp-mesh|\bcreated\b/);
    }
    // Without a preview, the check runs in the update, after Pulumi has created the stack's own resource.
    expect(await outputsOf(pulumiUp(lab, "--skip-preview"))).toContain("Resources:\n    + 1 created\n    1 errored\n");
    const after = await snapshots();
    expect(before.flatMap((snapshot, index) => apiDifference(snapshot, after[index] ?? new Map()))).toEqual([]);
    const { resources = [] } = JSON.parse(await pulumi(lab, ["stack", "export"], { quiet: true })).deployment;
    const types = resources.map(({ type }: { type: string }) => type);
    expect(types.filter((type: string) => type !== "pulumi:pulumi:Stack")).toEqual([]);
  });

  test("previews new clusters, and prints each warning once", async () => {
    const unchanged = await pulumiPreview(lab);
    expect(unchanged).toMatch(/Resources:\n {4}\+ \d+ to create\n/);
    expect(unchanged).not.toContain("warning:");
    const istio = await configured(lab, "istio");
    onTestFinished(() => configure(lab, { istio }));
    await configure(lab, { istio: { ...istio, version: "1.29.1" } });
    const said = await pulumiPreview(lab);
    expect(said.match(/Istio 1\.29 is past its end of life/g) ?? []).toHaveLength(1);
    expect(said).toMatch(
      /ncloud, nhn: Istio 1\.29 is past its end of life \(2026-10-12\); set istio\.version to a release of /,
    );
  });

  test('builds istiods and gateways on tainted nodes under Pod Security "restricted", and quotes errors', async () => {
    await taint();
    await enforcing("istio-system", "restricted");
    await enforcing("sample", "baseline");
    const preflight = await configured(lab, "preflight");
    onTestFinished(async () => {
      await pulumiDestroy(lab);
      await configure(lab, { preflight, awaitSeconds: undefined });
      await configureCluster(lab, "nhn", { pods: undefined });
    });
    await configure(lab, { preflight: { enabled: false }, awaitSeconds: 60 });
    await configureCluster(lab, "nhn", { pods: { tolerations } });
    const said = await outputsOf(pulumiUp(lab));
    for (const name of ["reviews-v2", "sleep"])
      expect(said).toMatch(
        new RegExp(
          `nhn: Deployment sample/${name} is not ready after 60 s\\s+Deployment ${name}: .*violates PodSecurity`,
        ),
      );
    // Only the stack itself and the rejected steps failed: neither the probe, nor istiod and its webhook, nor the
    // gateway.
    expect(said.match(/^ +\d+ errored$/m)?.[0].trim()).toBe("3 errored");
  });
});
