import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { versions } from "../../../lab/toolchain/versions.ts";
import { DEFAULT_ISTIO, gatewayApiManifest, istioLine, supports } from "../../../mesh/istioLines.ts";
import { ROOT } from "../../root.ts";

const stackFiles = readdirSync(ROOT).filter((name) => /^Pulumi\..+\.yaml$/.test(name));
const files = [...stackFiles, "examples/three-clusters/index.ts", "docs/closed-networks.md"];

test.each(files)("%s names the default Istio, with its Gateway API", (name) => {
  const text = readFileSync(join(ROOT, name), "utf8");
  const named = [...text.matchAll(/(?:version|tag)(?:: | = "| |.*--version )(1\.\d+\.\d+)/g)].map(
    ([, version]) => version,
  );
  expect(new Set(named)).toEqual(new Set([DEFAULT_ISTIO]));
  for (const [, release] of text.matchAll(/gateway-api\/(?:releases\/download\/)?(v[\d.]+)\//g)) {
    expect(gatewayApiManifest(DEFAULT_ISTIO)).toContain(release);
  }
});

test("the lab runs the default Istio, with its Gateway API, on a Kubernetes that it supports", () => {
  const line = istioLine(DEFAULT_ISTIO);
  expect(versions.istio).toBe(DEFAULT_ISTIO);
  expect(`v${versions.gatewayApi}`).toBe(line?.gatewayApi);
  expect(line && supports(line, `v${versions.kubernetes}`)).toBe(true);
});

test("Pulumi.yaml and the documents ask for the Pulumi of the SDK", () => {
  const read = (name: string) => readFileSync(join(ROOT, name), "utf8");
  const [line] = /^\d+\.\d+/.exec(versions.pulumi) ?? [];
  expect(parse(read("Pulumi.yaml")).requiredPulumiVersion).toBe(`>=${line}.0 <4.0.0`);
  for (const [name, words] of [
    ["README.md", `${line} or later`],
    ["docs/guide.en.md", `${line} or later`],
    ["docs/guide.ko.md", `${line} 이상`],
  ] as const) {
    expect(read(name)).toContain(words);
    expect(read(name)).toContain(`PULUMI_VERSION=${line}.0 npx`);
  }
});
