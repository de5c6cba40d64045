import { describe, expect, test } from "vitest";
import { plot } from "../../../bench/plot.ts";
import type { Comparisons } from "../../../bench/result.ts";
import { summarise } from "../../../bench/statistics.ts";

const comparisons: Comparisons = {
  answered: { istioctl: summarise([40, 50, 45]), pulumi: summarise([20, 22.5, 25]), ratio: 0.5 },
  finished: { istioctl: summarise([40]), pulumi: summarise([25]), ratio: 0.625 },
  removed: { istioctl: summarise([60]), pulumi: summarise([30]), ratio: 0.5 },
  unchanged: { pulumi: summarise([4]) },
  again: { pulumi: summarise([3]) },
};
const svg = plot(comparisons, "2 clusters <here> & now");

const values = (pattern: RegExp) => [...svg.matchAll(pattern)].map(([, value]) => value);

describe("the plot", () => {
  test("is one well-formed SVG document, even if the title contains markup", () => {
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" .*<\/svg>\n$/s);
    expect(svg).toContain("<title>2 clusters &lt;here&gt; &amp; now</title>");
    expect(svg.replaceAll(/<(\w+)[^<>]*\/>|<(\w+)[^<>]*>[^<>]*<\/\2>/g, "")).toMatch(/^<svg [^<>]*>\s*<\/svg>\n$/);
  });

  test("has a bar for each median, whose width is proportional to the time", () => {
    const [, ...bars] = values(/<rect [^>]*width="([\d.]+)"/g).map(Number);
    // 60 s, the longest time, has the full width.
    expect(bars).toEqual([450, 225, 400, 250, 600, 300, 40, 30]);
  });

  test("has a dot for each sample and a label for each median", () => {
    expect(
      values(/<circle cx="([\d.]+)"/g)
        .map(Number)
        .slice(0, 6),
    ).toEqual([490, 590, 540, 290, 315, 340]);
    expect(values(/>([\d.]+ s)</g)).toEqual([
      "45.0 s",
      "22.5 s",
      "40.0 s",
      "25.0 s",
      "60.0 s",
      "30.0 s",
      "4.0 s",
      "3.0 s",
    ]);
  });

  test("labels each comparison with its ratio", () => {
    expect(values(/font-weight="bold"[^>]*>([^<]+)</g)).toEqual([
      "from nothing to the first answers in every direction (ratio 0.50)",
      "the same, and every command has ended (ratio 0.63)",
      "from the mesh to the clusters as they were (ratio 0.50)",
      "the first run that changes nothing",
      "the next run that changes nothing",
    ]);
  });

  test("draws nothing outside its view box", () => {
    const [, width = 0, height = 0] = svg.match(/viewBox="0 0 (\d+) (\d+)"/)?.map(Number) ?? [];
    for (const x of values(/ c?x="([\d.]+)"/g).map(Number)) expect(x).toBeLessThan(width);
    for (const y of values(/ c?y="([\d.]+)"/g).map(Number)) expect(y).toBeLessThan(height);
  });
});
