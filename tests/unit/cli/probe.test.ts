import { describe, expect, test } from "vitest";
import { catalogue } from "../../../i18n/language.ts";
import { adviceOf, asTable } from "../../../i18n/preflightReport.ts";
import { probeReport } from "../../../i18n/probeReport.ts";
import type { ProbeFinding } from "../../../mesh/probeFindings.ts";

const mark = (name: string) => `«${name}»`;
const pair = { cluster: mark("cluster"), peer: mark("peer") };
const way = { field: "clusters[1]", ownField: "clusters[0]", address: mark("address") };
const toServer = { ...pair, ...way, server: mark("server"), from: [] as string[] };
const toGateway = { ...pair, ...way, from: [] as string[] };
const error = { severity: "error" } as const;
const said = mark("said");

/** All findings, in each variant with a different text. */
const all: ProbeFinding[] = [
  { id: "clusterNotProbed", ...error, ...pair, field: "clusters[0]", said },
  { id: "podNotRunning", ...error, ...pair, image: mark("image"), said },
  { id: "podNotReached", ...error, ...pair, said },
  { id: "namespaceLeft", severity: "warning", ...pair, namespace: mark("namespace"), said },
  { id: "apiServerAnswers", severity: "ok", ...pair, server: mark("server") },
  ...(["nameUnknown", "refused", "silent", "unreachable"] as const).flatMap((why): ProbeFinding[] => [
    { id: "apiServerUnconnected", ...error, ...toServer, why, said },
    { id: "apiServerUnconnected", ...error, ...toServer, from: [mark("from")], list: mark("list"), why, said },
    { id: "gatewayUnconnected", ...error, ...toGateway, why, said },
    { id: "gatewayUnconnected", severity: "warning", ...toGateway, from: [mark("from")], why, said },
  ]),
  ...[403, 407].map((status): ProbeFinding => ({ id: "apiServerProxyRefuses", ...error, ...toServer, status })),
  { id: "apiServerUnknownCa", ...error, ...toServer, said },
  { id: "apiServerWrongName", ...error, ...toServer, name: mark("name"), names: mark("names") },
  { id: "apiServerNoTls", ...error, ...toServer, said },
  ...[401, 403].map((status): ProbeFinding => ({ id: "apiServerTokenRefused", ...error, ...toServer, status, said })),
  { id: "apiServerOddAnswer", ...error, ...toServer, status: 502 },
  { id: "apiServerNotTried", severity: "warning", ...toServer, scheme: mark("scheme") },
  { id: "gatewayAnswers", severity: "ok", ...pair, address: mark("address") },
  { id: "gatewayWithoutAddress", ...error, ...pair, field: "clusters[1]" },
  { id: "gatewayCloses", ...error, ...toGateway },
  { id: "gatewayCloses", severity: "warning", ...toGateway },
  { id: "gatewayNotReady", severity: "warning", ...toGateway, status: 503 },
];

/** The parts that both languages share: values, fields, commands, ports and codes. */
const particulars = (text: string) =>
  [
    ...new Set(
      text.match(/«\w+»|clusters\[\d\](\.\w+)*|\b(istio|gateway)\.\w+|npm run \w+|kubectl|\b\d{3,}\b|\/apis/g) ?? [],
    ),
  ].sort();

describe.each(all)("$id $severity $why $status", (finding) => {
  const english = adviceOf(finding, catalogue.en);
  const korean = adviceOf(finding, catalogue.ko);

  test.each(["found", "means", "do"] as const)("%s has a text in both languages, with the same values", (part) => {
    if (part !== "do" || finding.severity !== "ok") {
      expect(english[part].trim()).not.toBe("");
      expect(korean[part]).toMatch(/[가-힣]/);
    }
    expect(english[part]).not.toMatch(/[가-힣]|undefined|\[object/);
    expect(korean[part]).not.toMatch(/undefined|\[object/);
    expect(particulars(korean[part])).toEqual(particulars(english[part]));
  });

  test("quotes the server's message", () => {
    if ("said" in finding && !("why" in finding && /refused|silent/.test(finding.why))) {
      expect(english.found).toContain(said);
    }
  });
});

test("the table shows the direction of each test", () => {
  const answers = { id: "apiServerAnswers", severity: "ok", server: "https://a" } as const;
  const table = asTable(
    [
      { ...answers, cluster: "a", peer: "b" },
      { id: "podNotReached", ...error, cluster: "a", peer: "", said: "no" },
    ],
    catalogue.en,
  );
  expect(table).toMatch(/^ok +a -> b +.*\n(.*\n)*error +a +/m);
});

test("a report contains only errors and warnings, with remedies", () => {
  const report = probeReport(
    [
      { id: "apiServerAnswers", severity: "ok", ...pair, server: "https://a" },
      { id: "apiServerUnconnected", ...error, ...toServer, cluster: "one", peer: "two", why: "silent", said: "" },
    ],
    catalogue.en,
  );
  expect(report).toBe(
    [
      "error: one -> two: «address» does not answer",
      "    MEANS: istiod of one cannot watch two, so it does not know the services there",
      "    DO: allow the addresses of one's nodes, or of their NAT (also set them in clusters[0].egressCidrs), in " +
        "two's API server access list or security group for «address», or set clusters[1].apiServer or clusters[1].proxyUrl to a reachable address",
    ].join("\n"),
  );
});
