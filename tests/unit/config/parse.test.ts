import { describe, expect, test } from "vitest";
import { parseConfig } from "../../../config/parse.ts";
import { defaultGateway } from "../../../mesh/gatewayOptions.ts";
import { anywhere } from "../../../mesh/podParts.ts";
import { folder, kubeconfig } from "./fixtures.ts";

const root = folder({ kubeconfig: kubeconfig(["one", "two"]), broken: "token: hidden\n- no yaml" });
const one = { name: "one", kubeconfig: "kubeconfig", context: "one" };
const two = { name: "two", kubeconfig: "kubeconfig", context: "two" };

/** The lines of the error for an invalid config. */
function problems(raw: Record<string, unknown>): string[] {
  try {
    parseConfig(raw, root);
  } catch (error) {
    const [head, ...lines] = (error as Error).message.split("\n");
    expect(head).toBe("The config of this stack cannot be used:");
    return lines.map((line) => line.replace("  - ", ""));
  }
  throw new Error("the config was taken");
}

describe("a valid config", () => {
  test("needs only two clusters", () => {
    const istiod = {
      ...{ version: "1.31.0", tag: "1.31.0", chart: chart("istiod", "1.31.0") },
      base: { version: "1.31.0", chart: chart("base", "1.31.0") },
    };
    expect(parseConfig({ clusters: [one, { ...two, csp: "ncloud" }] }, root)).toEqual({
      clusters: [
        {
          name: "one",
          position: 0,
          isStaying: true,
          sampleVersion: 1,
          istio: istiod,
          network: "one",
          csp: "generic",
          kubeconfig: "kubeconfig",
          context: "one",
          server: "https://one.example:6443",
          cilium: { patch: true, leave: [] },
          gateway: defaultGateway,
          pods: anywhere,
          tokenGeneration: 1,
          caGeneration: 1,
        },
        {
          name: "two",
          position: 1,
          isStaying: true,
          sampleVersion: 2,
          istio: istiod,
          network: "two",
          csp: "ncloud",
          kubeconfig: "kubeconfig",
          context: "two",
          server: "https://two.example:6443",
          cilium: { patch: true, leave: [] },
          gateway: {
            ...defaultGateway,
            annotations: { "service.beta.kubernetes.io/ncloud-load-balancer-layer-type": "nlb" },
          },
          pods: anywhere,
          tokenGeneration: 1,
          caGeneration: 1,
        },
      ],
      gone: [],
      istio: {
        version: "1.31.0",
        tag: "1.31.0",
        hub: "docker.io/istio",
        meshId: "mesh1",
        keepCrds: false,
        allowUnsupported: false,
        trustDomain: "cluster.local",
        values: { base: {}, istiod: {} },
        istiod: { replicas: { min: 1, max: 5, targetCPU: 80 } },
        externalGateways: [],
        charts: { base: chart("base", "1.31.0"), istiod: chart("istiod", "1.31.0") },
      },
      gatewayApi: {
        source: "https://github.com/kubernetes-sigs/gateway-api/releases/download/v1.6.0/standard-install.yaml",
      },
      metricsServer: { kubeletInsecureTls: false },
      pullSecrets: [],
      ca: {
        source: "generated",
        algorithm: "ECDSA",
        organization: "Istio",
        rootValidityHours: 87_600,
        rootGeneration: 1,
        rootPathLength: 1,
        intermediateValidityHours: 43_800,
        intermediatePathLength: 0,
        protect: false,
      },
      warnings: [],
      filledIn: [
        "one: csp generic (Kubernetes) fills in nothing",
        'two: csp ncloud (NAVER Cloud Kubernetes Service) fills in the gateway\'s annotation service.beta.kubernetes.io/ncloud-load-balancer-layer-type: "nlb" (https://guide.ncloud-docs.com/docs/en/k8s-k8suse-loadbalancer)',
      ],
      sample: {
        enabled: true,
        namespace: "sample",
        traffic: { kind: "none" },
        images: {
          "reviews-v1": "docker.io/istio/examples-bookinfo-reviews-v1:1.20.3",
          "reviews-v2": "docker.io/istio/examples-bookinfo-reviews-v2:1.20.3",
          "reviews-v3": "docker.io/istio/examples-bookinfo-reviews-v3:1.20.3",
          curl: "docker.io/curlimages/curl:8.16.0",
        },
      },
      clusterDomain: "cluster.local",
      preflight: { enabled: true, probe: true },
      awaitSeconds: 300,
    });
  });

  test("may set the cluster domain, also in the Helm values", () => {
    const values = { istiod: { global: { proxy: { clusterDomain: "corp.internal" } } } };
    const config = { clusters: [one, two], clusterDomain: "corp.internal", istio: { values } };
    expect(parseConfig(config, root).clusterDomain).toBe("corp.internal");
  });

  test("may set an API server's address for peers", () => {
    const clusters = [{ ...one, apiServer: "https://203.0.113.7:6443" }, two];
    expect(parseConfig({ clusters }, root).clusters.map(({ server }) => server)).toEqual([
      "https://203.0.113.7:6443",
      "https://two.example:6443",
    ]);
  });

  test("derives the image tag from the version", () => {
    const { istio } = parseConfig({ clusters: [one, two], istio: { version: "1.28.2" } }, root);
    expect([istio.version, istio.tag, istio.charts.istiod]).toEqual(["1.28.2", "1.28.2", chart("istiod", "1.28.2")]);
  });

  test("may repeat and extend the program's Helm values", () => {
    const istiod = {
      global: { meshID: "mesh1", logAsJson: true },
      meshConfig: { extensionProviders: [{ name: "mine" }] },
    };
    expect(parseConfig({ clusters: [one, two], istio: { values: { istiod } } }, root).istio.values.istiod).toEqual(
      istiod,
    );
  });
});

function chart(name: string, version: string) {
  return { chart: name, version, repositoryOpts: { repo: "https://blob.istio.io/istio-release/charts" } };
}

describe("an invalid config", () => {
  test("is reported with all errors at once", () => {
    const nks = "nks_kr_portal-test-cluster_e50cf226-309b-4c00-8953-a32ff962f8d4";
    expect(
      problems({
        clusters: [
          { name: nks, kubeconfig: "kubeconfig", context: "three" },
          { name: nks, network: "a b", csp: "aws", kubeconfig: "missing", context: "one" },
          { name: "two", network: nks, contxt: "two", kubeconfig: "broken", context: "two", apiServer: "http://two" },
          { name: 7, network: "a b", kubeconfig: "kubeconfig" },
        ],
        istio: { version: "", tags: "1" },
        ca: { algorithm: "RSA4096", rootValidityHours: 0 },
        sample: { enabled: "yes" },
        cluster: [],
      }),
    ).toEqual([
      `clusters[0].name: "${nks}" is not a DNS-1123 label (lower case letters, digits and "-", at most 63); use "nks-kr-portal-test-cluster-e50cf226-309b-4c00-8953-a32ff962f8d4"; it may differ from the name in the kubeconfig`,
      `clusters[1].name: "${nks}" is not a DNS-1123 label (lower case letters, digits and "-", at most 63); use "nks-kr-portal-test-cluster-e50cf226-309b-4c00-8953-a32ff962f8d4"; it may differ from the name in the kubeconfig`,
      'clusters[1].network: "a b" cannot be the value of a label (letters, digits, "-", "_" and ".", at most 63); the default is the cluster\'s name',
      'clusters[1].csp: must be one of "ncloud", "nhn", "kt", "generic", got "aws"; for every other provider use "generic"',
      'clusters[2].apiServer: "http://two" is not an https:// URL, such as https://203.0.113.7:6443',
      'clusters[2]: unknown key "contxt"; known are kubeconfig, context, name, network, state, sampleVersion, csp, apiServer, tlsServerName, caBundle, proxyUrl, tokenGeneration, caGeneration, egressCidrs, cilium, gateway, pods, istio, storageClass',
      "clusters[3].context: is required (string)",
      "clusters[3].name: must be of type string, got 7",
      'clusters[3].network: "a b" cannot be the value of a label (letters, digits, "-", "_" and ".", at most 63); the default is the cluster\'s name',
      "istio.version: must not be empty",
      'istio: unknown key "tags"; known are version, allowUnsupported, charts, chartAccess, chartDigests, hub, tag, meshId, keepCrds, trustDomain, values',
      'ca.algorithm: must be one of "ECDSA", "RSA", got "RSA4096"',
      "ca.rootValidityHours: must be more than 0, got 0",
      'sample.enabled: must be of type boolean, got "yes"',
      'unknown key "cluster"; known are clusters, clusterDomain, istio, gatewayApi, metricsServer, pullSecrets, pods, istiod, gateway, ingress, ca, rootRotation, sample, vmAccount, preflight, operation, awaitSeconds',
      `clusters[1].name: "${nks}" is already that of clusters[0]; istiod would treat both as one cluster`,
      `clusters[2].network: "${nks}" is already that of clusters[0]; istiod would send requests directly to pods that it cannot reach through a gateway`,
      'clusters[3].network: "a b" is already that of clusters[1]; istiod would send requests directly to pods that it cannot reach through a gateway',
      `clusters[0]: ${root}/kubeconfig has no context "three"; it has "one", "two"`,
      `clusters[1]: "${root}/missing" cannot be read (ENOENT); set "kubeconfig" to the path of a file`,
      `clusters[2]: ${root}/broken is not a kubeconfig: it is not YAML (line 2)`,
    ]);
  });

  test("with names of JavaScript's object members", () => {
    const clusters = [
      { ...one, name: "constructor" },
      { ...two, network: "toString" },
    ];
    const is = (name: string) =>
      `"${name}" is a property of every JavaScript object, so this program cannot use it as a name; use another, such as "${name}-1"`;
    expect(problems({ clusters })).toEqual([
      `clusters[0].name: ${is("constructor")}`,
      `clusters[1].network: ${is("toString")}`,
    ]);
  });

  test("with too few clusters", () => {
    expect(problems({})).toEqual(["clusters: is required (array)"]);
    expect(problems({ clusters: [] })).toEqual(["clusters: is empty; list the clusters of the mesh"]);
  });

  test("with two clusters of the same context", () => {
    expect(problems({ clusters: [one, { ...two, context: "one" }] })).toEqual([
      'clusters[1].context: "one" is already that of clusters[0]; both entries would be the same cluster',
    ]);
  });

  test("with two clusters whose API server address for peers is the same", () => {
    const sharing = (ofOne: object, ofTwo: object) =>
      problems({
        clusters: [
          { ...one, ...ofOne },
          { ...two, ...ofTwo },
        ],
      });
    const problem = (url: string) => [
      `clusters[1].apiServer: "${url}" is already that of clusters[0]; the others would watch the same cluster as "one" and "two"; ` +
        'give each as "apiServer" the address at which they reach it',
    ];
    const proxy = { apiServer: "https://api.example:443" };
    expect(sharing(proxy, { apiServer: "https://API.example/" })).toEqual(problem("https://api.example/"));
    expect(sharing({ apiServer: "https://two.example:6443" }, {})).toEqual(problem("https://two.example:6443/"));
    // Like a proxy that routes by TLS server name, or by path.
    const named = {
      clusters: [
        { ...one, ...proxy, tlsServerName: "one" },
        { ...two, ...proxy, tlsServerName: "two" },
      ],
    };
    expect(parseConfig(named, root).clusters).toHaveLength(2);
    const paths = { clusters: [one, two].map((own) => ({ ...own, apiServer: `https://api.example/${own.name}` })) };
    expect(parseConfig(paths, root).clusters).toHaveLength(2);
  });

  test("with the sample in istiod's namespace", () => {
    expect(problems({ clusters: [one, two], sample: { namespace: "istio-system" } })).toEqual([
      "sample.namespace: is istiod's own namespace; choose another one for the sample",
    ]);
  });

  test("with Helm values that contradict the program's", () => {
    const istiod = {
      global: { meshID: "other", network: "one" },
      pilot: { env: { ISTIO_MULTIROOT_MESH: "false" }, autoscaleMax: 9, resources: { requests: { cpu: "1" } } },
      pdb: { maxUnavailable: "50%" },
      meshConfig: "text",
    };
    expect(
      problems({
        clusters: [one, two],
        istiod: { resources: { requests: { cpu: 2 } } },
        istio: { values: { istiod } },
      }),
    ).toEqual([
      "istio.values.istiod.global.meshID: is set by the program itself; remove it",
      "istio.values.istiod.pilot.env.ISTIO_MULTIROOT_MESH: is set by the program itself; remove it",
      "istio.values.istiod.pilot.autoscaleMax: is set by the program itself; remove it",
      "istio.values.istiod.pilot.resources.requests.cpu: is set by the program itself; remove it",
      "istio.values.istiod.pdb.maxUnavailable: is set by the program itself; remove it",
      // Valid for cluster one, but not for cluster two.
      "istio.values.istiod.global.network: is set by the program itself; remove it",
      'istio.values.istiod.meshConfig: "text": must be a table of values; give one or remove it',
    ]);
  });

  test("with Helm values that contradict the ingress gateway or pull secrets", () => {
    const istiod = { meshConfig: { ingressService: "mine" }, pilot: { global: { imagePullSecrets: ["mine"] } } };
    const config = { clusters: [one, two], ingress: { enabled: true }, pullSecrets: [{ name: "login" }] };
    expect(problems({ ...config, istio: { values: { istiod } } })).toEqual([
      "istio.values.istiod.meshConfig.ingressService: is set by the program itself; remove it",
      "istio.values.istiod.pilot.global.imagePullSecrets: is set by the program itself; remove it",
    ]);
  });

  test("with Helm values that the rest of the program does not support", () => {
    const istiod = {
      revision: "canary",
      profile: "ambient",
      enabled: false,
      global: { externalIstiod: true, istioNamespace: "mesh", proxy: { clusterDomain: "corp.local" } },
      pilot: { env: { PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER: "false" } },
    };
    const base = { defaultRevision: "canary", base: { enableCRDTemplates: false } };
    const found = problems({ clusters: [one, two], istio: { values: { base, istiod } } });
    expect(found.map((line) => line.replace(/: .*/, ""))).toEqual([
      "istio.values.base.defaultRevision",
      "istio.values.base.base.enableCRDTemplates",
      "istio.values.istiod.global.istioNamespace",
      "istio.values.istiod.profile",
      "istio.values.istiod.enabled",
      "istio.values.istiod.revision",
      "istio.values.istiod.global.externalIstiod",
      "istio.values.istiod.global.proxy.clusterDomain",
      "istio.values.istiod.pilot.env.PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER",
    ]);
    expect(found).toContain(
      'istio.values.istiod.global.proxy.clusterDomain: "corp.local": gateways, rules and the proof would use another cluster domain, and requests between clusters would fail; set csp-mesh:clusterDomain instead',
    );
    const whole = {
      global: { istioNamespace: "istio-system", proxy: { clusterDomain: "cluster.local" } },
      revision: "",
    };
    expect(() => parseConfig({ clusters: [one, two], istio: { values: { istiod: whole } } }, root)).not.toThrow();
  });

  test.each([
    ["version", "v1.31.0", 'istio.version: "v1.31.0" is not a version of Istio\'s charts'],
    ["version", "1.31", 'istio.version: "1.31" is not a version of Istio\'s charts'],
    ["trustDomain", "Mesh.Example", 'istio.trustDomain: "Mesh.Example" is not a trust domain that istiod accepts'],
    ["trustDomain", "corp_prod", 'istio.trustDomain: "corp_prod" is not a trust domain that istiod accepts'],
    ["trustDomain", "corp..example", 'istio.trustDomain: "corp..example" is not a trust domain that istiod accepts'],
    ["trustDomain", "spiffe://mesh", 'istio.trustDomain: "spiffe://mesh" is not a trust domain that istiod accepts'],
    ["meshId", "mesh one", 'istio.meshId: "mesh one" cannot be a mesh\'s id'],
  ])("with %s %j", (field, value, message) => {
    const [found = "", ...more] = problems({ clusters: [one, two], istio: { [field]: value } });
    expect(found).toContain(message);
    expect(more).toEqual([]);
  });

  test("with a timeout of more than a day", () => {
    expect(problems({ clusters: [one, two], awaitSeconds: 1e9 })).toEqual([
      "awaitSeconds: must be at most 86400, a day",
    ]);
  });

  test("with a folder that lacks both charts", () => {
    const without = (name: string) =>
      `istio.charts: "charts" contains neither ${name}/Chart.yaml nor ${name}-1.31.0.tgz; give a folder with Istio's charts, an https:// repository or an oci:// registry`;
    expect(problems({ clusters: [one, two], istio: { charts: "charts" } })).toEqual([
      without("base"),
      without("istiod"),
    ]);
  });
});

test.each([
  [{ istio: { hub: "https://docker.io/istio" } }, 'istio.hub: "https://docker.io/istio" is not an image registry'],
  [{ istio: { hub: "docker.io/istio/" } }, 'istio.hub: "docker.io/istio/" is not an image registry'],
  [{ istio: { hub: "docker.io/istio:1.31" } }, 'istio.hub: "docker.io/istio:1.31" is not an image registry'],
  [{ istio: { tag: "1.31 distroless" } }, 'istio.tag: "1.31 distroless" is not an image tag'],
  [{ sample: { images: { curl: "docker.io/Curl:8" } } }, 'sample.images.curl: "docker.io/Curl:8" is not an image'],
  [{ sample: { namespace: "kube-system" } }, "sample.namespace: is a namespace whose pods never get a sidecar"],
])("rejects %j as an image or a place for the sample", (more, line) => {
  expect(problems({ clusters: [one, two], ...more })).toEqual([expect.stringContaining(line)]);
});

test.each([
  { istio: { hub: "registry.example:5000", tag: "1.31.0-distroless" } },
  { istio: { hub: "[2001:db8::5]:5000/a/b_c" }, metricsServer: { registry: "Registry.example/k8s" } },
  { sample: { images: { curl: `localhost:5000/x/curl:8@sha256:${"a".repeat(64)}` } } },
])("accepts %j", (more) => {
  expect(() => parseConfig({ clusters: [one, two], ...more }, root)).not.toThrow();
});
