// Rules for Helm values that determine which connections sidecars intercept.
import { isIP } from "node:net";
import { selects } from "./labelSelector.ts";
import { isList, rule, type ValueRule } from "./valueRule.ts";

const holdsPort = (ports: unknown, port: number) =>
  `${ports}`.split(",").some((each) => ["*", `${port}`].includes(each.trim()));
/** Port of the sample's `reviews`. */
const SAMPLE_PORT = 9080;
/** The charts' templates split the ranges at commas. */
const rangesOf = (ranges: string) => ranges.split(",").filter((range) => range !== "");
const isRange = (range: string) => {
  const [address = "", bits = ""] = range.split("/");
  return isIP(address) !== 0 && /^\d+$/.test(bits) && Number(bits) <= (isIP(address) === 6 ? 128 : 32);
};
/** Labels of the sample's pods, whose versions differ. */
const SAMPLE_LABELS = [{ app: "sleep" }, ...["v1", "v2", "v3"].map((version) => ({ app: "reviews", version }))];
/** istiod ignores an empty selector. */
const isEmpty = (selector: unknown) => selects(selector, {});
const around = "requests to the sample would bypass its sidecars, so the proof would fail";

export const captureRules: readonly ValueRule[] = [
  rule("global.proxy.includeInboundPorts", (ports) => holdsPort(ports, SAMPLE_PORT), around),
  rule("global.proxy.excludeInboundPorts", (ports) => !holdsPort(ports, SAMPLE_PORT), around),
  rule("global.proxy.excludeOutboundPorts", (ports) => !holdsPort(ports, SAMPLE_PORT), around),
  rule(
    "global.proxy.includeIPRanges",
    (ranges) => ranges === "*" || (typeof ranges === "string" && rangesOf(ranges).some(isRange)),
    around,
    'set "*", or IP ranges that contain the Services of all clusters',
  ),
  rule(
    "global.proxy.excludeIPRanges",
    (ranges) => typeof ranges === "string" && rangesOf(ranges).every((range) => isRange(range) && !/\/0$/.test(range)),
    around,
    "set IP ranges without Services of any cluster",
  ),
  rule(
    "sidecarInjectorWebhook.neverInjectSelector",
    (all) =>
      isList(all) && !all.some((each) => !isEmpty(each) && SAMPLE_LABELS.some((labels) => selects(each, labels))),
    around,
    "give selectors that select no pod of the sample (app: sleep and app: reviews)",
  ),
  // The addresses to which Istio's init container redirects connections.
  rule("meshConfig.proxyListenPort", [15001, "15001"], around),
  rule("meshConfig.proxyInboundListenPort", [15006, "15006"], around),
  rule("meshConfig.defaultConfig.interceptionMode", ["REDIRECT", "TPROXY"], around),
];
