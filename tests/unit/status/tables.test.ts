import { expect, test } from "vitest";
import { catalogue } from "../../../i18n/language.ts";
import { directionsOf } from "../../../status/directions.ts";
import { statusTables } from "../../../status/tables.ts";
import { answersFrom, cluster, istiod } from "./mesh.ts";

const DAY = 86_400_000;

test("shows each cluster and each direction; a cluster that does not answer as its peers see it", () => {
  const looks = [
    cluster("a", { istiods: [istiod("a"), istiod("a", { watched: { b: "timeout" } })], tokens: [DAY] }),
    { name: "b", network: "net-b", failure: "refused" },
  ];
  const status = { looks, sampleAnswers: [answersFrom("a")], findings: [] };
  const directions = directionsOf(status, new Map(), 3 * DAY);
  expect(statusTables(status, directions, catalogue.en, 3 * DAY)).toBe(
    `CLUSTER  KUBERNETES  ISTIOD      GATEWAYS  PROXIES     LEAF   INTERMEDIATE  ROOT    TOKENS
a        v1.35.4     1.31.0 2/2  2/2       1.31.0 (4)  0.9 d  1800 d        3600 d  2.0 d
b        silent

FROM  TO  API SERVER  SYNCED  GATEWAY          ENDPOINTS  ANSWERS  LAST
a     b   silent      1/2     192.0.2.2:15443  7          5        now
`,
  );
});

test("shows when a direction was last answered", () => {
  const status = {
    looks: [cluster("a"), cluster("b")],
    sampleAnswers: [answersFrom("a"), answersFrom("b")],
    findings: [],
  };
  const last = new Map<string, number>();
  expect(directionsOf(status, last, 1_000).map(({ lastAnswer }) => lastAnswer)).toEqual([1_000, 1_000]);
  const silent = { ...status, sampleAnswers: [answersFrom("a", { answered: new Map() }), answersFrom("b")] };
  const [first, second] = directionsOf(silent, last, 13_000);
  expect([first?.lastAnswer, first?.answers, second?.lastAnswer]).toEqual([1_000, 0, 13_000]);
  expect(statusTables(silent, [first as never], catalogue.en, 13_000)).toContain("12 s ago");
});

test("shows a gateway as known only if every istiod replica knows it, and the lowest number of endpoints", () => {
  const istiods = [istiod("a"), istiod("a", { networks: {}, endpoints: { b: 2 } })];
  const [direction] = directionsOf(
    { looks: [cluster("a", { istiods }), cluster("b")], sampleAnswers: undefined, findings: [] },
    new Map(),
    0,
  );
  expect(direction).toMatchObject({
    gateways: [],
    endpoints: 2,
    expectedEndpoints: 7,
    answers: null,
    lastAnswer: null,
  });
});
