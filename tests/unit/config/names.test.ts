import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isDnsLabel, isLabelValue, suggestDnsLabel } from "../../../config/names.ts";

describe("a DNS-1123 label", () => {
  test.each(["a", "ncloud", "nks-kr-1", "0", "a".repeat(63)])("is %j", (name) => {
    expect(isDnsLabel(name)).toBe(true);
  });

  test.each(["", "-a", "a-", "A", "a_b", "a.b", "a\n", "a".repeat(64), "한"])("is not %j", (name) => {
    expect(isDnsLabel(name)).toBe(false);
  });
});

describe("the suggested label", () => {
  test.each([
    [
      "nks_kr_portal-test-cluster_e50cf226-309b-4c00-8953-a32ff962f8d4",
      "nks-kr-portal-test-cluster-e50cf226-309b-4c00-8953-a32ff962f8d4",
    ],
    ["Seoul.Prod", "seoul-prod"],
    ["__a__", "a"],
    ["네이버", "cluster"],
    [`${"x".repeat(60)}-e50cf226`, `${"x".repeat(54)}-e50cf226`],
  ])("of %j is %j", (name, label) => {
    expect(suggestDnsLabel(name)).toBe(label);
  });

  test("is a DNS-1123 label for any name", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), (name) => isDnsLabel(suggestDnsLabel(name))));
  });

  test("of a valid name is that name", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/), (name) => {
        // Consecutive "-" are merged.
        fc.pre(!name.includes("--"));
        expect(suggestDnsLabel(name)).toBe(name);
      }),
    );
  });

  test("is a valid label value, because it is the default network", () => {
    fc.assert(fc.property(fc.string({ maxLength: 100 }), (name) => isLabelValue(suggestDnsLabel(name))));
  });
});
