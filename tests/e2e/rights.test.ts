// An account with exactly the rights that `npm run mesh -- rights` lists is sufficient from the first up to destroy.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type KubernetesObject, PatchStrategy } from "@kubernetes/client-node";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { metricsServer } from "../../lab/addons.ts";
import { labDown } from "../../lab/down.ts";
import { meshOutput, pulumiDestroy, pulumiEnvironment, pulumiRefresh, pulumiUp, stackFile } from "../../lab/pulumi.ts";
import { type ClusterSpec, labSpec } from "../../lab/spec.ts";
import { type Lab, labUp } from "../../lab/up.ts";
import { waitFor } from "../../lab/wait.ts";
import { parseMesh } from "../../proof/mesh.ts";
import { prove } from "../../proof/prove.ts";
import { ROOT } from "../root.ts";
import { type ApiSnapshot, apiDifference, apiSnapshot } from "./apiSnapshot.ts";
import { failure } from "./failure.ts";
import { type Api, apiOf, providerObjects } from "./kubectl.ts";
import { change, configure, configureCluster } from "./stackConfig.ts";
import { options } from "./testLab.ts";

const ACCOUNT = { name: "csp-mesh", namespace: "kube-system" };

interface Role extends KubernetesObject {
  readonly rules: readonly { readonly apiGroups: string[]; readonly resources: string[]; readonly verbs: string[] }[];
}

let lab: Lab;
let before: readonly ApiSnapshot[];

const named = (name: string) => lab.clusters.find((cluster) => cluster.name === name) as ClusterSpec;
const apis = () => lab.clusters.map((cluster) => apiOf(lab, cluster));
const snapshots = () => Promise.all(apis().map(({ config }) => apiSnapshot(config)));

beforeAll(async () => {
  await labDown(labSpec(options));
  lab = await labUp(options);
  // One cluster has no metrics API, so the program installs it. Its namespaces exist before and must stay.
  const nhn = apiOf(lab, named("nhn"));
  await (await providerObjects(nhn)).remove(metricsServer());
  for (const name of ["istio-system", "sample"]) await nhn.core.createNamespace({ body: { metadata: { name } } });
  const manifest = join(lab.dir, "metrics-server.yaml");
  writeFileSync(
    manifest,
    metricsServer()
      .map((object) => stringify(object))
      .join("---\n"),
  );
  await configure(lab, { metricsServer: { source: manifest, kubeletInsecureTls: true }, ingress: { enabled: true } });
  await Promise.all(lab.clusters.map(makeAccount));
  before = await snapshots();
});

afterAll(() => labDown(labSpec(options)));

async function printedRole(cluster: string): Promise<Role> {
  const args = ["rights", "--config-file", stackFile(lab), "--cluster", cluster, "--output", "yaml"];
  const { stdout } = await execa("node", ["cli/main.ts", ...args], { cwd: ROOT, env: pulumiEnvironment(lab) });
  return parse(stdout) as Role;
}

/** Creates the account of docs/rights.md, and a kubeconfig with its token, which the stack then uses. */
async function makeAccount(cluster: ClusterSpec): Promise<void> {
  const { objects, core, config } = apiOf(lab, cluster);
  await objects.create(await printedRole(cluster.name));
  await objects.create({ apiVersion: "v1", kind: "ServiceAccount", metadata: ACCOUNT });
  await objects.create({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: ACCOUNT.name },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: ACCOUNT.name },
    subjects: [{ kind: "ServiceAccount", ...ACCOUNT }],
  } as KubernetesObject);
  const { status } = await core.createNamespacedServiceAccountToken({
    ...ACCOUNT,
    body: { spec: { audiences: [], expirationSeconds: 86_400 } },
  });
  const name = cluster.kubeconfigName;
  const { server, caData } = config.getCurrentCluster() ?? {};
  const file = join(lab.dir, `account-${cluster.name}.kubeconfig`);
  const kubeconfig = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server, "certificate-authority-data": caData } }],
    users: [{ name, user: { token: status?.token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
  };
  writeFileSync(file, stringify(kubeconfig), { mode: 0o600 });
  await configureCluster(lab, cluster.name, { kubeconfig: file });
}

async function setRole(objects: Api["objects"], role: Role): Promise<void> {
  await objects.patch(role, undefined, undefined, undefined, undefined, PatchStrategy.MergePatch);
}

/** Grants exactly the rights that the accounts currently need. */
async function setRoles(): Promise<void> {
  for (const { name } of lab.clusters) await setRole(apiOf(lab, named(name)).objects, await printedRole(name));
}

const setSample = async (settings: object) =>
  change(lab, (config) => {
    config["csp-mesh:sample"] = { ...(config["csp-mesh:sample"] as object), ...settings };
  });

/** Removes one verb on one resource from the account of a cluster. @returns a function that restores it */
async function takeAway(cluster: string, verb: string, group: string, resource: string): Promise<() => Promise<void>> {
  const { objects } = apiOf(lab, named(cluster));
  const role = await printedRole(cluster);
  const rules = role.rules.flatMap((rule) => {
    if (!rule.apiGroups.includes(group) || !rule.resources.includes(resource) || !rule.verbs.includes(verb))
      return [rule];
    const others = rule.resources.filter((other) => other !== resource);
    return [
      { ...rule, verbs: rule.verbs.filter((other) => other !== verb) },
      { ...rule, resources: others },
    ].filter(({ resources, verbs }) => resources.length > 0 && verbs.length > 0);
  });
  expect(rules).not.toEqual(role.rules);
  const put = async (changed: Role["rules"]) => {
    await setRole(objects, { ...role, rules: changed });
  };
  await put(rules);
  return () => put(role.rules);
}

const passed = async () => {
  const results = await prove(parseMesh(await meshOutput(lab)), { disruption: true });
  expect(results.filter(({ passed }) => !passed)).toEqual([]);
  expect(results).toHaveLength(5);
};

test("a mesh is not built if the account may not grant the rights in Istio's roles", async () => {
  const giveBack = await takeAway("nhn", "escalate", "rbac.authorization.k8s.io", "clusterroles");
  expect(await failure(pulumiUp(lab, "--skip-preview"))).toMatch(/nhn +the account may not: escalate/);
  await giveBack();
});

test("a mesh without a sample is built with the listed rights", async () => {
  await setSample({ enabled: false });
  await setRoles();
  await pulumiUp(lab, "--skip-preview");
});

test("a sample is added with its additional rights, passes the proof, and stays unchanged", async () => {
  await setSample({ enabled: true });
  await setRoles();
  await pulumiUp(lab, "--skip-preview");
  await passed();
  expect(await pulumiUp(lab, "--skip-preview")).toMatch(/Resources:\n {4}\d+ unchanged\n/);
  expect(await pulumiRefresh(lab)).toMatch(/Resources:\n {4}\d+ unchanged\n/);
});

test("changes succeed: rules, a token, Istio's own settings", async () => {
  await configureCluster(lab, "nhn", { tokenGeneration: 2 });
  await setSample({ traffic: { kind: "failover" } });
  await change(lab, (config) => {
    const { replicas: _, ...istiod } = config["csp-mesh:istiod"] as Record<string, unknown>;
    config["csp-mesh:istiod"] = { ...istiod, autoscaling: { max: 2 } };
  });
  await setRoles();
  await pulumiUp(lab, "--skip-preview");
  await passed();
});

test("the mesh is not destroyed without the right to delete Istio's CRDs, but with the listed rights", async () => {
  const giveBack = await takeAway("nhn", "delete", "apiextensions.k8s.io", "customresourcedefinitions");
  expect(await failure(pulumiDestroy(lab, "--skip-preview"))).toContain(
    'cannot delete resource "customresourcedefinitions" in API group "apiextensions.k8s.io"',
  );
  await giveBack();
  await pulumiDestroy(lab, "--skip-preview");
  await waitFor("both clusters as they were", 60_000, async () => {
    const after = await snapshots();
    const left = before
      .flatMap((snapshot, index) => apiDifference(snapshot, after[index] ?? new Map()))
      .filter((line) => !line.endsWith("ClusterRole csp-mesh"));
    return left.length === 0 ? true : left.join("\n");
  });
});
