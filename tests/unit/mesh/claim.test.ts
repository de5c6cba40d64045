import { describe, expect, test } from "vitest";
import {
  CLAIMED,
  type Claim,
  claimOf,
  claimRefusal,
  fixedChanges,
  isClaimedBy,
  ownerLabel,
} from "../../../mesh/claim.ts";

const claim: Claim = {
  id: "1f",
  owner: "acme/mesh/prod",
  cluster: "one",
  network: "net-one",
  mesh: "mesh1",
  trustDomain: "cluster.local",
  uid: "u",
};
const unreadable = { id: "?", owner: "?", cluster: "?", network: "?", mesh: "?", trustDomain: "?", uid: "?" };

describe("reading a claim", () => {
  const annotated = (text: string) => ({ metadata: { annotations: { [CLAIMED]: text } } });

  test.each([
    ["no object", undefined, undefined],
    ["no metadata", {}, undefined],
    ["no annotations", { metadata: {} }, undefined],
    ["another annotation", { metadata: { annotations: { a: "{}" } } }, undefined],
    ["a claim", annotated(JSON.stringify(claim)), claim],
    ["part of a claim", annotated('{"owner":"a/b/c"}'), { ...unreadable, owner: "a/b/c" }],
    ["text that is not JSON", annotated("mine"), unreadable],
    ["an empty annotation", annotated(""), unreadable],
    ["JSON that is no object", annotated("null"), unreadable],
  ])("from %s", (_, object, expected) => expect(claimOf(object)).toEqual(expected));

  test("that is unreadable treats the cluster as another stack's", () => {
    const found = claimOf(annotated("{")) as Claim;
    expect(isClaimedBy(found, claim)).toBe(false);
    expect(claimRefusal(found, claim)).toContain("of the stack ?");
  });
});

test.each([
  ["of the same state", claim, true],
  ["of another state of the same stack", { ...claim, id: "2f" }, false],
  ["of another stack with the same id", { ...claim, owner: "acme/mesh/test" }, false],
  ["that was handed to any state of the stack", { ...claim, id: "" }, true],
  ["that was handed to any state of another stack", { ...claim, id: "", owner: "acme/mesh/test" }, false],
])("a stack's claim equals one %s", (_, live, expected) => expect(isClaimedBy(live, claim)).toBe(expected));

describe("a claim is refused", () => {
  const { uid: _, ...wanted } = claim;

  test("for another stack's cluster, with that stack's name and the remedy", () => {
    const live = { ...claim, owner: "acme/mesh/test", cluster: "uno", mesh: "mesh9" };
    expect(claimRefusal(live, wanted)).toBe(
      'this cluster belongs to the mesh "mesh9" of the stack acme/mesh/test, as its cluster "uno". Nothing was changed. ' +
        "Destroy that stack first; if its state is lost, or after pulumi stack rename, run: npm run mesh -- adopt",
    );
  });

  test("for the cluster of another state of the same stack", () => {
    expect(claimRefusal({ ...claim, id: "2f" }, wanted)).toBe(
      "this cluster's mesh was built by a stack of this name, acme/mesh/prod, with another state. Nothing was changed. If that " +
        "state still exists, use it (pulumi login, pulumi stack select); if it is lost, run: npm run mesh -- adopt",
    );
  });

  test("for another cluster of the same mesh, with that cluster's name", () => {
    expect(claimRefusal({ ...claim, cluster: "two" }, wanted)).toBe(
      'the context is for the cluster "two" of this mesh. Correct clusters[].context; to rename a cluster, remove it from ' +
        "the config, run pulumi up, and add it under its new name",
    );
  });

  test.each([
    ["the claim is the same", claim],
    ["the cluster was adopted", { ...claim, id: "" }],
    ["only properties differ that other checks compare", { ...claim, network: "net-two", mesh: "mesh2", uid: "v" }],
  ])("but not if %s", (_, live) => expect(claimRefusal(live, wanted)).toBeUndefined());
});

describe("changes that a standing mesh does not allow", () => {
  const { network, mesh, trustDomain } = claim;
  const wanted = { network, mesh, trustDomain };

  test.each([
    ["network", "istiods and running proxies"],
    ["mesh", "are not in the same mesh"],
    ["trustDomain", "every identity"],
  ] as const)("include its %s, with both values and the reason", (property, why) => {
    const [change, ...more] = fixedChanges(wanted, { ...wanted, [property]: "new" });
    expect(more).toEqual([]);
    expect(change?.property).toBe(property);
    expect(change?.reason).toContain(`cannot change from "${wanted[property]}" to "new" while the mesh exists: `);
    expect(change?.reason).toContain(why);
    expect(change?.reason).toMatch(/Restore the former value, or run pulumi destroy first$/);
  });

  test("are reported all at once", () => {
    const all = fixedChanges(wanted, { network: "a", mesh: "b", trustDomain: "c" });
    expect(all.map(({ property }) => property)).toEqual(["network", "mesh", "trustDomain"]);
  });

  test("exclude unchanged values and values that did not exist before", () => {
    expect(fixedChanges({}, wanted)).toEqual([]);
    expect(fixedChanges(wanted, wanted)).toEqual([]);
  });
});

test("an owner's label is a valid label, stable, and different for each owner", () => {
  const label = ownerLabel("acme/mesh/prod");
  expect(label).toMatch(/^[0-9a-f]{16}$/);
  expect(ownerLabel("acme/mesh/prod")).toBe(label);
  expect(ownerLabel("acme/mesh/test")).not.toBe(label);
});

test("ignores fields of a claim that are not strings, and strips control characters", () => {
  const text = JSON.stringify({ ...claim, owner: "a\u001b[2J/b\n/c\u202e", mesh: { a: 1 }, more: "x" });
  expect(claimOf({ metadata: { annotations: { [CLAIMED]: text } } })).toEqual({
    ...claim,
    owner: "a[2J/b/c",
    mesh: "?",
  });
});
