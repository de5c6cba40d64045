import { expect, test } from "vitest";
import { chartSource } from "../../../config/charts.ts";
import { folder } from "./fixtures.ts";

const root = folder({ "charts/base/Chart.yaml": "", "charts/istiod-1.29.1.tgz": "" });

test.each([
  [
    "https://example.com/charts",
    { chart: "base", version: "1.29.1", repositoryOpts: { repo: "https://example.com/charts" } },
  ],
  ["oci://example.com/charts/", { chart: "oci://example.com/charts/base", version: "1.29.1" }],
  ["charts", { chart: "charts/base" }],
  ["./charts", { chart: "charts/base" }],
  [`${root}/charts`, { chart: `${root}/charts/base` }],
])("finds the chart base at %s", (charts, source) => {
  expect(chartSource(charts, "base", "1.29.1", root)).toEqual(source);
});

test("requires a packed chart of the right version", () => {
  expect(chartSource("charts", "istiod", "1.29.1", root)).toEqual({ chart: "charts/istiod-1.29.1.tgz" });
  expect(() => chartSource("charts", "istiod", "1.28.2", root)).toThrow(
    new Error(
      '"charts" contains neither istiod/Chart.yaml nor istiod-1.28.2.tgz; give a folder with Istio\'s charts, an https:// repository or an oci:// registry',
    ),
  );
});
