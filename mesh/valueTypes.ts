// Types of the values in Istio's charts (values.yaml of 1.24 to 1.31). A value of another type fails in Helm, at the
// API server or in istiod, after the first changes. A text such as "false" even counts as true in a template.
import { isTrustDomain } from "./trustDomain.ts";
import { isList, rule, type ValueRule } from "./valueRule.ts";
import { isTable } from "./values.ts";

const some = (paths: string, holds: (value: unknown) => boolean, does: string, fix: string): ValueRule[] =>
  paths
    .trim()
    .split(/\s+/)
    .map((path) => rule(path, holds, does, fix));

const isText = (value: unknown) => typeof value === "string";
const isScalar = (value: unknown) => isText(value) || typeof value === "number";
const isNumber = (value: unknown) => isScalar(value) && /^\d+(\.\d+)?$/.test(`${value}`);
const isNumberOrShare = (value: unknown) => isScalar(value) && /^\d+%?$/.test(`${value}`);
const ofTexts = (value: unknown) => isTable(value) && Object.values(value).every(isText);
const isQuantity = (value: unknown) =>
  isScalar(value) && /^\+?(\d+\.?\d*|\.\d+)([eE][+-]?\d+|[numkMGTPE]|[KMGTPE]i)?$/.test(`${value}`);
const isResources = (value: unknown) =>
  isTable(value) &&
  [value.requests ?? {}, value.limits ?? {}].every((part) => isTable(part) && Object.values(part).every(isQuantity));

const oneOf =
  (...allowed: string[]) =>
  (value: unknown) =>
    isText(value) && allowed.includes(value as string);
/** Log levels of Envoy. */
const LEVELS = oneOf("trace", "debug", "info", "warning", "warn", "error", "critical", "off");

export const typesOfBoth: readonly ValueRule[] = some(
  "global.imagePullPolicy",
  oneOf("", "Always", "IfNotPresent", "Never"),
  "it is not an image pull policy",
  "set Always, IfNotPresent or Never",
);

export const typesOfIstiod: readonly ValueRule[] = [
  ...some(
    `affinity autoscaleBehavior cni cpu env experimental gatewayClasses gateways memory pdb seccompProfile telemetry taint
     global.defaultPodDisruptionBudget global.istiod global.logging global.networkPolicy global.proxy.lifecycle
     global.proxy.seccompProfile global.proxy.startupProbe global.proxy_init global.sts global.waypoint
     sidecarInjectorWebhook.templates meshConfig.localityLbSetting meshConfig.outboundTrafficPolicy`,
    isTable,
    "must be a table of values",
    "give one or remove it",
  ),
  ...some(
    `podAnnotations deploymentAnnotations serviceAnnotations serviceAccountAnnotations sidecarInjectorWebhookAnnotations nodeSelector`,
    ofTexts,
    "must be a table of strings, or the API server refuses the object",
    "put its values in quotes",
  ),
  ...some(
    "deploymentLabels podLabels sidecarInjectorWebhook.injectedAnnotations",
    isTable,
    "must be a table of strings",
    "give one or remove it",
  ),
  ...some(
    `extraContainerArgs initContainers ipFamilies tolerations topologySpreadConstraints volumeMounts volumes global.certSigners
     global.imagePullSecrets sidecarInjectorWebhook.alwaysInjectSelector sidecarInjectorWebhook.neverInjectSelector`,
    isList,
    "must be a list",
    "give one or remove it",
  ),
  ...some(
    `autoscaleEnabled cni.enabled telemetry.enabled taint.enabled pdb.enabled global.configValidation global.logAsJson
     global.nativeNftables global.networkPolicy.enabled global.istiod.enableAnalysis global.defaultPodDisruptionBudget.enabled
     global.proxy.privileged global.proxy.startupProbe.enabled global.proxy_init.forceApplyIptables
     sidecarInjectorWebhook.enableNamespacesByDefault sidecarInjectorWebhook.rewriteAppHTTPProbe`,
    (value) => typeof value === "boolean",
    "must be true or false without quotes: every string counts as true",
    "remove the quotes",
  ),
  ...some(
    `autoscaleMin autoscaleMax replicaCount cpu.targetAverageUtilization traceSampling global.proxy.readinessFailureThreshold
     global.proxy.readinessInitialDelaySeconds global.proxy.readinessPeriodSeconds global.proxy.startupProbe.failureThreshold
     global.proxy.statusPort global.sts.servicePort`,
    isNumber,
    "must be a number",
    "give one or remove it",
  ),
  ...some(
    "rollingMaxSurge rollingMaxUnavailable",
    isNumberOrShare,
    "must be a number, or a percentage such as 25%",
    "give one or remove it",
  ),
  ...some(
    "resources global.defaultResources global.proxy.resources global.waypoint.resources",
    isResources,
    "must have tables requests and limits with quantities, such as cpu: 500m and memory: 2Gi",
    "give them or remove it",
  ),
  ...some(
    "meshConfig.trustDomainAliases",
    (aliases) => isList(aliases) && aliases.every((alias) => isTrustDomain(`${alias}`.toLowerCase())),
    "istiod does not start unless it is a list of trust domains",
    "give a list",
  ),
  ...some(
    "ipFamilyPolicy",
    oneOf("", "SingleStack", "PreferDualStack", "RequireDualStack"),
    "the API server refuses istiod's Service",
    "set SingleStack, PreferDualStack or RequireDualStack",
  ),
  ...some(
    "sidecarInjectorWebhook.reinvocationPolicy",
    oneOf("Never", "IfNeeded"),
    "the API server refuses istiod's webhook",
    "set Never or IfNeeded",
  ),
  ...some("global.proxy.logLevel", LEVELS, "no proxy would start", "set a log level of Envoy, such as warning"),
  ...some(
    "keepaliveMaxServerConnectionAge",
    (value) => isText(value) && /^(\d+(\.\d+)?(ns|us|ms|s|m|h))+$/.test(value as string),
    "istiod does not start unless it is a duration",
    "give one such as 30m",
  ),
];
