// The preflight's findings about claims.
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseConfig } from "../../../config/parse.ts";
import { examine } from "../../../preflight/examine.ts";
import { claimedBy as claim, entriesOf, type FakeCluster, fakeCluster, ROLE } from "./fakeCluster.ts";

const owner = "acme/mesh/prod";

let one: FakeCluster;
let two: FakeCluster;
beforeEach(async () => {
  [one, two] = await Promise.all([fakeCluster("first"), fakeCluster("second")]);
});
afterEach(() => {
  one.close();
  two.close();
});

const claimedBy = (change: Parameters<typeof claim>[1]) => claim(two, change);

/** Findings about claims and Istio. @param stack undefined if only a config file is known */
async function look(stack: string | undefined = owner) {
  const clusters = entriesOf([one, two]);
  const findings = await examine({ ...parseConfig({ clusters }, "/"), owner: stack });
  return findings.filter(({ id }) => /^claim|Istio$/.test(id));
}
const noIstio = { id: "noIstio", severity: "ok", cluster: "one" };
const ownIstio = { id: "ownIstio", severity: "ok", cluster: "two" };

test("reports nothing about an unclaimed cluster", async () => {
  expect(await look()).toEqual([noIstio, { ...noIstio, cluster: "two" }]);
});

test("reports this stack's claim, from any state of the stack", async () => {
  for (const id of ["1f", "2f", ""]) {
    claimedBy({ id });
    expect(await look()).toEqual([noIstio, { id: "claimed", severity: "ok", cluster: "two", owner }, ownIstio]);
  }
});

test("reports another stack's claim as an error that names the stack, its mesh and the cluster's name", async () => {
  claimedBy({ owner: "acme/mesh/test", mesh: "mesh9", cluster: "zwei" });
  expect(await look()).toContainEqual({
    id: "claimedByOther",
    severity: "error",
    cluster: "two",
    owner: "acme/mesh/test",
    mesh: "mesh9",
    name: "zwei",
  });
});

test("treats an unreadable claim as another stack's", async () => {
  claimedBy("?");
  expect(await look()).toContainEqual(expect.objectContaining({ id: "claimedByOther", severity: "error", owner: "?" }));
});

test("reports a context of another cluster of the same mesh as an error", async () => {
  claimedBy({ cluster: "three" });
  expect(await look()).toContainEqual({ id: "claimedAsOther", severity: "error", cluster: "two", name: "three" });
});

test("reports nothing for a config file, because the stack is unknown", async () => {
  claimedBy({ owner: "acme/mesh/test" });
  const clusters = entriesOf([one, two]);
  const findings = await examine(parseConfig({ clusters }, "/"));
  expect(findings.filter(({ id }) => id.startsWith("claim"))).toEqual([]);
});

test("reports a claim that the account may not read as not seen", async () => {
  two.answers[ROLE] = 403;
  const clusters = entriesOf([one, two]);
  const findings = await examine({ ...parseConfig({ clusters }, "/"), owner });
  expect(findings).toContainEqual({ id: "notSeen", severity: "warning", cluster: "two", paths: [ROLE] });
});
