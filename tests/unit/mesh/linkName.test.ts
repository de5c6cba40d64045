import fc from "fast-check";
import { expect, test } from "vitest";
import { linkName } from "../../../mesh/linkName.ts";

test("contains the names of both clusters", () => {
  expect(linkName("ncloud", "nhn")).toBe("ncloud-to-nhn");
  expect(linkName("to", "to-nhn")).toBe("to_to_to-nhn");
  expect(linkName("a", "b-to-c")).toBe("a_to_b-to-c");
});

test("is unique for any set of links", () => {
  const part = fc.constantFrom("a", "b", "to", "-");
  const label = fc
    .array(part, { minLength: 1, maxLength: 5 })
    .map((parts) => parts.join("-"))
    .filter((name) => /^[a-z].*[a-z]$|^[a-z]$/.test(name));
  const links = fc.uniqueArray(fc.tuple(label, label), { minLength: 2, maxLength: 30, selector: String });
  fc.assert(
    fc.property(links, (all) => {
      expect(new Set(all.map((link) => linkName(...link))).size).toBe(all.length);
    }),
    { numRuns: 2_000 },
  );
});
