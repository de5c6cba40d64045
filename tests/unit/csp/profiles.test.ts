import { expect, test } from "vitest";
import { profiles } from "../../../csp/profiles.ts";

const entries = Object.entries(profiles);
const facts = entries.flatMap(([csp, profile]) =>
  Object.entries(profile.facts).map(([name, fact]) => [`${csp}.${name}`, fact] as const),
);

test.each(facts)("%s is unknown, or cites a document", (_, fact) => {
  if (fact === "unknown") return;
  expect(new URL(fact.source).protocol).toBe("https:");
  expect(fact.value === null || fact.value.length > 1).toBe(true);
});

test.each(entries)("%s sets only the annotations that its facts name", (_, profile) => {
  const { layer4, scope } = profile.facts;
  const { public: open, internal } = profile.scopeAnnotations ?? { public: {}, internal: {} };
  expect(Object.keys(profile.loadBalancerAnnotations)).toEqual(layer4 === "unknown" ? [] : [layer4.value]);
  expect(Object.keys(open)).toEqual(scope === "unknown" ? [] : [scope.value]);
  expect(Object.keys(internal)).toEqual(Object.keys(open));
  expect(scope === "unknown" || internal[scope.value as string] !== open[scope.value as string]).toBe(true);
});

test("the generic profile claims no facts", () => {
  expect(new Set(Object.values(profiles.generic.facts))).toEqual(new Set(["unknown"]));
});

test("load balancers get a hostname at NAVER, an IP at NHN, and no address at KT", () => {
  const { ncloud, nhn, kt } = profiles;
  expect([ncloud, nhn, kt].map(({ facts: { loadBalancer } }) => loadBalancer)).toMatchObject([
    { value: "hostname" },
    { value: "ip" },
    { value: null },
  ]);
});
