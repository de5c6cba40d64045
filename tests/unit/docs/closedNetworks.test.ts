// The checklists name exactly the program's downloads, in the right versions.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { versions } from "../../../lab/toolchain/versions.ts";
import { DEFAULT_ISTIO } from "../../../mesh/istioLines.ts";
import { ROOT } from "../../root.ts";

const read = (name: string) => readFileSync(join(ROOT, name), "utf8");
const manifest = JSON.parse(read("package.json"));
const PAGES = ["docs/closed-networks.md", "docs/closed-networks.ko.md"] as const;
const PLUGINS = ["kubernetes", "tls", "random", "command"] as const;

describe.each(PAGES)("%s", (page) => {
  const text = read(page);

  test.each(PLUGINS)("names the plugin %s in the version of its SDK everywhere", (plugin) => {
    const version = manifest.dependencies[`@pulumi/${plugin}`];
    const named = [
      ...text.matchAll(new RegExp(`(?:${plugin}-v|resource ${plugin} |\`${plugin}\`.*?\\| )(\\d+\\.\\d+\\.\\d+)`, "g")),
    ];
    expect(named.length).toBeGreaterThanOrEqual(3);
    for (const [, found] of named) expect(found).toBe(version);
  });

  test("names the required versions of Node, Pulumi, Istio and metrics-server", () => {
    expect(text).toContain(`| Node.js | ${manifest.devDependencies.node} `);
    expect(text).toContain(manifest.engines.node.replace(">=", ""));
    expect(text).toContain(`| Pulumi CLI | ${versions.pulumi} |`);
    expect(text).toContain(`pulumi-v${versions.pulumi}-`);
    for (const [, version] of text.matchAll(/istio\/(?:pilot|proxyv2):([\d.]+\d)/g))
      expect(version).toBe(DEFAULT_ISTIO);
    for (const [, version] of text.matchAll(/metrics-server\/releases\/download\/v([\d.]+\d)/g))
      expect(version).toBe(versions.metricsServer);
  });

  test("copies every image in the stack file", () => {
    const copied = /for IMAGE in (.*?); do/s.exec(text)?.[1]?.split(/[\s\\]+/) ?? [];
    const named = [...text.matchAll(/: registry\.example\/(\S+:\S+)/g)].map(([, image = ""]) => image);
    expect(named.length).toBe(4);
    expect(copied).toEqual(
      expect.arrayContaining([...named, `istio/pilot:${DEFAULT_ISTIO}`, `istio/proxyv2:${DEFAULT_ISTIO}`]),
    );
  });
});

test("both checklists have the same commands, and the same number of table rows in each section", () => {
  const [english, korean] = PAGES.map(read) as [string, string];
  const commands = (text: string) => [...text.matchAll(/^```sh\n.*?^```/gms)].map(String);
  expect(commands(korean)).toEqual(commands(english));
  const rows = (text: string) => text.split(/^##+ /m).map((section) => section.match(/^\| /gm)?.length);
  expect(rows(korean)).toEqual(rows(english));
});
