import { describe, expect, test } from "vitest";
import { lastUri, loggedRequests } from "../../../proof/accessLog.ts";
import { judgeIdentity } from "../../../proof/callerIdentity.ts";
import { agentIdentity } from "./fakeMesh.ts";

const xfcc = `By=spiffe://cluster.local/ns/sample/sa/bookinfo-reviews;Hash=0f;Subject="";URI=${agentIdentity}`;

describe("loggedRequests", () => {
  test("extracts request lines from a log", () => {
    const log = [
      "2026-01-02T03:04:05Z\tinfo\txdsproxy\tconnected",
      '{"agent":"proof/1","peer":"spiffe://x","xfcc":"URI=spiffe://x","code":200,"path":"/reviews/1"}',
      '{"agent":"proof/2","peer":"spiffe://y","xfcc":"","code":200}',
      '{"agent":"proof/1","peer":',
      '{"agent":"proof/1","peer":null,"xfcc":"-","code":"503"}',
      "",
    ].join("\n");
    expect(loggedRequests(log)).toEqual([
      { agent: "proof/1", peer: "spiffe://x", xfcc: "URI=spiffe://x", code: 200 },
      { agent: "proof/2", peer: "spiffe://y", xfcc: "", code: 200 },
      { agent: "proof/1", peer: "", xfcc: "", code: 503 },
    ]);
  });
});

describe("lastUri", () => {
  test.each([
    [xfcc, agentIdentity],
    [`${xfcc},By=spiffe://b;Subject="CN=a;b,O=\\"c\\"";URI=spiffe://last`, "spiffe://last"],
    ['By=spiffe://b;Subject="URI=spiffe://forged"', ""],
    [`${xfcc},By=spiffe://b;Hash=1`, ""],
    ["", ""],
  ])('of %s is "%s"', (header, uri) => {
    expect(lastUri(header)).toBe(uri);
  });
});

describe("judgeIdentity", () => {
  const judge = (logged: Partial<{ peer: string; xfcc: string; code: number }>, ...more: (typeof logged)[]) =>
    judgeIdentity(
      [
        {
          from: "a",
          to: "b",
          all: 7,
          logged: [logged, ...more].map((entry) => ({ agent: "p", peer: agentIdentity, xfcc, code: 200, ...entry })),
        },
      ],
      "sample",
    );

  test("passes if the peer has the caller's identity", () => {
    expect(judge({})).toEqual({ passed: true, seen: `${agentIdentity} in 1 of 1 directions` });
  });

  test.each([
    [
      "spiffe://cluster.local/ns/sample/sa/default",
      'of a request of a, b saw the certificate of "spiffe://cluster.local/ns/sample/sa/default"',
    ],
    [
      "spiffe://cluster.local/ns/other/sa/sleep",
      'of a request of a, b saw the certificate of "spiffe://cluster.local/ns/other/sa/sleep"',
    ],
    ["", "of a request of a, b saw the certificate of nobody"],
  ])('fails for the peer "%s"', (peer, seen) => {
    expect(judge({}, { peer })).toMatchObject({ passed: false, seen });
  });

  test("fails if the header differs from the certificate", () => {
    expect(judge({ xfcc: "URI=spiffe://forged" })).toMatchObject({
      passed: false,
      seen: `of a request of a, b saw "${agentIdentity}", but X-Forwarded-Client-Cert "URI=spiffe://forged"`,
    });
  });

  test("fails if only failed requests are logged", () => {
    expect(judge({ code: 503 })).toEqual({
      passed: false,
      seen: "b's reviews logged 7 requests, none of them an answered one of a",
      hint: "the sample's access log must be enabled (Telemetry in namespace sample), and a must reach b",
    });
  });

  test("fails if the clusters have different trust domains", () => {
    const peer = "spiffe://other/ns/sample/sa/sleep";
    expect(judge({}, { peer, xfcc: `URI=${peer}` })).toEqual({
      passed: false,
      seen: `more than one trust domain: ${agentIdentity}, ${peer}`,
      hint: "meshConfig.trustDomain must be the same in every cluster",
    });
  });
});
