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

describe("the claim on an object", () => {
  const annotated = (text: string) => ({ metadata: { annotations: { [CLAIMED]: text } } });

  test.each([
    ["no object", undefined, undefined],
    ["no metadata", {}, undefined],
    ["no annotations", { metadata: {} }, undefined],
    ["another annotation", { metadata: { annotations: { a: "{}" } } }, undefined],
    ["a claim", annotated(JSON.stringify(claim)), claim],
    ["part of a claim", annotated('{"owner":"a/b/c"}'), { ...unreadable, owner: "a/b/c" }],
    ["no JSON", annotated("mine"), unreadable],
    ["nothing", annotated(""), unreadable],
    ["JSON that is no object", annotated("null"), unreadable],
  ])("of %s", (_, object, expected) => expect(claimOf(object)).toEqual(expected));

  test("that cannot be read is nobody's to touch", () => {
    const found = claimOf(annotated("{")) as Claim;
    expect(isClaimedBy(found, claim)).toBe(false);
    expect(claimRefusal(found, claim)).toContain("of the stack ?");
  });
});

test.each([
  ["of the same state", claim, true],
  ["of another state of the same stack", { ...claim, id: "2f" }, false],
  ["of another stack with the same id", { ...claim, owner: "acme/mesh/test" }, false],
  ["handed to whichever state the stack has", { ...claim, id: "" }, true],
  ["handed to whichever state another stack has", { ...claim, id: "", owner: "acme/mesh/test" }, false],
])("a claim %s", (_, live, expected) => expect(isClaimedBy(live, claim)).toBe(expected));

describe("a cluster cannot be claimed", () => {
  const { uid: _, ...wanted } = claim;

  test("where another stack has it, whose name is said with the way out", () => {
    const live = { ...claim, owner: "acme/mesh/test", cluster: "uno", mesh: "mesh9" };
    expect(claimRefusal(live, wanted)).toBe(
      'this cluster belongs to the mesh "mesh9" of the stack acme/mesh/test, as its cluster "uno". Nothing was changed. ' +
        "Destroy that stack first; if its state is lost, or after pulumi stack rename, run: npm run mesh -- adopt",
    );
  });

  test("where another state of the same stack has it", () => {
    expect(claimRefusal({ ...claim, id: "2f" }, wanted)).toBe(
      "this cluster's mesh was built by a stack of this name, acme/mesh/prod, with another state. Nothing was changed. Where that " +
        "state still exists, use it (pulumi login, pulumi stack select); where it is lost, run: npm run mesh -- adopt",
    );
  });

  test("where it is another cluster of the same mesh, which is named", () => {
    expect(claimRefusal({ ...claim, cluster: "two" }, wanted)).toBe(
      'the context is for the cluster "two" of this mesh. Correct clusters[].context; to rename a cluster, remove it from ' +
        "the config, run pulumi up, and add it under its new name",
    );
  });

  test.each([
    ["it is the same", claim],
    ["it was adopted", { ...claim, id: "" }],
    ["only what other checks see differs", { ...claim, network: "net-two", mesh: "mesh2", uid: "v" }],
  ])("but is where %s", (_, live) => expect(claimRefusal(live, wanted)).toBeUndefined());
});

describe("what is fixed while a mesh stands", () => {
  const { network, mesh, trustDomain } = claim;
  const wanted = { network, mesh, trustDomain };

  test.each([
    ["network", "istiods and running proxies"],
    ["mesh", "are not in the same mesh"],
    ["trustDomain", "every identity"],
  ] as const)("is its %s: a change names both values and why", (property, why) => {
    const [change, ...more] = fixedChanges(wanted, { ...wanted, [property]: "new" });
    expect(more).toEqual([]);
    expect(change?.property).toBe(property);
    expect(change?.reason).toContain(`cannot change from "${wanted[property]}" to "new" while the mesh exists: `);
    expect(change?.reason).toContain(why);
    expect(change?.reason).toMatch(/Put the former value back, or run pulumi destroy first$/);
  });

  test("is all of it, said at once", () => {
    const all = fixedChanges(wanted, { network: "a", mesh: "b", trustDomain: "c" });
    expect(all.map(({ property }) => property)).toEqual(["network", "mesh", "trustDomain"]);
  });

  test("is nothing where nothing was before, or is the same", () => {
    expect(fixedChanges({}, wanted)).toEqual([]);
    expect(fixedChanges(wanted, wanted)).toEqual([]);
  });
});

test("an owner's label is a label, the same each time, and another for another owner", () => {
  const label = ownerLabel("acme/mesh/prod");
  expect(label).toMatch(/^[0-9a-f]{16}$/);
  expect(ownerLabel("acme/mesh/prod")).toBe(label);
  expect(ownerLabel("acme/mesh/test")).not.toBe(label);
});

test("of a claim that somebody wrote only texts are taken, without what a terminal would obey", () => {
  const text = JSON.stringify({ ...claim, owner: "a\u001b[2J/b\n/c\u202e", mesh: { a: 1 }, more: "x" });
  expect(claimOf({ metadata: { annotations: { [CLAIMED]: text } } })).toEqual({
    ...claim,
    owner: "a[2J/b/c",
    mesh: "?",
  });
});
