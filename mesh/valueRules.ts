// Helm values on which other parts of the program depend: another value would break a mesh that looks fine.
import type { Values } from "./values.ts";

interface ValueRule {
  /** Keys, from the outermost. */
  readonly path: readonly string[];
  /** Values that leave the mesh whole, besides an absent one. */
  readonly allows: readonly unknown[];
  /** What any other value does. */
  readonly does: string;
}

const rule = (path: string, allows: readonly unknown[], does: string): ValueRule => ({
  path: path.split("."),
  allows,
  does,
});

const system = "the program's gateway, remote secrets and claims are in istio-system";
const internal = rule(
  "_internal_defaults_do_not_set",
  [],
  "Istio's own place for defaults; set the values below it directly",
);

const ofBoth = [
  internal,
  rule("global.istioNamespace", ["istio-system"], system),
  rule("global.resourceScope", ["all"], "a part of the chart's objects would be missing"),
  rule(
    "global.enableReaderRBAC",
    [true],
    "the other clusters' istiods would have no account to read this cluster with",
  ),
  rule("global.readerServiceAccount", [], "the program hands out the token of istio-reader-service-account"),
];

const rules: Readonly<Record<"base" | "istiod", readonly ValueRule[]>> = {
  base: [
    ...ofBoth,
    rule("defaultRevision", ["default"], "the validation webhook would lead to an istiod that is not there"),
    rule("base.enableCRDTemplates", [true], "the definitions of Istio's kinds would be missing"),
    rule("base.enableIstioConfigCRDs", [true], "the definitions of Istio's kinds would be missing"),
  ],
  istiod: [
    ...ofBoth,
    rule("enabled", [true], "there would be no control plane"),
    rule("configMap", [true], "istiod would run without the program's meshConfig"),
    rule("revision", ["", "default"], "pods and gateways of the program follow the default revision"),
    rule("profile", ["default"], "a profile changes values on which the program depends; set single values"),
    rule("istiodRemote.enabled", [false], "each cluster of this mesh has a control plane of its own"),
    rule("global.externalIstiod", [false], "each cluster of this mesh has a control plane of its own"),
    rule("global.configCluster", [false], "each cluster of this mesh has a control plane of its own"),
    rule("global.remotePilotAddress", [""], "each cluster of this mesh has a control plane of its own"),
    rule("global.omitSidecarInjectorConfigMap", [false], "no pod would get a sidecar"),
    rule("global.operatorManageWebhooks", [false], "no pod would get a sidecar"),
    rule("global.pilotCertProvider", ["istiod"], "the program gives istiod its intermediate CA as cacerts"),
    rule("global.caAddress", [""], "the program gives istiod its intermediate CA as cacerts"),
    rule(
      "global.proxy.clusterDomain",
      ["cluster.local"],
      "the program's gateways route names of cluster.local alone, and no request would cross",
    ),
    rule("meshConfig.rootNamespace", ["istio-system"], system),
    rule(
      "pilot.env.PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER",
      [true, "true"],
      "istiod crashes at its first remote secret",
    ),
    rule(
      "pilot.env.ENABLE_DEBUG_ON_HTTP",
      [true, "true"],
      "the program could not ask istiod what it knows of other clusters",
    ),
  ],
};

/** Values that other parts of the program depend on, each with its path, the value and what it would do. */
export function brokenRules(
  chart: "base" | "istiod",
  values: Values,
): { readonly path: readonly string[]; readonly value: unknown; readonly does: string }[] {
  return rules[chart].flatMap(({ path, allows, does }) => {
    const value = path.reduce<unknown>((table, key) => (table as Values | null | undefined)?.[key], values);
    return value === undefined || value === null || allows.includes(value) ? [] : [{ path, value, does }];
  });
}
