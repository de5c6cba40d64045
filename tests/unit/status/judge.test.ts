import { expect, test } from "vitest";
import type { StatusFinding } from "../../../mesh/statusFindings.ts";
import type { Look, SampleAnswers } from "../../../status/facts.ts";
import { judge } from "../../../status/judge.ts";
import { answersFrom, cluster, gateway, istiod } from "./mesh.ts";

const answersOfBoth = [answersFrom("a"), answersFrom("b")];
/** Findings in short form: `severity id cluster peer`. */
const found = (looks: readonly Look[], answers: readonly SampleAnswers[] | undefined = answersOfBoth) =>
  judge(looks, answers).map(({ severity, id, cluster, peer }) =>
    [severity, id, cluster, peer].filter(Boolean).join(" "),
  );

test("a healthy mesh has no findings, with and without a sample", () => {
  expect(found([cluster("a"), cluster("b")])).toEqual([]);
  expect(judge([cluster("a"), cluster("b")], undefined)).toEqual([]);
});

const silent = { name: "b", network: "net-b", failure: "connect ECONNREFUSED" };

test.each<[string, readonly Look[], readonly SampleAnswers[] | undefined, readonly string[]]>([
  ["a cluster that does not answer", [cluster("a"), silent], [answersFrom("a")], ["error clusterSilent b"]],
  [
    "a cluster that does not answer, instead of a peer's failed watch of it",
    [cluster("a", { istiods: [istiod("a", { watched: { b: "timeout" } })] }), silent],
    [answersFrom("a")],
    ["error clusterSilent b"],
  ],
  [
    "no istiod",
    [cluster("a"), cluster("b", { istiods: [], notReady: { istiod: ["istio-system/i"], gateway: [] } })],
    undefined,
    ["error noIstiod b"],
  ],
  [
    "one istiod of two that is not ready",
    [cluster("a"), cluster("b", { notReady: { istiod: ["istio-system/i"], gateway: [] } })],
    undefined,
    ["warning istiodNotReady b"],
  ],
  [
    "a query that the cluster refuses",
    [cluster("a"), cluster("b", { istiods: [], unanswered: ["403"] })],
    undefined,
    ["error notAsked b"],
  ],
  [
    "a cluster without a gateway, instead of missing answers from it",
    [cluster("a"), cluster("b", { gateways: [] })],
    [answersFrom("a", { answered: new Map() }), answersFrom("b")],
    ["error noGatewayPod b", "error noAnswer a a"].slice(0, 1),
  ],
  [
    "a gateway with a single pod",
    [cluster("a"), cluster("b", { gateways: [gateway("1")] })],
    undefined,
    ["warning oneGatewayPod b"],
  ],
  ["no webhook", [cluster("a", { hasWebhook: false }), cluster("b")], undefined, ["error webhookMissing a"]],
  [
    "pods without a sidecar",
    [cluster("a", { withoutSidecar: ["x/y"] }), cluster("b")],
    undefined,
    ["warning withoutSidecar a"],
  ],
  [
    "a peer that one istiod replica does not know",
    [cluster("a", { istiods: [istiod("a"), istiod("a", { watched: {} })] }), cluster("b")],
    undefined,
    ["error peerUnknown a b"],
  ],
  [
    "a peer that is not synced",
    [cluster("a", { istiods: [istiod("a", { watched: { b: "timeout" } })] }), cluster("b")],
    undefined,
    ["error peerNotSynced a b"],
  ],
  [
    "a gateway that is not registered",
    [cluster("a", { istiods: [istiod("a", { networks: { "net-a": ["192.0.2.1:15443"] } })] }), cluster("b")],
    undefined,
    ["error gatewayUnregistered a b"],
  ],
  [
    "fewer endpoints than the peer has",
    [cluster("a", { istiods: [istiod("a", { endpoints: { a: 5, b: 6 } })] }), cluster("b")],
    undefined,
    ["error endpointsMissing a b"],
  ],
  [
    "a root that the peer does not trust",
    [
      cluster("a", {
        gateways: [gateway("1", { trusted: ["CC"], root: "CC" }), gateway("2", { trusted: ["CC"], root: "CC" })],
      }),
      cluster("b"),
    ],
    undefined,
    ["error rootUntrusted a b", "error rootUntrusted b a"],
  ],
  [
    "a peer without answers and without another cause",
    [cluster("a"), cluster("b")],
    [answersFrom("a", { answered: new Map([["a", 8]]), lastFailure: "curl exit 28 (timed out)" }), answersFrom("b")],
    ["error noAnswer a b"],
  ],
  [
    "a peer that need not answer",
    [cluster("a"), cluster("b")],
    [answersFrom("a", { expected: ["a"], answered: new Map([["a", 8]]) }), answersFrom("b")],
    [],
  ],
  ["a sample that cannot ask", [cluster("a"), cluster("b")], [answersFrom("a")], ["warning sampleNotReady b"]],
  [
    "a sample that cannot send requests",
    [cluster("a"), cluster("b")],
    [answersFrom("a"), answersFrom("b", { requests: 0, lastFailure: "403" })],
    ["error notAsked b"],
  ],
  [
    "proxies with a former version",
    [
      cluster("a", {
        istiods: [
          istiod("a", {
            proxies: [
              { pod: "istio-system/gateway-1", version: "1.29.1" },
              { pod: "istio-system/gateway-2", version: "1.31.0" },
            ],
          }),
        ],
      }),
      cluster("b"),
    ],
    undefined,
    ["warning proxiesBehind a"],
  ],
  [
    "a proxy that no istiod serves",
    [cluster("a", { withSidecar: ["istio-system/gateway-1", "x/y"] }), cluster("b")],
    undefined,
    ["error proxiesUnserved a"],
  ],
  [
    "a certificate chain without a trusted root",
    [cluster("a", { gateways: [gateway("1"), gateway("2", { problems: ["x"], root: "" })] }), cluster("b")],
    undefined,
    ["error chainBroken a"],
  ],
  [
    "an istiod that has not loaded its intermediate, and a sample proxy with a broken chain",
    [
      cluster("a", { issuer: { unloaded: ["istiod-a"], proxies: [gateway("sleep-1", { problems: ["x"] })] } }),
      cluster("b", { issuer: { unloaded: [], proxies: [gateway("sleep-1")] } }),
    ],
    undefined,
    ["error intermediateNotLoaded a", "error chainBroken a"],
  ],
])("reports %s", (_, looks, answers, expected) => {
  expect(found(looks, answers)).toEqual(expected);
});

test.each([
  ["intermediate", 91, undefined],
  ["intermediate", 89, "warning"],
  ["intermediate", 13, "error"],
  ["root", 89, "warning"],
  ["root", 13, "error"],
  ["leaf", 0.4, undefined],
  ["leaf", 0.1, "warning"],
  ["leaf", 0.01, "error"],
] as const)("a %s with %s days left: %s", (role, days, severity) => {
  const daysLeft = { leaf: 0.9, intermediate: 1_800, root: 3_600, [role]: days };
  const ending: StatusFinding[] = judge([cluster("a", { gateways: [gateway("1"), gateway("2", { daysLeft })] })]);
  expect(ending).toEqual(
    severity === undefined ? [] : [{ id: "certificateEnds", severity, cluster: "a", peer: "", role, days }],
  );
});

test("compares proxies with the newest istiod, whose version is ordered numerically", () => {
  const istiods = [istiod("a", { version: "1.9.9", proxies: [] }), istiod("a", { version: "1.31.0" })];
  expect(found([cluster("a", { istiods })], undefined)).toEqual([]);
});

test("strips control characters from the version that a proxy reports", () => {
  const proxies = [{ pod: "shop/web", version: "1.30.0\u001b[2J\u202e\n" }];
  const findings = judge([cluster("a", { istiods: [istiod("a", { proxies })] })]);
  expect(findings).toContainEqual(expect.objectContaining({ id: "proxiesBehind", version: "1.30.0" }));
});
