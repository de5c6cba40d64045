// A mesh of the former script in two in-memory clusters, with a fake stack file, `pulumi up` and proof.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { KubernetesObject } from "@kubernetes/client-node";
import { onTestFinished } from "vitest";
import { parse, stringify } from "yaml";
import type { World } from "../../../cli/command.ts";
import { CLAIM, CLAIMED } from "../../../mesh/claim.ts";
import { MANAGED_BY, PROGRAM } from "../../../mesh/ownership.ts";
import type { PreflightFinding } from "../../../mesh/preflightFindings.ts";
import type { StatusFinding } from "../../../mesh/statusFindings.ts";
import type { CrossClusterProxies } from "../../../operations/crossClusterProxies.ts";
import { folder } from "../config/fixtures.ts";
import { type MemoryApi, memoryApi } from "../kube/memoryApi.ts";
import { authorities, cacerts } from "./existingMesh.ts";
import { answered } from "./runOn.ts";
import { configCommand } from "./stackFile.ts";

export const OWNER = "organization/csp-mesh/prod";
export const FORMER_NAMES = { one: "nks_kr_one_1", two: "nks_two_2" } as const;
type Name = keyof typeof FORMER_NAMES;
const NAMES = ["one", "two"] as const;

const base64 = (entries: Record<string, string>) =>
  Object.fromEntries(Object.entries(entries).map(([key, text]) => [key, Buffer.from(text).toString("base64")]));

/** Labels of objects from `istioctl install`. */
const byIstioctl = (component: string, more: Record<string, string> = {}) => ({
  "operator.istio.io/component": component,
  "operator.istio.io/managed": "Reconcile",
  "install.operator.istio.io/owning-resource-namespace": "istio-system",
  ...more,
});

const system = (name: string, labels?: Record<string, string>) => ({ name, namespace: "istio-system", labels });
const NETWORKING = "networking.istio.io/v1";

const crd = (plural: string, kind: string) => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `${plural}.networking.istio.io`, labels: byIstioctl("Base") },
  spec: { group: "networking.istio.io", names: { kind, plural }, versions: [{ name: "v1", served: true }] },
});

export const pod = (name: string, called?: string, labels: Record<string, string> = {}) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name,
    namespace: "sample",
    labels,
    annotations: called === undefined ? {} : { "sidecar.istio.io/status": "{}" },
  },
  spec: {
    containers: [
      { name: "app" },
      ...(called === undefined
        ? []
        : [{ name: "istio-proxy", env: [{ name: "ISTIO_META_CLUSTER_ID", value: called }] }]),
    ],
  },
});

const passing = (mode: string) => ({
  selector: { istio: "ingressgateway" },
  servers: [{ port: { number: 15443, name: "tls", protocol: "TLS" }, tls: { mode }, hosts: ["*.local"] }],
});

/** The objects that `istioctl install` and the guide create in each cluster. */
const installed = (name: Name, number: number): object[] => [
  ...Object.entries({ gateways: "Gateway", serviceentries: "ServiceEntry", virtualservices: "VirtualService" }).map(
    ([plural, kind]) => crd(plural, kind),
  ),
  crd("destinationrules", "DestinationRule"),
  {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "istio-system", labels: { "topology.istio.io/network": `network${number}` } },
  },
  { apiVersion: "v1", kind: "Namespace", metadata: { name: "sample", labels: { "istio-injection": "enabled" } } },
  {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingWebhookConfiguration",
    metadata: { name: "istio-sidecar-injector", labels: byIstioctl("Pilot", { app: "sidecar-injector" }) },
  },
  {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingWebhookConfiguration",
    metadata: { name: "istio-revision-tag-default", labels: { "operator.istio.io/component": "Pilot" } },
    webhooks: [{ clientConfig: { service: { name: "istiod", namespace: "istio-system" } } }],
  },
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: system("istiod", byIstioctl("Pilot", { app: "istiod" })),
    spec: {
      template: {
        spec: {
          containers: [
            {
              name: "discovery",
              image: "docker.io/istio/pilot:1.24.0",
              env: [{ name: "CLUSTER_ID", value: FORMER_NAMES[name] }],
            },
          ],
        },
      },
    },
  },
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: system("istio-ingressgateway", byIstioctl("IngressGateways")),
  },
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: system(
      "istio-ingressgateway",
      byIstioctl("IngressGateways", { "topology.istio.io/network": `network${number}` }),
    ),
    status: { loadBalancer: { ingress: [{ ip: `192.0.2.${number}` }] } },
  },
  {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: system("istio", byIstioctl("Pilot")),
    data: { mesh: "trustDomain: cluster.local\ndefaultConfig:\n  meshId: mesh1\n" },
  },
  {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "istio-ca-root-cert", namespace: "sample" },
    data: { "root-cert.pem": authorities().root.certificate },
  },
  {
    apiVersion: "v1",
    kind: "Secret",
    metadata: system("cacerts"),
    data: base64(
      cacerts(
        authorities()[name === "one" ? "one" : "two"],
        undefined,
        name === "one" ? "" : authorities().middle.certificate,
      ),
    ),
  },
  { apiVersion: "v1", kind: "Secret", metadata: system("istio-remote-secret-x", { "istio/multiCluster": "true" }) },
  // A Secret of the user, which stays.
  { apiVersion: "v1", kind: "Secret", metadata: system("backup-of-cacerts") },
  {
    apiVersion: NETWORKING,
    kind: "Gateway",
    metadata: system("cross-network-gateway"),
    spec: passing("AUTO_PASSTHROUGH"),
  },
  pod(`reviews-v${number}`, FORMER_NAMES[name]),
];

const HOST = "reviews.sample.svc.cluster.local";
const inSample = (name: string) => ({ name, namespace: "sample" });

/** The objects that the guide creates manually in the first cluster. */
const byHand: readonly object[] = [
  {
    apiVersion: NETWORKING,
    kind: "ServiceEntry",
    metadata: inSample("reviews-cluster2"),
    spec: { hosts: [HOST], endpoints: [{ address: "192.0.2.2", ports: { http: 15443 } }] },
  },
  {
    apiVersion: NETWORKING,
    kind: "DestinationRule",
    metadata: inSample("reviews-destination"),
    spec: { host: HOST, trafficPolicy: { tls: { mode: "ISTIO_MUTUAL" } }, subsets: [{ name: "v1" }] },
  },
  {
    apiVersion: NETWORKING,
    kind: "VirtualService",
    metadata: inSample("reviews-routing"),
    spec: { gateways: ["cluster2-gateway"], hosts: [HOST], http: [{ route: [{ destination: { host: HOST } }] }] },
  },
  { apiVersion: NETWORKING, kind: "Gateway", metadata: inSample("cluster2-gateway"), spec: passing("PASSTHROUGH") },
  // The user's own traffic rules of the same kinds, and with the same names in another namespace: they stay.
  {
    apiVersion: NETWORKING,
    kind: "ServiceEntry",
    metadata: { name: "reviews-cluster2", namespace: "shop" },
    spec: { hosts: ["api.example"], endpoints: [{ address: "198.51.100.9" }] },
  },
];

export async function formerMesh(config: Record<string, unknown> = {}) {
  const apis = Object.fromEntries(
    await Promise.all(NAMES.map(async (name) => [name, await memoryApi()] as const)),
  ) as Record<Name, MemoryApi>;
  onTestFinished(() => {
    for (const api of Object.values(apis)) api.close();
  });
  const { root: ca } = authorities();
  const root = folder({
    "one.yaml": apis.one.kubeconfig.replaceAll(/\bx\b/g, "one"),
    "two.yaml": apis.two.kubeconfig.replaceAll(/\bx\b/g, "two"),
    "Pulumi.prod.yaml": stringify({
      config: {
        "csp-mesh:clusters": NAMES.map((name) => ({
          name,
          kubeconfig: `${name}.yaml`,
          context: name,
          apiServer: `https://${name}.example`,
        })),
        ...config,
      },
    }),
    "root-cert.pem": ca.certificate,
    "root-ca.key": ca.key,
  });
  const file = join(root, "Pulumi.prod.yaml");
  const journal: string[] = [];
  const state = {
    killAt: Number.POSITIVE_INFINITY,
    effects: 0,
    answer: "y",
    findings: (): readonly StatusFinding[] => [],
    /** Findings of the preflight. */
    preflight: (): readonly PreflightFinding[] => [],
    far: (cluster: string): CrossClusterProxies => ({ cluster, connected: [], silent: [] }),
  };
  const effect = (line: string) => {
    if (++state.effects > state.killAt) throw new Error("killed");
    journal.push(line);
  };
  for (const [index, name] of NAMES.entries()) {
    for (const object of installed(name, index + 1)) apis[name].put(object as KubernetesObject);
    apis[name].meet = (request) => {
      if (request === "GET /version") return Promise.resolve({ status: 200, body: { gitVersion: "v1.32.0" } });
      if (request.startsWith("GET ") || request.startsWith("POST /apis/authorization")) return undefined;
      effect(`${name}: ${request.replace(/\/apis?\/(.*\/)?(v1|v2)\//, "")}`);
      return undefined;
    };
  }
  for (const object of byHand) apis.one.put(object as KubernetesObject);

  const { pulumi: configured, config: read } = configCommand(file, effect);
  const pulumi: World["pulumi"] = async (args, input) => (args[0] === "stack" ? `${OWNER}\n` : configured(args, input));
  const effects = {
    up: async () => {
      effect("up");
      for (const [index, name] of NAMES.entries()) {
        const claim = { id: "id", owner: OWNER, cluster: name, network: `network${index + 1}` };
        apis[name].put({
          apiVersion: "rbac.authorization.k8s.io/v1",
          kind: "ClusterRole",
          metadata: {
            name: CLAIM,
            labels: { [MANAGED_BY]: PROGRAM },
            annotations: { [CLAIMED]: JSON.stringify(claim) },
          },
        } as KubernetesObject);
      }
    },
    look: async () => ({ findings: state.findings(), looks: [], asked: [] }),
    refresh: async () => {},
    trust: async () => ({ trusted: [], issuer: "", rootEnd: 0, ends: {} }),
    pause: async () => {},
    examine: async () => state.preflight(),
    crossClusterProxies: async ({ name }: { name: string }) => state.far(name),
    restart: async ({ name }: { name: string }, pods: readonly string[]) => {
      effect(`restart ${pods.join(", ")} of ${name}`);
      // Restarted pods have a sidecar with the new cluster name.
      for (const path of pods) {
        const [, own = ""] = path.split("/");
        apis[name as Name].put(pod(own, name) as KubernetesObject);
      }
      return { workloads: ["Deployment sample/reviews"], left: [] };
    },
    prove: async (stack: string) => {
      effect(`prove ${stack}`);
      return true;
    },
  } as unknown as World["effects"];

  const run = (command: string) => answered(command, "prod", { root, pulumi, effects }, () => state.answer);
  const write = (change: (config: Record<string, unknown>) => unknown) => {
    const { config: whole } = parse(readFileSync(file, "utf8"));
    change(whole);
    writeFileSync(file, stringify({ config: whole }));
  };
  /** Names of the objects in a cluster, as in their paths. */
  const left = (name: Name) =>
    [...apis[name].objects.keys()].map((path) => path.replace(/^\/apis?\/(.*\/)?(v1|v2)\//, ""));
  return { apis, root, file, journal, state, run, write, left, config: read };
}
