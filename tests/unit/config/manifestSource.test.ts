import { expect, test } from "vitest";
import { gatewayApiSource } from "../../../config/gatewayApi.ts";
import { folder } from "./fixtures.ts";

const root = folder({ "crds/install.yaml": "" });

test.each([
  ["none", undefined],
  ["https://example.com/install.yaml", "https://example.com/install.yaml"],
  ["crds/install.yaml", `${root}/crds/install.yaml`],
  ["./crds", `${root}/crds`],
  [`${root}/crds`, `${root}/crds`],
])("definitions from %s", (source, found) => {
  expect(gatewayApiSource(source, root)).toBe(found);
});

test("a path that is not there is refused", () => {
  expect(() => gatewayApiSource("missing.yaml", root)).toThrow(
    new Error(
      '"missing.yaml" is not there; give an https:// URL, the path of a release\'s manifest or a folder, or none',
    ),
  );
});
