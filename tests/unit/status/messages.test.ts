import { describe, expect, test } from "vitest";
import { catalogue } from "../../../i18n/language.ts";
import { adviceOf } from "../../../i18n/preflightReport.ts";
import type { StatusFinding } from "../../../mesh/statusFindings.ts";

const { en, ko } = catalogue;
const pair = { cluster: "«cluster»", peer: "«peer»" };
const one = { cluster: "here", peer: "" };
const pods = ["«pod»"];

const findings: readonly StatusFinding[] = [
  { id: "clusterSilent", severity: "error", ...one, said: "«said»" },
  { id: "noIstiod", severity: "error", ...one, pods },
  { id: "noIstiod", severity: "error", ...one, pods: [] },
  { id: "istiodNotReady", severity: "warning", ...one, pods },
  { id: "notAsked", severity: "error", ...one, said: "«said»" },
  { id: "noGatewayPod", severity: "error", ...one, pods },
  { id: "noGatewayPod", severity: "error", ...one, pods: [] },
  { id: "oneGatewayPod", severity: "warning", ...one },
  { id: "peerUnknown", severity: "error", ...pair, pods },
  { id: "peerNotSynced", severity: "error", ...pair, pods, status: "«status»" },
  { id: "gatewayUnregistered", severity: "error", ...pair, pods, network: "«network»" },
  { id: "endpointsMissing", severity: "error", ...pair, pod: "«pod»", seen: 11, expected: 22 },
  { id: "noAnswer", severity: "error", ...pair, requests: 33, said: "«said»" },
  { id: "noAnswer", severity: "error", ...pair, requests: 33, said: "" },
  { id: "sampleNotReady", severity: "warning", ...one },
  { id: "rootUntrusted", severity: "error", ...pair, root: "AB:CD" },
  { id: "intermediateNotLoaded", severity: "error", ...one, pods: ["«pod»"] },
  { id: "chainBroken", severity: "error", ...one, pod: "«pod»", said: "«said»" },
  { id: "certificateEnds", severity: "warning", ...one, role: "leaf", days: 0.5 },
  { id: "certificateEnds", severity: "warning", ...one, role: "intermediate", days: 44 },
  { id: "certificateEnds", severity: "error", ...one, role: "root", days: -1 },
  { id: "proxiesBehind", severity: "warning", ...one, istiod: "«istiod»", version: "«version»", count: 55 },
  { id: "proxiesUnserved", severity: "error", ...one, pods },
  { id: "withoutSidecar", severity: "warning", ...one, pods },
  { id: "webhookMissing", severity: "error", ...one },
];

test("has a sample of each finding", () => {
  expect([...new Set(findings.map(({ id }) => id))].sort()).toEqual(Object.keys(en.status.findings).sort());
});

describe.each(findings.map((finding) => [finding.id, finding] as const))("%s", (_, finding) => {
  const whole = (messages: typeof en) => Object.values(adviceOf(finding, messages)).join(" | ");
  const markedIn = (text: string) => [...new Set(text.match(/«\w+»|\d\d+/g))].sort();

  test("names all its facts in both languages", () => {
    const [english, korean] = [whole(en), whole(ko)];
    expect(english).not.toMatch(/[가-힣]|undefined/);
    expect(korean).toMatch(/[가-힣]/);
    expect(markedIn(korean)).toEqual(markedIn(english));
    expect(markedIn(english)).toEqual(expect.arrayContaining(JSON.stringify(finding).match(/«\w+»/g) ?? []));
    expect(Object.values(adviceOf(finding, en))).not.toContain("");
  });
});
