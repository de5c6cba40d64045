// Rules for Helm values on which other parts of the program depend. Other values would break a mesh without a visible
// error.
import { captureRules } from "./captureRules.ts";
import { DEFAULT_DOMAIN } from "./clusterDomain.ts";
import { CALLER_IDENTITY_LOG } from "./istiodValues.ts";
import { unselectedNamespaces } from "./labelSelector.ts";
import { READER } from "./ownership.ts";
import { isList, type MeshFacts, rule, type ValueRule } from "./valueRule.ts";
import { typesOfBoth, typesOfIstiod } from "./valueTypes.ts";

const isTrue = [true, "true"];
const isFalse = [false, "false"];
const isEmpty = (value: unknown) => isList(value) && value.length === 0;

const system = "the program's gateway, remote secrets and claims are in istio-system";
const ownPlane = "each cluster of this mesh has its own control plane";
const ownCa = "the program gives istiod its intermediate CA as cacerts";
const noSidecar = "no pod would get a sidecar";
const noDefinitions = "the CRDs of Istio would be missing";
const noWebhook = "Istio's validation webhook would call an istiod that does not exist";
const crossing =
  "the gateways between the clusters would not know the Services, and requests between clusters would fail";

const ofBoth = [
  rule("_internal_defaults_do_not_set", [], "reserved by Istio for defaults; set the values below it directly"),
  rule("defaults", [], "Istio's charts refuse it; set the values below it directly"),
  ...["apiVersion", "kind", "spec", "components", "values", "istiod"].map((path) =>
    rule(path, [], "the chart reads nothing below it", "set the values below it in the chart's values"),
  ),
  rule("global.istioNamespace", ["istio-system"], system),
  rule("global.resourceScope", ["all"], "some of the chart's objects would be missing"),
  rule("global.enableReaderRBAC", [true], "the other clusters' istiods would have no account to read this cluster"),
  rule("global.readerServiceAccount", [], `the program hands out the token of ${READER}`),
  rule("base.validationURL", [""], noWebhook),
  rule("base.validationCABundle", [""], noWebhook),
  ...["profile", "global.profile"].map((path) =>
    rule(path, ["", "default"], "a profile changes values on which the program depends; set single values"),
  ),
];

/** Kinds of objects that the program creates (`components/`). */
const NEEDED_KINDS = /^(gateways|virtualservices|destinationrules)\.networking|^peerauthentications\.|^telemetries\./;

const ofBase = [
  rule("defaultRevision", ["default"], noWebhook),
  rule("base.enableCRDTemplates", [true], noDefinitions),
  rule("base.enableIstioConfigCRDs", [true], noDefinitions),
  rule("base.excludedCRDs", (crds) => isList(crds) && !crds.some((crd) => NEEDED_KINDS.test(`${crd}`)), noDefinitions),
];

/** istiod's environment variables, however they are set. */
const ENVIRONMENT: readonly (readonly [name: string, allowed: readonly unknown[], does: string])[] = [
  ["PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER", isTrue, "istiod crashes at its first remote secret"],
  ["ENABLE_DEBUG_ON_HTTP", isTrue, "the program could not read from istiod which clusters it has synced"],
  ["RESOLVE_HOSTNAME_GATEWAYS", isTrue, "gateways with a host name as their address would not be found"],
  [
    "ENABLE_MCS_SERVICE_DISCOVERY",
    isFalse,
    "Services would be visible only in their own cluster until each is exported",
  ],
  ["ENABLE_CA_SERVER", isTrue, "no pod would get a certificate"],
  ["AUTO_RELOAD_PLUGIN_CERTS", isTrue, "istiod would sign with its former CA after a renewal"],
  ["INJECT_ENABLED", isTrue, noSidecar],
  ["EXTERNAL_CA", [""], ownCa],
  ["ROOT_CA_DIR", ["./etc/cacerts", "/etc/cacerts"], ownCa],
  ["EXTERNAL_ISTIOD", isFalse, ownPlane],
  ["PILOT_CA_CERT_CONFIGMAP", ["istio-ca-root-cert"], "pods look for their root in the ConfigMap istio-ca-root-cert"],
  ["INJECTION_WEBHOOK_CONFIG_NAME", ["istio-sidecar-injector"], noSidecar],
  ["VALIDATION_WEBHOOK_CONFIG_NAME", ["istio-istio-system"], noWebhook],
  ...[
    "CLUSTER_ID",
    "REVISION",
    "PILOT_CERT_PROVIDER",
    "POD_NAME",
    "POD_NAMESPACE",
    "SERVICE_ACCOUNT",
    "KUBECONFIG",
  ].map((name) => [name, [], "Istio's chart sets it itself"] as const),
];

/** Names that are refused in `envVarFrom`, because their values cannot be checked there. */
const RULED_NAMES = new Set([...ENVIRONMENT.map(([name]) => name), "TOKEN_AUDIENCES", "ISTIO_MULTIROOT_MESH"]);

/** Flags of pilot-discovery for settings that the program or Istio's chart sets by values. */
const RULED_FLAGS =
  /^(-n|--(domain|clusterID|clusterRegistriesNamespace|registries|meshConfig|networksConfig|namespace|httpAddr|httpsAddr|secureGRPCAddr|monitoringAddr|configDir|kubeconfig|caCertFile|tlsCertFile|tlsKeyFile)\b)/;

/** Proxy metadata that describe a pod's place in the mesh. */
const RULED_METADATA = [
  "ISTIO_META_NETWORK",
  "ISTIO_META_CLUSTER_ID",
  "ISTIO_META_MESH_ID",
  "ISTIO_META_REQUESTED_NETWORK_VIEW",
  "CA_ADDR",
  "CA_PROVIDER",
  "PILOT_CERT_PROVIDER",
  "TRUST_DOMAIN",
];

interface ServiceSettings {
  readonly settings?: { readonly clusterLocal?: unknown } | null;
  readonly hosts?: unknown;
}

/** Whether `meshConfig.serviceSettings` restricts Services of these namespaces to their cluster. */
const isLocal = (
  { settings, hosts }: ServiceSettings,
  { namespaces = [], clusterDomain = DEFAULT_DOMAIN }: MeshFacts,
) =>
  settings?.clusterLocal === true &&
  isList(hosts) &&
  namespaces.some((namespace) => {
    const suffix = `.${namespace}.svc.${clusterDomain}`;
    return hosts.some(
      (host) => `${host}`.endsWith(suffix) || (`${host}`.startsWith("*") && suffix.endsWith(`${host}`.slice(1))),
    );
  });

const INJECTED_LABELS = ["app", "istio", "istio.io/rev", "sidecar.istio.io/inject"];

const ofIstiod = [
  rule(
    "gateways",
    (all) => typeof all === "object" && Object.keys(all ?? {}).every((key) => /^secur|^secc/.test(key)),
    "this chart creates no gateways",
    "set csp-mesh:gateway and csp-mesh:ingress instead",
  ),
  rule(
    "podLabels",
    (labels) => typeof labels === "object" && !INJECTED_LABELS.some((key) => key in (labels as object)),
    `the program finds istiod by its labels ${INJECTED_LABELS.join(", ")}`,
    "remove these labels",
  ),
  rule("enabled", [true], "there would be no control plane"),
  rule("configMap", [true], "istiod would run without the program's meshConfig"),
  rule("revision", ["", "default"], "pods and gateways of the program follow the default revision"),
  rule(
    "revisionTags",
    (tags) => isList(tags) && !tags.includes("default"),
    "pods of the default revision would be injected by two webhooks",
  ),
  rule("tag", [""], "istiod's version would differ from the charts' and the proxies'", "set istio.tag"),
  rule("istiodRemote.enabled", [false], ownPlane),
  rule("istiodRemote.enabledLocalInjectorIstiod", [false], ownPlane),
  rule("istiodRemote.injectionURL", [""], noSidecar),
  rule("istiodRemote.injectionPath", ["/inject"], noSidecar),
  rule("istiodRemote.injectionCABundle", [""], noSidecar),
  rule("global.externalIstiod", [false], ownPlane),
  rule("global.configCluster", [false], ownPlane),
  rule("global.remotePilotAddress", [""], ownPlane),
  rule("global.omitSidecarInjectorConfigMap", [false], noSidecar),
  rule("global.operatorManageWebhooks", [false], noSidecar),
  rule("sidecarInjectorWebhook.templates.sidecar", [], "the sample and the proof need Istio's own sidecar"),
  rule("sidecarInjectorWebhook.templates.gateway", [], "the program's gateways use Istio's own pod template"),
  rule(
    "sidecarInjectorWebhook.defaultTemplates",
    (templates) => isEmpty(templates) || (isList(templates) && templates.includes("sidecar")),
    noSidecar,
    'add "sidecar"',
  ),
  rule("global.pilotCertProvider", ["istiod"], ownCa),
  rule("global.caAddress", [""], ownCa),
  rule("global.caName", [""], ownCa),
  rule("global.mountMtlsCerts", [false], ownCa),
  rule("global.sds.token.aud", ["istio-ca"], "istiod would refuse the pods' tokens"),
  rule(
    "global.trustBundleName",
    ["", "istio-ca-root-cert"],
    "pods look for their root in the ConfigMap istio-ca-root-cert",
  ),
  rule(
    "global.proxy.clusterDomain",
    (domain, { clusterDomain = DEFAULT_DOMAIN }) => domain === clusterDomain,
    "gateways, rules and the proof would use another cluster domain, and requests between clusters would fail",
    "set csp-mesh:clusterDomain instead",
  ),
  rule("global.proxy.autoInject", ["enabled"], noSidecar),
  ...captureRules,
  rule(
    "meshConfig.configSources",
    (all) =>
      isList(all) && (all.length === 0 || all.some((each) => (each as { address?: unknown })?.address === "k8s://")),
    "istiods would not read the clusters' own rules, nor the gateways between them",
    'add one of the address "k8s://"',
  ),
  rule(
    "global.meshNetworks",
    (networks, { networks: own = [] }) =>
      typeof networks === "object" && !own.some((name) => name in (networks as object)),
    "a network of this mesh would have a further or a different gateway",
    "set clusters[].gateway.externalAddress instead",
  ),
  rule(
    "meshConfig.serviceSettings",
    (all, facts) => isList(all) && !all.some((each) => isLocal((each ?? {}) as ServiceSettings, facts)),
    "the sample's Services would stay in their own cluster, and requests between clusters would fail",
    "leave the sample's namespace out of clusterLocal",
  ),
  rule("meshConfig.rootNamespace", ["", "istio-system"], system),
  rule(
    "meshConfig.discoverySelectors",
    (selectors, { namespaces = [] }) => unselectedNamespaces(selectors, namespaces).length === 0,
    "istiods would not see the program's gateway or the sample, and requests between clusters would fail",
    "add a selector of the label kubernetes.io/metadata.name, In [istio-system, and sample.namespace]",
  ),
  rule("meshConfig.enableAutoMtls", [true], "sidecars would not use mutual TLS, and gateways forward nothing else"),
  rule("meshConfig.defaultServiceExportTo", (to) => isList(to) && to.includes("*"), crossing),
  rule("meshConfig.defaultDestinationRuleExportTo", (to) => isList(to) && to.includes("*"), crossing),
  rule("meshConfig.ca", [], ownCa),
  rule(
    "meshConfig.extensionProviders",
    (all) => isList(all) && !all.some((each) => (each as { name?: unknown } | null)?.name === CALLER_IDENTITY_LOG),
    `the program has an extension provider "${CALLER_IDENTITY_LOG}" that the proof needs to identify callers`,
    "give it another name",
  ),
  rule("meshConfig.defaultConfig.discoveryAddress", [], "proxies would connect to another istiod than their cluster's"),
  rule("meshConfig.defaultConfig.controlPlaneAuthPolicy", ["MUTUAL_TLS"], "proxies would get no certificates"),
  rule("meshConfig.defaultConfig.proxyAdminPort", [15000], "the proof queries proxies on port 15000"),
  rule("meshConfig.defaultConfig.meshId", [], "the mesh's id would differ from the program's", "set istio.meshId"),
  ...RULED_METADATA.map((name) =>
    rule(`meshConfig.defaultConfig.proxyMetadata.${name}`, [], "Istio sets it for each proxy"),
  ),
  ...ENVIRONMENT.map(([name, allowed, does]) => rule(`env.${name}`, allowed, does)),
  rule(
    "env.TOKEN_AUDIENCES",
    (list) => `${list}`.split(",").includes("istio-ca"),
    "istiod would refuse the pods' tokens",
    'add "istio-ca"',
  ),
  rule(
    "envVarFrom",
    (list) => isList(list) && !list.some((each) => RULED_NAMES.has(`${(each as { name?: unknown } | null)?.name}`)),
    `the program sets ${[...RULED_NAMES].join(", ")} in istiod's environment`,
  ),
  rule(
    "extraContainerArgs",
    (list) => isList(list) && !list.some((flag) => RULED_FLAGS.test(`${flag}`)),
    "it contradicts values of the program and Istio's chart",
  ),
];

export const valueRules: Readonly<Record<"base" | "istiod", readonly ValueRule[]>> = {
  base: [...ofBoth, ...ofBase, ...typesOfBoth],
  istiod: [...ofBoth, ...ofIstiod, ...typesOfBoth, ...typesOfIstiod],
};
