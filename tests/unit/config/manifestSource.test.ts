import { expect, test } from "vitest";
import { manifestSource } from "../../../config/manifestSource.ts";
import { folder } from "./fixtures.ts";

const root = folder({ "crds/install.yaml": "" });

test.each([
  ["none", undefined],
  ["https://example.com/install.yaml", "https://example.com/install.yaml"],
  ["crds/install.yaml", "crds/install.yaml"],
  ["./crds", "./crds"],
  [`${root}/crds`, `${root}/crds`],
])("accepts manifests from %s", (source, found) => {
  expect(manifestSource(source, root)).toBe(found);
});

test("rejects a missing path", () => {
  expect(() => manifestSource("missing.yaml", root)).toThrow(
    new Error(
      '"missing.yaml" does not exist; give an https:// URL, the path of a release\'s manifest or a folder, or none',
    ),
  );
});
