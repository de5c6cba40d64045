import { describe, expect, test } from "vitest";
import { defaultIstiod } from "../../../mesh/istiodOptions.ts";
import { istiodValues } from "../../../mesh/istiodValues.ts";
import { brokenRules } from "../../../mesh/valueCheck.ts";
import { istiodConflicts, type Values } from "../../../mesh/values.ts";

const facts = { networks: ["one", "two"], namespaces: ["istio-system", "sample"] };
const at = (path: string, value: unknown): Values =>
  path.split(".").reduceRight<unknown>((below, key) => ({ [key]: below }), value) as Values;
const pathsOf = (chart: "base" | "istiod", values: Values) =>
  brokenRules(chart, values, facts).map(({ path }) => path.join("."));

const byName = (...names: string[]) => ({
  matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "In", values: names }],
});

const serviceSettings = (host: string) => [{ settings: { clusterLocal: true }, hosts: [host] }];

/** Values that break a mesh, by path. */
const broken: readonly (readonly [path: string, ...values: unknown[]])[] = [
  ["revision", "canary", 5],
  ["revisionTags", ["default"], "default"],
  ["enabled", false, "false"],
  ["profile", "ambient", "remote", "demo"],
  ["global.profile", "ambient"],
  ["configMap", false],
  ["tag", "1.25.0"],
  ["istiodRemote.enabled", true],
  ["istiodRemote.injectionURL", "https://istiod.example:15017/inject"],
  ["base.validationURL", "https://istiod.example:15017/validate"],
  ["global.istioNamespace", "mesh"],
  ["global.externalIstiod", true, "false"],
  ["global.configCluster", true],
  ["global.remotePilotAddress", "203.0.113.7"],
  ["global.omitSidecarInjectorConfigMap", true],
  ["global.operatorManageWebhooks", true],
  ["global.pilotCertProvider", "kubernetes"],
  ["global.caAddress", "ca.example:443"],
  ["global.caName", "GkeWorkloadCertificate"],
  ["global.mountMtlsCerts", true],
  ["global.resourceScope", "namespace"],
  ["global.proxy.clusterDomain", "corp.internal"],
  ["global.proxy.includeInboundPorts", "", "80,443"],
  ["global.proxy.excludeOutboundPorts", "9080", 9080],
  ["global.meshNetworks", { two: { endpoints: [], gateways: [] } }, "text"],
  ["sidecarInjectorWebhook.templates.gateway", "spec: {}"],
  ["sidecarInjectorWebhook.defaultTemplates", ["mine"]],
  ["meshConfig.rootNamespace", "config"],
  ["meshConfig.trustDomainAliases", "old.example", ["old_mesh"], [5, ""]],
  ["ipFamilyPolicy", "Dual"],
  ["sidecarInjectorWebhook.reinvocationPolicy", "Always"],
  ["meshConfig.discoverySelectors", [byName("istio-system")], [{ matchLabels: { team: "a" } }], {}],
  ["meshConfig.enableAutoMtls", false],
  ["meshConfig.defaultServiceExportTo", ["."]],
  ["meshConfig.ca", { address: "ca.example:443" }],
  ["meshConfig.extensionProviders", [{ name: "caller-identity" }]],
  ["meshConfig.defaultConfig.discoveryAddress", "istiod.example:15012"],
  ["meshConfig.defaultConfig.meshId", "other"],
  ["meshConfig.defaultConfig.proxyMetadata.ISTIO_META_NETWORK", "other"],
  ["env.PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER", false, "false"],
  ["env.RESOLVE_HOSTNAME_GATEWAYS", "false"],
  ["env.ENABLE_MCS_SERVICE_DISCOVERY", "true"],
  ["env.EXTERNAL_ISTIOD", "true"],
  ["env.EXTERNAL_CA", "ISTIOD_RA_KUBERNETES_API"],
  ["env.CLUSTER_ID", "other"],
  ["envVarFrom", [{ name: "CLUSTER_ID", valueFrom: {} }]],
  ["spec", { values: {} }],
  ["gateways", { "istio-ingressgateway": { enabled: true } }],
  ["podLabels", { app: "mine" }],
  ["meshConfig.serviceSettings", ...["*", "*.sample.svc.cluster.local"].map(serviceSettings), "text"],
  ["meshConfig.defaultConfig.interceptionMode", "NONE"],
  ["env.INJECT_ENABLED", "false"],
  ["env.TOKEN_AUDIENCES", "vault"],
  ["global.proxy.autoInject", "disabled"],
  ["global.proxy.includeIPRanges", "", "10.0.0.0", "text", ["*"], 5],
  ["global.proxy.excludeIPRanges", "0.0.0.0/0", "*", "::/0", "169.254.169.254", "10.0.0.0/8,0.0.0.0/0"],
  ["meshConfig.configSources", [{ address: "xds://config.example:15010" }]],
  ["resources", "1", { requests: "1" }, { requests: { cpu: "lots" } }, { limits: { memory: ["1Gi"] } }],
  ["global.proxy.resources", { limits: { memory: "1 GiB" } }],
  ["replicaCount", "two", [2], { a: 1 }],
  ["autoscaleMax", true],
  ["autoscaleEnabled", "false", 0],
  ["cni", "on"],
  ["cni.enabled", "false"],
  ["env", ["A=B"], "A=B"],
  ["tolerations", { key: "a" }],
  ["volumes", "a"],
  ["podAnnotations", { a: true }, ["a"]],
  ["nodeSelector", { gpu: 1 }],
  ["telemetry", true],
  ["global.imagePullSecrets", "pull"],
  ["global.imagePullPolicy", "always"],
  ["global.proxy.logLevel", "verbose", 5],
  ["global.networkPolicy.enabled", "false"],
  ["keepaliveMaxServerConnectionAge", "30", 30],
  ["rollingMaxSurge", "most"],
  ["configMap", null],
  ["global.proxy.clusterDomain", null],
  ["global.sds", null],
  ["global.proxy", null],
  ["extraContainerArgs", ["--domain=corp.internal"], ["--domain", "corp.internal"]],
  ["extraContainerArgs", ["--configDir=/etc/mesh"], ["--kubeconfig", "/k"], ["-n", "mesh"], ["--tlsCertFile=/tls.crt"]],
  [
    "sidecarInjectorWebhook.neverInjectSelector",
    [{ matchLabels: { app: "sleep" } }],
    [{ matchExpressions: [{ key: "app", operator: "Exists" }] }],
    [{ matchExpressions: [{ key: "version", operator: "In", values: ["v2"] }] }],
  ],
  ["meshConfig.proxyListenPort", 15002],
  ["meshConfig.proxyInboundListenPort", 15009],
];

describe("values of the chart istiod that break a mesh", () => {
  test.each(broken.map(([path, ...values]) => ({ path, values })))(
    "include $path in both spellings",
    ({ path, values }) => {
      for (const value of values) {
        for (const place of [path, `pilot.${path}`]) expect(pathsOf("istiod", at(place, value))).toEqual([place]);
      }
    },
  );

  test("include values in the place of the chart's tables", () => {
    for (const [path, value] of [
      ["global", "text"],
      ["global.proxy", ["a"]],
      ["pilot", 5],
      ["pilot.env", "A=B"],
      ["meshConfig.defaultConfig", true],
    ] as const) {
      expect(brokenRules("istiod", at(path, value), facts)).toEqual([
        { path: path.split("."), value, does: "must be a table of values", fix: "give one or remove it" },
      ]);
    }
  });

  test("exclude values that repeat a default, and unrelated values", () => {
    const whole: Values = {
      revision: "",
      revisionTags: ["stable"],
      env: { ENABLE_DEBUG_ON_HTTP: true, PILOT_ENABLE_AMBIENT: "false" },
      pilot: { cni: { enabled: true }, env: { RESOLVE_HOSTNAME_GATEWAYS: "true" }, image: "pilot" },
      global: {
        proxy: {
          clusterDomain: "cluster.local",
          excludeInboundPorts: "15020",
          includeIPRanges: "10.96.0.0/12,fd00::/108",
          excludeIPRanges: "169.254.169.254/32",
          logLevel: "info",
          resources: { requests: { cpu: "100m" } },
        },
        imagePullPolicy: "Always",
        variant: "distroless",
        caAddress: null,
      },
      gateways: { securityContext: {} },
      podLabels: { team: "a" },
      podAnnotations: { "example.org/a": "b" },
      resources: { requests: { cpu: 1, memory: "2Gi" }, limits: null },
      replicaCount: "2",
      rollingMaxSurge: "50%",
      autoscaleEnabled: false,
      tolerations: null,
      keepaliveMaxServerConnectionAge: "1h30m",
      meshConfig: {
        trustDomainAliases: ["old.example"],
        rootNamespace: null,
        serviceSettings: serviceSettings("*.kube-system.svc.cluster.local"),
        discoverySelectors: [{ matchLabels: { team: "a" } }, byName("istio-system", "sample")],
        defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: "true" } },
        extensionProviders: [{ name: "mine" }],
      },
      sidecarInjectorWebhook: {
        neverInjectSelector: [{}, { matchLabels: { job: "backup" } }],
        enableNamespacesByDefault: true,
        templates: { mine: "spec: {}" },
      },
      extraContainerArgs: ["--clusterAliases=a=b"],
      envVarFrom: [{ name: "MINE" }],
    };
    expect(pathsOf("istiod", whole)).toEqual([]);
  });
});

test("include keys with dots if the chart has a table there", () => {
  for (const [place, key] of [
    ["", "global.meshID"],
    ["", "pilot.env.A"],
    ["global", "proxy.clusterDomain"],
    ["pilot", "env.A"],
    ["meshConfig.defaultConfig", "proxyMetadata.A"],
  ] as const) {
    const table = { [key]: "x" };
    expect(brokenRules("istiod", place === "" ? table : at(place, table), facts)).toMatchObject([
      { path: [...place.split(".").filter((part) => part !== ""), key], fix: "nest a table for each dot" },
    ]);
  }
});

describe("values of the chart base that break a mesh", () => {
  test.each([
    ["defaultRevision", ""],
    ["defaultRevision", null],
    ["values", {}],
    ["base.enableCRDTemplates", false],
    ["base.excludedCRDs", ["gateways.networking.istio.io"]],
    ["base.validationURL", "https://istiod.example:15017/validate"],
    ["global.enableReaderRBAC", false],
    ["global.readerServiceAccount", { name: "mine" }],
    ["profile", "ambient"],
  ] as const)("include %s", (path, value) => {
    expect(pathsOf("base", at(path, value))).toEqual([path]);
  });

  test("exclude a list of excluded CRDs that the program does not need", () => {
    expect(pathsOf("base", at("base.excludedCRDs", ["envoyfilters.networking.istio.io"]))).toEqual([]);
  });
});

describe("values that contradict the program's", () => {
  const own = istiodValues({
    cluster: "one",
    network: "one",
    meshId: "mesh1",
    trustDomain: "cluster.local",
    hub: "docker.io/istio",
    tag: "1.31.0",
    pullSecrets: [{ name: "login" }],
    istiod: defaultIstiod,
    externalGateways: [],
  });

  test.each([
    ["pilot.global.meshID", "other"],
    ["pilot.global.multiCluster.clusterName", "other"],
    ["pilot.meshConfig.trustDomain", "other"],
    ["pilot.meshConfig", "text"],
    // In the values' top level these lists are merged; below `pilot` they replace the program's lists.
    ["pilot.meshConfig.extensionProviders", [{ name: "mine" }]],
    ["pilot.global.imagePullSecrets", ["mine"]],
    ["env.ISTIO_MULTIROOT_MESH", "false"],
    ["autoscaleMax", 9],
    ["pdb.maxUnavailable", 2],
  ] as const)("include %s", (path, value) => {
    expect(istiodConflicts(own, at(path, value))).toEqual([path]);
  });

  test("exclude values beside them", () => {
    expect(istiodConflicts(own, { pilot: { global: { logAsJson: true }, env: { A: "b" } }, env: { C: "d" } })).toEqual(
      [],
    );
  });
});
