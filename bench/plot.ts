// Draws the comparisons: a bar for each median, a dot for each sample.
import { BASELINES, type Comparison, type Comparisons, MEASURES, TITLES } from "./result.ts";
import type { Summary } from "./statistics.ts";

const WIDTH = 760;
const LEFT = 90;
const RIGHT = 70;
const BAR = 18;
const GROUP_TITLE = 26;
const GROUP_GAP = 14;
const TOP = 44;
type Bar = Exclude<keyof Comparison, "ratio">;
const COLOURS: Readonly<Record<Bar, string>> = { istioctl: "#8a8f98", empty: "#c3c7cd", pulumi: "#5b4bd6" };

/** An SVG document. @param title one line with what was measured and where */
export function plot(comparisons: Comparisons, title: string): string {
  const groups = MEASURES.map((measure) => {
    const { ratio, ...sides } = comparisons[measure];
    const bars = [...BASELINES, "pulumi" as const].flatMap((side) => {
      const summary = sides[side];
      return summary === undefined ? [] : [{ side, summary }];
    });
    return { heading: `${TITLES[measure]}${ratio === undefined ? "" : ` (ratio ${ratio.toFixed(2)})`}`, bars };
  });
  const longest = Math.max(...groups.flatMap(({ bars }) => bars.map(({ summary }) => summary.max)));
  const x = (seconds: number) => LEFT + (seconds / longest) * (WIDTH - LEFT - RIGHT);

  let y = TOP;
  const parts: string[] = [];
  for (const { heading, bars } of groups) {
    parts.push(text(12, y + 14, heading, 'font-weight="bold"'));
    y += GROUP_TITLE;
    for (const { side, summary } of bars) {
      parts.push(...bar(side, summary, y, x));
      y += BAR + 4;
    }
    y += GROUP_GAP;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" font-family="sans-serif" font-size="13" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${WIDTH}" height="${y}" fill="#ffffff"/>`,
    text(12, 24, title, 'font-size="15"'),
    ...parts,
    "</svg>\n",
  ].join("\n");
}

function bar(side: Bar, { median, max, samples }: Summary, y: number, x: (seconds: number) => number): string[] {
  const middle = y + BAR / 2;
  return [
    text(LEFT - 8, middle + 4, side, 'text-anchor="end"'),
    `<rect x="${LEFT}" y="${y}" width="${round(x(median) - LEFT)}" height="${BAR}" fill="${COLOURS[side]}" fill-opacity="0.75"/>`,
    ...samples.map((sample) => `<circle cx="${round(x(sample))}" cy="${middle}" r="3" fill="#1c1c1c"/>`),
    text(round(x(Math.max(median, max)) + 8), middle + 4, `${median.toFixed(1)} s`),
  ];
}

function text(x: number, y: number, content: string, attributes = ""): string {
  return `<text x="${x}" y="${y}"${attributes && ` ${attributes}`} fill="#1c1c1c">${escapeXml(content)}</text>`;
}

const round = (pixels: number) => Math.round(pixels * 10) / 10;

const escapeXml = (content: string) =>
  content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
