// The state of a healthy mesh of two clusters.
import type { ClusterFacts, GatewayFacts, IstiodFacts, SampleAnswers } from "../../../status/facts.ts";

const NAMES = ["a", "b"];
const other = (name: string) => NAMES.find((one) => one !== name) as string;

export const istiod = (name: string, changed: Partial<IstiodFacts> = {}): IstiodFacts => ({
  pod: `istiod-${name}`,
  version: "1.31.0",
  watched: { [other(name)]: "synced" },
  networks: { "net-a": ["192.0.2.1:15443"], "net-b": ["192.0.2.2:15443"] },
  endpoints: { a: 5, b: 7 },
  proxies: [
    { pod: "istio-system/gateway-1", version: "1.31.0" },
    { pod: "istio-system/gateway-2", version: "1.31.0" },
  ],
  ...changed,
});

export const gateway = (name: string, changed: Partial<GatewayFacts> = {}): GatewayFacts => ({
  pod: `gateway-${name}`,
  problems: [],
  daysLeft: { leaf: 0.9, intermediate: 1_800, root: 3_600 },
  root: "AA:BB",
  trusted: ["AA:BB"],
  ...changed,
});

export const cluster = (name: string, changed: Partial<ClusterFacts> = {}): ClusterFacts => ({
  name,
  network: `net-${name}`,
  kubernetes: "v1.35.4",
  istiods: [istiod(name)],
  notReady: { istiod: [], gateway: [] },
  gateways: [gateway("1"), gateway("2")],
  tokens: [0],
  withSidecar: ["istio-system/gateway-1", "istio-system/gateway-2"],
  withoutSidecar: [],
  hasWebhook: true,
  unanswered: [],
  ...changed,
});

export const answersFrom = (from: string, changed: Partial<SampleAnswers> = {}): SampleAnswers => ({
  from,
  expected: NAMES,
  answered: new Map([
    ["a", 3],
    ["b", 5],
  ]),
  requests: 8,
  lastFailure: "",
  ...changed,
});
