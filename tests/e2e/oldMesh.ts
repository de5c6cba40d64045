// Builds a mesh like the former guide, with the real openssl, kubectl and istioctl: clusters have their kubeconfigs'
// names, remote secrets are refused, and manual objects replace them.
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { certificateFiles, makeIntermediate, makeRoot } from "../../bench/certificates.ts";
import { readSettings } from "../../bench/settings.ts";
import { images } from "../../lab/images.ts";
import type { ClusterSpec } from "../../lab/spec.ts";
import type { Lab } from "../../lab/up.ts";
import { waitFor } from "../../lab/wait.ts";
import { ISTIO_SETTINGS } from "../../mesh/ciliumSettings.ts";
import { readCrds } from "../../provider/gatewayApiManifest.ts";

export interface OldMeshArgs {
  readonly lab: Lab;
  /** `istio_mc` of the portal's archive, in which the script leaves `certs`. */
  readonly folder: string;
  readonly istioctl: string;
  readonly kubectl: string;
}

const SYSTEM = "istio-system";

/** @returns the output of `istioctl create-remote-secret`, by cluster */
export async function buildOldMesh({ lab, folder, istioctl, kubectl }: OldMeshArgs): Promise<readonly string[]> {
  const certs = join(folder, "certs");
  const tool = async (program: string, { kubeconfigName }: ClusterSpec, args: readonly string[], input = "") => {
    const env = { KUBECONFIG: join(lab.dir, "kubeconfig"), KUBECACHEDIR: join(folder, "cache") };
    return (await execa(program, ["--context", kubeconfigName, ...args], { cwd: folder, env, input })).stdout;
  };
  const run = (cluster: ClusterSpec, ...args: string[]) => tool(kubectl, cluster, args);
  const apply = (cluster: ClusterSpec, ...objects: object[]) =>
    tool(kubectl, cluster, ["apply", "-f", "-"], objects.map((object) => stringify(object)).join("---\n"));

  async function patchCilium(cluster: ClusterSpec): Promise<void> {
    const patch = ["--type", "merge", "--patch", JSON.stringify({ data: ISTIO_SETTINGS })];
    await run(cluster, "patch", "configmap", "cilium-config", "--namespace", "kube-system", ...patch);
    await run(cluster, "rollout", "restart", "daemonset/cilium", "--namespace", "kube-system");
    await run(cluster, "rollout", "status", "daemonset/cilium", "--namespace", "kube-system");
  }

  async function install(cluster: ClusterSpec, number: number): Promise<void> {
    const { kubeconfigName } = cluster;
    // The full name is too long for a certificate's subject in openssl.
    await makeIntermediate(certs, cluster.name);
    await rm(join(certs, kubeconfigName), { recursive: true, force: true });
    await rename(join(certs, cluster.name), join(certs, kubeconfigName));
    await run(cluster, "create", "namespace", SYSTEM);
    await run(cluster, "label", "namespace", SYSTEM, `topology.istio.io/network=network${number}`);
    const files = Object.entries(certificateFiles(join(certs, kubeconfigName)));
    const from = files.map(([key, path]) => `--from-file=${key}=${path}`);
    await run(cluster, "create", "secret", "generic", "cacerts", "--namespace", SYSTEM, ...from);
    const file = join(folder, `${kubeconfigName}.yaml`);
    await writeFile(file, stringify(istioOperator(lab, kubeconfigName, number)));
    await tool(istioctl, cluster, ["install", "-y", "-f", file]);
    await apply(cluster, crossNetworkGateway);
    // The release in the former guide has only CRDs, without an admission policy.
    await apply(cluster, ...(await readCrds(lab.tools.gatewayApiCrds)));
  }

  await mkdir(certs, { recursive: true });
  await makeRoot(certs);
  for (const [index, cluster] of lab.clusters.entries()) {
    if (cluster.provider.hasCilium) await patchCilium(cluster);
    await install(cluster, index + 1);
  }
  // Convert the key to the name in the script, and to the format of `step`.
  await execa("openssl", ["ec", "-in", "root-key.pem", "-out", "root-ca.key"], { cwd: certs });
  await rename(join(certs, "root-key.pem"), join(folder, "openssl-root-key.pem"));

  const refusals = await Promise.all(
    lab.clusters.map((cluster) =>
      tool(istioctl, cluster, ["create-remote-secret", "--name", cluster.kubeconfigName]).then(
        // Return only the error, never the content.
        () => "it was not refused",
        (error: { stderr?: string }) => error.stderr ?? String(error),
      ),
    ),
  );

  const [first, second] = lab.clusters as readonly [ClusterSpec, ClusterSpec];
  await Promise.all([
    apply(first, ...sample(1), ...workload("sleep", "sleep", images.curl, ["sleep", "infinity"])),
    apply(second, ...sample(2)),
  ]);
  await apply(first, ...byHand(await gatewayIp(second)));
  for (const cluster of lab.clusters) {
    for (const name of (await run(cluster, "get", "deployment", "-n", "sample", "-o", "name")).split("\n")) {
      await run(cluster, "rollout", "status", name, "-n", "sample", "--timeout", "120s");
    }
  }
  return refusals;

  async function gatewayIp(cluster: ClusterSpec): Promise<string> {
    const path = "jsonpath={.status.loadBalancer.ingress[0].ip}";
    let ip = "";
    await waitFor(`the gateway's address in ${cluster.name}`, 60_000, async () => {
      ip = await run(cluster, "get", "service", "istio-ingressgateway", "--namespace", SYSTEM, "--output", path);
      return ip !== "" || "Pending";
    });
    return ip;
  }
}

/** The installation in section 4.5 of the former guide, with the lab's settings for its Envoy and small nodes. */
function istioOperator(lab: Lab, cluster: string, number: number) {
  const { istio } = readSettings(lab);
  const { pilot = {}, global = {}, ...others } = istio.values.istiod as Record<string, object>;
  const network = `network${number}`;
  return {
    apiVersion: "install.istio.io/v1alpha1",
    kind: "IstioOperator",
    spec: {
      profile: "minimal",
      hub: istio.hub,
      tag: istio.tag,
      values: {
        ...others,
        pilot: { ...pilot, autoscaleEnabled: false, resources: { requests: { cpu: "50m", memory: "128Mi" } } },
        global: {
          ...global,
          meshID: "mesh1",
          network,
          multiCluster: { clusterName: cluster },
          imagePullPolicy: "IfNotPresent",
        },
      },
      components: {
        ingressGateways: [
          {
            name: "istio-ingressgateway",
            enabled: true,
            label: {
              app: "istio-ingressgateway",
              istio: "ingressgateway",
              "topology.istio.io/network": network,
            },
            k8s: {
              env: [{ name: "ISTIO_META_REQUESTED_NETWORK_VIEW", value: network }],
              resources: { requests: { cpu: "10m", memory: "64Mi" } },
              service: {
                ports: [
                  { name: "status-port", port: 15021, targetPort: 15021 },
                  { name: "http2", port: 80, targetPort: 8080 },
                  { name: "https", port: 443, targetPort: 8443 },
                  { name: "tcp", port: 31400, targetPort: 31400 },
                  { name: "tls", port: 15443, targetPort: 15443 },
                  { name: "tls-istiod", port: 15012, targetPort: 15012 },
                  { name: "tls-webhook", port: 15017, targetPort: 15017 },
                ],
              },
            },
          },
        ],
      },
    },
  };
}

const crossNetworkGateway = {
  apiVersion: "networking.istio.io/v1",
  kind: "Gateway",
  metadata: { name: "cross-network-gateway", namespace: SYSTEM },
  spec: {
    selector: { istio: "ingressgateway" },
    servers: [
      { port: { number: 15443, name: "tls", protocol: "TLS" }, tls: { mode: "AUTO_PASSTHROUGH" }, hosts: ["*.local"] },
    ],
  },
};

const metadata = (name: string) => ({ name, namespace: "sample" });

/** Section 5.1: `reviews-vN` in cluster N. */
function sample(number: 1 | 2): object[] {
  const version = `v${number}`;
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: "sample", labels: { "istio-injection": "enabled" } } },
    ...workload("reviews", `reviews-${version}`, images.reviews(number), ["/reviews"], { version }),
  ];
}

function workload(app: string, name: string, image: string, command: string[], more: object = {}): object[] {
  const labels = { app, ...more };
  const account = app === "reviews" ? "bookinfo-reviews" : app;
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: metadata(account) },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: metadata(app),
      spec: { ports: [{ name: "http", port: app === "reviews" ? 9080 : 80 }], selector: { app } },
    },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: metadata(name),
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            serviceAccountName: account,
            terminationGracePeriodSeconds: 1,
            containers: [{ name: app, image, command }],
          },
        },
      },
    },
  ];
}

/** The manifests of section 5.2, unchanged. */
function byHand(address: string): object[] {
  const apiVersion = "networking.istio.io/v1beta1";
  const host = "reviews.sample.svc.cluster.local";
  const subset = (version: string) => ({ name: version, labels: { version } });
  const route = (subset: string, weight: number) => ({
    match: [{ sourceLabels: { app: "sleep" } }],
    route: [{ destination: { host, subset }, weight }],
  });
  return [
    {
      apiVersion,
      kind: "DestinationRule",
      metadata: metadata("reviews-destination"),
      spec: { host, subsets: [subset("v1"), subset("v2")], trafficPolicy: { tls: { mode: "ISTIO_MUTUAL" } } },
    },
    {
      apiVersion,
      kind: "Gateway",
      metadata: metadata("cluster2-gateway"),
      spec: {
        selector: { istio: "ingressgateway" },
        servers: [
          {
            port: { number: 15443, name: "tls", protocol: "TLS" },
            tls: { mode: "PASSTHROUGH" },
            hosts: ["*.sample.svc.cluster.local"],
          },
        ],
      },
    },
    {
      apiVersion,
      kind: "VirtualService",
      metadata: metadata("reviews-routing"),
      spec: { gateways: ["cluster2-gateway"], hosts: [host], http: [route("v1", 30), route("v2", 70)] },
    },
    {
      apiVersion,
      kind: "ServiceEntry",
      metadata: metadata("reviews-cluster2"),
      spec: {
        hosts: [host],
        location: "MESH_INTERNAL",
        ports: [{ number: 9080, name: "http", protocol: "HTTP" }],
        resolution: "DNS",
        endpoints: [{ address, ports: { http: 15443 } }],
        exportTo: ["."],
      },
    },
  ];
}
