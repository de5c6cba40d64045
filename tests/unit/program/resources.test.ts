import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { tokenEntry } from "../../../components/readerToken.ts";
import { makeRoot } from "../proof/authority.ts";
import { failProgram, loadBalancers, type Recorded, runProgram, writeKubeconfig } from "./recorder.ts";

const kubeconfig = writeKubeconfig("nks_kr_one", "two");
const clusters = [
  { name: "one", kubeconfig, context: "nks_kr_one", csp: "ncloud" },
  { name: "two", kubeconfig, context: "two", csp: "nhn", network: "net-two", apiServer: "https://203.0.113.2:6443" },
];

let resources: Recorded[];
let outputs: Record<string, unknown>;
beforeAll(async () => {
  loadBalancers.set("one-gateway-ready", "one.lb.example");
  loadBalancers.set("two-gateway-ready", "203.0.113.20");
  ({ resources, outputs } = await runProgram({ clusters }));
});

/** The inputs of a custom resource. */
function inputs(name: string): Record<string, unknown> {
  const found = resources.filter(
    (r) => r.name === name && !r.type.startsWith("csp-mesh:index:") && !r.type.startsWith("pulumi:"),
  );
  expect(found, name).toHaveLength(1);
  return found[0]?.inputs ?? {};
}

const base64 = (text: string) => Buffer.from(text).toString("base64");

test("pods satisfy Pod Security's level restricted, except for the injected containers", () => {
  for (const name of ["one-gateway-deployment", "one-reviews", "one-sleep"]) {
    const { template } = inputs(name).spec as { template: { spec: Record<string, unknown> } };
    const { securityContext, containers } = template.spec as {
      securityContext: object;
      containers: { securityContext: object }[];
    };
    expect(securityContext, name).toMatchObject({ seccompProfile: { type: "RuntimeDefault" } });
    for (const container of containers) {
      expect({ ...securityContext, ...container.securityContext }, name).toMatchObject({
        runAsNonRoot: true,
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
      });
    }
  }
});

describe("certificates", () => {
  const usages = ["cert_signing", "crl_signing", "digital_signature"];

  test("of the root allow one level of CAs below it", () => {
    expect(inputs("mesh-ca-root")).toMatchObject({
      privateKeyPem: { secret: "key of mesh-ca-key\n" },
      subject: { commonName: "Root CA", organization: "Istio" },
      isCaCertificate: true,
      maxPathLength: 1,
      setSubjectKeyId: true,
      allowedUses: usages,
      validityPeriodHours: 87_600,
    });
  });

  test("of the intermediates allow no further CAs", () => {
    expect(inputs("mesh-ca-one")).toMatchObject({
      caPrivateKeyPem: { secret: "key of mesh-ca-key\n" },
      caCertPem: "certificate mesh-ca-root\n",
      certRequestPem: "request mesh-ca-one-request\n",
      isCaCertificate: true,
      maxPathLength: 0,
      setSubjectKeyId: true,
      allowedUses: usages,
      validityPeriodHours: 43_800,
    });
    expect(inputs("mesh-ca-one-request")).toMatchObject({
      subject: { commonName: "Intermediate CA one", organization: "Istio" },
    });
  });

  test("have the configured kind of keys", async () => {
    expect(inputs("mesh-ca-one-key")).toEqual({ algorithm: "ECDSA", ecdsaCurve: "P256" });
    const rsa = await runProgram({ clusters, ca: { algorithm: "RSA", organization: "Org", rootValidityHours: 10 } });
    const input = (name: string) => rsa.resources.find((r) => r.name === name)?.inputs;
    expect(input("mesh-ca-two-key")).toEqual({ algorithm: "RSA", rsaBits: 4096 });
    expect(input("mesh-ca-root")).toMatchObject({ subject: { organization: "Org" }, validityPeriodHours: 10 });
  });

  test("are in istiod's Secret, with a secret key", () => {
    expect(inputs("one-cacerts")).toMatchObject({
      metadata: { name: "cacerts", namespace: "istio-system" },
      stringData: {
        secret: {
          "ca-cert.pem": "certificate mesh-ca-one\n",
          "ca-key.pem": "key of mesh-ca-one-key\n",
          "cert-chain.pem": "certificate mesh-ca-one\ncertificate mesh-ca-root\n",
          "root-cert.pem": "certificate mesh-ca-root\n",
        },
      },
    });
  });
});

describe("each cluster", () => {
  /** Type and inputs of one of the program's own resources. */
  const own = (name: string) => {
    const [found, ...more] = resources.filter((r) => r.name === name && r.type.startsWith("csp-mesh:cluster:"));
    expect(more).toEqual([]);
    return { ...found?.inputs, kind: found?.type.split(":").at(-1) } as Record<string, unknown>;
  };
  const where = { cluster: "one", access: { kubeconfig, context: "nks_kr_one" } };
  const claimed = { ...where, claim: "hex of one-claim-id" };
  const owner = "acme/csp-mesh/test";

  test("has a claim with the owner and the fixed settings", () => {
    expect(own("one-claim")).toEqual({
      kind: "ClusterClaim",
      ...where,
      claimId: "hex of one-claim-id",
      owner,
      network: "one",
      mesh: "mesh1",
      trustDomain: "cluster.local",
      keepCrds: false,
      istio: "1.31.0",
    });
    expect(own("two-claim")).toMatchObject({ claimId: "hex of two-claim-id", network: "net-two" });
    expect(inputs("one-claim-id")).toEqual({ byteLength: 8 });
  });

  test("excludes CRDs of a later Istio from Helm's chart", async () => {
    expect(inputs("one-base").values).toEqual({ base: { excludedCRDs: ["wasmplugins.extensions.istio.io"] } });
  });

  test("has a cleanup with everything that the stack may create", async () => {
    const { sample, ...rest } = own("one-cleanup");
    expect(rest).toEqual({
      kind: "ClusterCleanup",
      ...where,
      claimId: "hex of one-claim-id",
      owner,
      keepCrds: false,
      awaitSeconds: 300,
      cilium: {},
      gatewayApi: true,
      metricsServer: false,
      storageClass: false,
    });
    expect(sample).toEqual({ namespace: "sample", parts: own("one-namespace-sample").parts });
    const [one, two] = clusters;
    const none = await runProgram({
      clusters: [
        { ...one, cilium: { patch: false }, storageClass: {} },
        { ...two, cilium: { namespace: "cilium" } },
      ],
      gatewayApi: { source: "none" },
      metricsServer: { source: "https://example.com/components.yaml" },
      preflight: { probe: false },
      sample: { enabled: false },
      istio: { keepCrds: true },
    });
    const cleanup = (name: string) => none.resources.find((r) => r.name === `${name}-cleanup`)?.inputs ?? {};
    expect(cleanup("one")).toMatchObject({
      keepCrds: true,
      gatewayApi: false,
      metricsServer: true,
      storageClass: true,
    });
    for (const missing of ["cilium", "sample"]) expect(cleanup("one")).not.toHaveProperty(missing);
    expect(cleanup("two")).toMatchObject({ cilium: { namespace: "cilium" }, storageClass: false });
  });

  test("has Cilium's settings", () => {
    expect(own("one-cilium")).toEqual({ kind: "CiliumSettings", ...claimed, awaitSeconds: 300, leave: [] });
  });

  test("has the Gateway API's CRDs of the matching release", () => {
    const source = "https://github.com/kubernetes-sigs/gateway-api/releases/download/v1.6.0/standard-install.yaml";
    expect(own("one-gateway-api")).toEqual({ kind: "GatewayApiDefinitions", ...claimed, source, awaitSeconds: 300 });
  });

  test("has checks for interrupted Helm releases and missing objects", () => {
    expect(own("one-interrupted-releases")).toEqual({ kind: "InterruptedReleases", ...claimed });
    const release = { kind: "ReleaseObjects", ...claimed, revision: 1, awaitSeconds: 300 };
    expect(own("one-definitions")).toEqual({ ...release, release: "istio-base" });
    expect(own("one-istiod-ready")).toEqual({ ...release, release: "istiod" });
  });

  test("has no Cilium settings and no Gateway API if disabled, and istiod does not depend on them", async () => {
    const [one, two] = clusters;
    const { resources } = await runProgram({
      clusters: [
        { ...one, cilium: { patch: false } },
        { ...two, cilium: { namespace: "cilium" } },
      ],
      gatewayApi: { source: "none" },
    });
    const made = resources.filter(({ name }) => /-(cilium|gateway-api)/.test(name));
    expect(made.map(({ name }) => name)).toEqual(["two-cilium"]);
    expect(made[0]?.inputs).toMatchObject({ awaitSeconds: 300, namespace: "cilium" });
    const { dependencies } = resources.find(({ name }) => name === "one-istiod") as Recorded;
    expect(dependencies).toEqual([
      "one-cacerts",
      "one-definitions",
      "one-interrupted-releases",
      "one-istio-system",
      "one-istiod-removal",
    ]);
    expect(resources.find(({ name }) => name === "one-istiod-removal")?.dependencies).toEqual([
      "one-claim",
      "one-claim-id",
    ]);
  });
});

describe("the network", () => {
  test("is the same for the namespace, istiod and the gateway", () => {
    expect(inputs("two-istio-system").metadata).toEqual({
      name: "istio-system",
      labels: { "topology.istio.io/network": "net-two" },
      annotations: { "pulumi.com/patchForce": "true" },
    });
    expect(inputs("two-istiod").values).toMatchObject({ global: { network: "net-two" } });
    expect(inputs("two-gateway-service").metadata).toMatchObject({
      labels: { "topology.istio.io/network": "net-two" },
    });
    expect(inputs("two-gateway-deployment").spec).toMatchObject({
      template: {
        metadata: { labels: { "topology.istio.io/network": "net-two" } },
        spec: { containers: [{ env: [{ name: "ISTIO_META_REQUESTED_NETWORK_VIEW", value: "net-two" }] }] },
      },
    });
  });
});

describe("the gateway", () => {
  test("has a layer-4 load balancer of the provider, with the seven ports in the guide", () => {
    const { metadata, spec } = inputs("one-gateway-service") as {
      metadata: object;
      spec: { ports: { name: string }[] };
    };
    expect(metadata).toEqual({
      name: "istio-ingressgateway",
      namespace: "istio-system",
      labels: {
        app: "istio-ingressgateway",
        istio: "ingressgateway",
        "topology.istio.io/network": "one",
        "app.kubernetes.io/managed-by": "csp-mesh",
      },
      annotations: {
        "service.beta.kubernetes.io/ncloud-load-balancer-layer-type": "nlb",
        "pulumi.com/skipAwait": "true",
      },
    });
    expect(spec).toMatchObject({
      type: "LoadBalancer",
      selector: { app: "istio-ingressgateway", istio: "ingressgateway" },
    });
    expect(spec.ports).toEqual(
      [
        ["status-port", 15021],
        ["http2", 80],
        ["https", 443],
        ["tcp", 31400],
        ["tls", 15443],
        ["tls-istiod", 15012],
        ["tls-webhook", 15017],
      ].map(([name, port]) => ({ name, port, targetPort: port, protocol: "TCP" })),
    );
  });

  test("leaves its replicas to an autoscaler, one to five at 80 % CPU", () => {
    expect(inputs("one-gateway-deployment").spec).not.toHaveProperty("replicas");
    expect(inputs("one-gateway-autoscaler").spec).toEqual({
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "istio-ingressgateway" },
      minReplicas: 1,
      maxReplicas: 5,
      metrics: [
        { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } } },
      ],
    });
    expect(inputs("one-gateway-disruption-budget").spec).toMatchObject({ maxUnavailable: 1 });
  });

  test("has pods that istiod's webhook turns into gateways", () => {
    expect(inputs("one-gateway-deployment").spec).toMatchObject({
      template: {
        metadata: {
          labels: { app: "istio-ingressgateway", istio: "ingressgateway", "sidecar.istio.io/inject": "true" },
          annotations: { "inject.istio.io/templates": "gateway" },
        },
        spec: {
          serviceAccountName: "istio-ingressgateway",
          containers: [{ name: "istio-proxy", image: "auto", imagePullPolicy: "IfNotPresent" }],
        },
      },
    });
  });

  test("passes mutual TLS through, with STRICT mTLS in the mesh", () => {
    expect(inputs("one-gateway-cross-network").spec).toEqual({
      selector: { istio: "ingressgateway" },
      servers: [
        {
          port: { number: 15443, name: "tls", protocol: "TLS" },
          tls: { mode: "AUTO_PASSTHROUGH" },
          hosts: ["*.local"],
        },
      ],
    });
    expect(inputs("one-gateway-strict-mtls")).toMatchObject({
      metadata: { name: "default", namespace: "istio-system" },
      spec: { mtls: { mode: "STRICT" } },
    });
  });
});

describe("a remote secret", () => {
  test("has the form of istioctl's, and is secret", () => {
    const { metadata, stringData } = inputs("two-to-one-secret") as {
      metadata: object;
      stringData: { secret: object };
    };
    expect(metadata).toEqual({
      name: "istio-remote-secret-two",
      namespace: "istio-system",
      labels: { "istio/multiCluster": "true", "app.kubernetes.io/managed-by": "csp-mesh" },
      annotations: { "networking.istio.io/cluster": "two", "pulumi.com/patchForce": "true" },
    });
    expect(Object.keys(stringData)).toEqual(["secret"]);
    expect(Object.keys(stringData.secret)).toEqual(["two"]);
    expect(parse((stringData.secret as { two: string }).two)).toEqual({
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        {
          name: "two",
          cluster: {
            server: "https://203.0.113.2:6443",
            "certificate-authority-data": base64("ca of two-reader-secret"),
          },
        },
      ],
      users: [{ name: "two", user: { token: expect.stringMatching(/^token of istio-reader-.* generation 1$/) } }],
      contexts: [{ name: "two", context: { cluster: "two", user: "two" } }],
      "current-context": "two",
    });
  });

  test("contains a token of istiod's reader account that does not expire", () => {
    expect(inputs("two-reader-secret")).toMatchObject({
      type: "kubernetes.io/service-account-token",
      metadata: {
        name: "istio-reader-service-account-istio-remote-secret-token-hex of two-reader-id generation 1",
        namespace: "istio-system",
        annotations: { "kubernetes.io/service-account.name": "istio-reader-service-account" },
      },
    });
  });

  test.each(["token", "ca.crt"] as const)("is not created without %s", (key) => {
    const data = { token: "dG9r", "ca.crt": "Y2E=" };
    expect(tokenEntry("two", "secret-1", data, key)).toBe(data[key]);
    const { [key]: _, ...missing } = data;
    for (const lacking of [missing, { ...missing, [key]: "" }, {}]) {
      expect(() => tokenEntry("two", "secret-1", lacking, key)).toThrow(
        new Error(
          `two: Secret secret-1 has no "${key}", without which the other clusters cannot watch this one. ` +
            "Check that ServiceAccount istio-reader-service-account exists and that kube-controller-manager issues tokens, then run again",
        ),
      );
    }
  });
});

describe("a remote secret of a cluster with another address for peers", () => {
  test("has that address, name and CA, and is awaited after a change of these or the token", async () => {
    const caBundle = (await makeRoot()).pem;
    const other = { apiServer: "https://203.0.113.9", tlsServerName: "api.internal", caBundle };
    const fingerprintOf = async (settings: object) => {
      const { resources } = await runProgram({ clusters: [clusters[0], { ...clusters[1], ...settings }] });
      const input = (name: string) => resources.find((resource) => resource.name === name)?.inputs;
      return { secret: input("two-to-one-secret"), inUse: input("two-to-one-in-use") };
    };
    const plain = await fingerprintOf({});
    const changed = await fingerprintOf(other);
    const { stringData } = changed.secret as { stringData: { secret: { two: string } } };
    expect(parse(stringData.secret.two).clusters).toEqual([
      {
        name: "two",
        cluster: {
          server: "https://203.0.113.9",
          "tls-server-name": "api.internal",
          "certificate-authority-data": base64(caBundle.trim()),
        },
      },
    ]);
    const renewed = await fingerprintOf({ tokenGeneration: 2 });
    const found = [plain, changed, renewed].map(({ inUse }) => inUse);
    expect(found[0]).toEqual({
      cluster: "one",
      access: { kubeconfig, context: "nks_kr_one" },
      claim: "hex of one-claim-id",
      source: "two",
      namespace: "istio-system",
      secret: { secret: expect.stringMatching(/^[0-9a-f]{16}$/) },
    });
    expect(new Set(found.map((inUse) => JSON.stringify(inUse?.secret))).size).toBe(3);
  });
});

describe("failover", () => {
  const rule = async (traffic: object, name: string) => {
    const { resources } = await runProgram({ clusters, sample: { traffic: { kind: "failover", ...traffic } } });
    return resources.find((resource) => resource.name === name)?.inputs.spec;
  };
  const host = "reviews.sample.svc.cluster.local";

  test("prefers the caller's cluster, and keeps the subsets, which another policy may need", async () => {
    expect(await rule({ ejectSeconds: 7 }, "one-reviews-destination")).toEqual({
      host,
      trafficPolicy: {
        connectionPool: { tcp: { connectTimeout: "1s" } },
        loadBalancer: { localityLbSetting: { enabled: true, failoverPriority: ["topology.istio.io/cluster"] } },
        outlierDetection: {
          consecutiveGatewayErrors: 2,
          consecutive5xxErrors: 0,
          interval: "1s",
          baseEjectionTime: "7s",
          maxEjectionPercent: 100,
        },
      },
      subsets: [
        { name: "v1", labels: { version: "v1" } },
        { name: "v2", labels: { version: "v2" } },
      ],
    });
  });

  test("retries in other clusters, or not at all", async () => {
    expect(await rule({}, "two-reviews-route")).toEqual({
      hosts: [host],
      http: [
        {
          route: [{ destination: { host } }],
          retries: {
            attempts: 3,
            perTryTimeout: "2s",
            retryOn: "connect-failure,refused-stream,reset,gateway-error",
            retryRemoteLocalities: true,
          },
        },
      ],
    });
    expect(await rule({ retries: 0 }, "two-reviews-route")).toMatchObject({ http: [{ retries: { attempts: 0 } }] });
  });
});

describe("the sample", () => {
  test("has the versions of reviews in turn, one per cluster", async () => {
    const names = ["a", "b", "c", "d"];
    const four = await runProgram({
      clusters: names.map((name) => ({ name, kubeconfig: writeKubeconfig(name), context: name })),
    });
    const deployments = four.resources.filter(({ name }) => /^.-reviews$/.test(name));
    expect(
      deployments.map(({ name, inputs }) => `${name} ${(inputs.metadata as { name: string }).name}`).sort(),
    ).toEqual(["a-reviews reviews-v1", "b-reviews reviews-v2", "c-reviews reviews-v3", "d-reviews reviews-v1"]);
  });

  test("has the image of its version, and the cluster's name", () => {
    expect(inputs("two-reviews").spec).toMatchObject({
      selector: { matchLabels: { app: "reviews", version: "v2" } },
      template: {
        metadata: { labels: { app: "reviews", version: "v2" } },
        spec: {
          serviceAccountName: "bookinfo-reviews",
          containers: [
            {
              image: "docker.io/istio/examples-bookinfo-reviews-v2:1.20.3",
              env: expect.arrayContaining([{ name: "CLUSTER_NAME", value: "two" }]),
            },
          ],
        },
      },
    });
  });

  test("has a Service that is not awaited, pods with sidecars, and an access log with the callers", () => {
    expect(inputs("two-reviews-service")).toMatchObject({
      metadata: { name: "reviews", namespace: "sample", annotations: { "pulumi.com/skipAwait": "true" } },
      spec: { ports: [{ name: "http", port: 9080 }], selector: { app: "reviews" } },
    });
    for (const workload of ["two-reviews", "two-sleep"]) {
      expect(inputs(workload).spec).toMatchObject({
        template: { metadata: { labels: { "sidecar.istio.io/inject": "true" } } },
      });
    }
    const { meshConfig } = inputs("two-istiod").values as { meshConfig: { extensionProviders: { name: string }[] } };
    expect(inputs("two-access-log").spec).toEqual({
      selector: { matchLabels: { app: "reviews" } },
      accessLogging: [{ providers: [{ name: meshConfig.extensionProviders[0]?.name }] }],
    });
  });
});

test("deletes custom resources in the background, because the garbage collector may not know their kind", () => {
  const custom = resources.filter(({ type }) => /^kubernetes:[a-z.]*\.istio\.io\//.test(type));
  expect(custom.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["one-gateway-cross-network", "one-gateway-strict-mtls", "one-access-log"]),
  );
  for (const { inputs } of custom) {
    expect(inputs.metadata).toMatchObject({ annotations: { "pulumi.com/deletionPropagationPolicy": "background" } });
  }
});

describe("the sample's namespace", () => {
  test("is created by a resource that knows all objects in it", async () => {
    const { namespace, parts } = inputs("two-namespace-sample") as { namespace: string; parts: object[] };
    expect(namespace).toBe("sample");

    const traffic = { kind: "weights", weights: { v1: 50, v2: 50 } };
    const all = await runProgram({ clusters, sample: { traffic } });
    const inNamespace = all.resources.flatMap(({ name, inputs }) => {
      const { kind, apiVersion, metadata } = inputs as { kind?: string; apiVersion?: string; metadata?: Metadata };
      if (metadata?.namespace !== "sample" || !name.startsWith("two-")) return [];
      return [{ apiVersion, kind, name: metadata.name }];
    });
    expect(inNamespace).toHaveLength(9);
    const reviews = ["v1", "v2", "v3"].map((version) => `reviews-${version}`);
    expect(parts).toEqual(expect.arrayContaining(inNamespace));
    // Includes all versions that a cluster may have or have had.
    const names = parts.map((part) => (part as { name: string }).name);
    expect(names).toEqual(expect.arrayContaining(reviews));
    expect(parts).toHaveLength(inNamespace.length + reviews.length - 1);
  });

  test("is another resource under another name", async () => {
    const other = await runProgram({ clusters, sample: { namespace: "proof" } });
    const named = other.resources.map(({ name }) => name).filter((name) => name.startsWith("two-namespace"));
    expect(named).toEqual(["two-namespace-proof"]);
    expect(other.resources.find(({ name }) => name === "two-reviews")?.inputs.metadata).toMatchObject({
      namespace: "proof",
    });
  });
});

interface Metadata {
  readonly name: string;
  readonly namespace?: string;
}

describe("the output mesh", () => {
  test("describes the mesh without secrets", () => {
    expect(outputs.mesh).toEqual({
      id: "mesh1",
      rootCertificate: "certificate mesh-ca-root\n",
      clusters: [
        { name: "one", network: "one", kubeconfig, context: "nks_kr_one", gatewayAddress: "one.lb.example" },
        { name: "two", network: "net-two", kubeconfig, context: "two", gatewayAddress: "203.0.113.20" },
      ],
      sample: { namespace: "sample", traffic: { kind: "none" }, versions: { one: "v1", two: "v2" } },
    });
  });
});

describe("a preview", () => {
  test("needs no access to the clusters", async () => {
    const preview = await runProgram({ clusters }, true);
    expect(preview.resources.map(({ name }) => name).sort()).toEqual(resources.map(({ name }) => name).sort());
  });
});

test("an invalid config stops the program before it creates anything", async () => {
  const { error, resources } = await failProgram({ clusters: [], cluster: 1 });
  expect((error as Error).message).toBe(
    "The config of this stack cannot be used:\n" +
      "  - clusters: is empty; list the clusters of the mesh\n" +
      '  - unknown key "cluster"; known are clusters, clusterDomain, istio, gatewayApi, metricsServer, pullSecrets, pods, istiod, gateway, ingress, ca, rootRotation, sample, vmAccount, preflight, operation, awaitSeconds',
  );
  // Pulumi prints a RunError without a stack trace.
  expect(pulumi.RunError.isInstance(error)).toBe(true);
  expect(resources).toEqual([]);
});
