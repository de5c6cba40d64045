import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { otherKubernetes, versions } from "../../../lab/toolchain/versions.ts";
import { DEFAULT_ISTIO, gatewayApiManifest, istioLine, istioLines, supports } from "../../../mesh/istioLines.ts";
import { ROOT } from "../../root.ts";

const stackFiles = readdirSync(ROOT).filter((name) => /^Pulumi\..+\.yaml$/.test(name));
const files = [
  ...stackFiles,
  "examples/three-clusters/index.ts",
  "docs/closed-networks.md",
  "docs/closed-networks.ko.md",
];

test.each(files)("%s names the default Istio and its release of the Gateway API", (name) => {
  const text = readFileSync(join(ROOT, name), "utf8");
  const named = [...text.matchAll(/(?:version|tag)(?:: | = "| |.*--version )(1\.\d+\.\d+)/g)].map(
    ([, version]) => version,
  );
  expect(new Set(named)).toEqual(new Set([DEFAULT_ISTIO]));
  for (const [, release] of text.matchAll(/gateway-api\/(?:releases\/download\/)?(v[\d.]+)\//g)) {
    expect(gatewayApiManifest(DEFAULT_ISTIO)).toContain(release);
  }
});

test("the lab runs the default Istio and its Gateway API on a supported Kubernetes", () => {
  const line = istioLine(DEFAULT_ISTIO);
  expect(versions.istio).toBe(DEFAULT_ISTIO);
  expect(`v${versions.gatewayApi}`).toBe(line?.gatewayApi);
  expect(line && supports(line, `v${versions.kubernetes}`)).toBe(true);
});

const read = (name: string) => readFileSync(join(ROOT, name), "utf8");
const pulumiLine = /^\d+\.\d+/.exec(versions.pulumi)?.[0];

test("Pulumi.yaml requires the SDK's line of Pulumi", () => {
  expect(parse(read("Pulumi.yaml")).requiredPulumiVersion).toBe(`>=${pulumiLine}.0 <4.0.0`);
});

const OR_LATER = {
  "README.md": "or later",
  "README.ko.md": "이상",
  "docs/guide.en.md": "or later",
  "docs/guide.ko.md": "이상",
};

test.each(Object.entries(OR_LATER))("%s names the required versions of Pulumi, Node and Istio", (name, orLater) => {
  const text = read(name);
  expect(text).toContain(`${pulumiLine} ${orLater}`);
  expect(text).toContain(`PULUMI_VERSION=${pulumiLine}.0 npx`);
  expect(text).toContain(`--version ${pulumiLine}.0`);
  const { engines, devDependencies } = JSON.parse(read("package.json"));
  expect(text).toMatch(
    new RegExp(`Node(\\.js)? ${devDependencies.node.split(".")[0]} .*${engines.node.replace(">=", "")}`),
  );
  for (const [, node] of text.matchAll(/node-v([\d.]+\d)/g)) expect(node).toBe(devDependencies.node);
  expect(text).toContain(DEFAULT_ISTIO);
});

test.each(["README.md", "README.ko.md"])("%s names the lab's versions of Kubernetes and Go", (name) => {
  const text = read(name);
  for (const version of [versions.kubernetes, ...otherKubernetes]) expect(text).toContain(version);
  expect(text).toContain(`Go ${versions.go.split(".").slice(0, 2).join(".")}`);
});

test.each(["docs/guide.en.md", "docs/guide.ko.md"])("%s has the supported versions of each Istio release", (name) => {
  const rows = [...read(name).matchAll(/^\| (1\.\d+) \| 1\.(\d+)-1\.(\d+) \(.*?(\d{4}-\d\d)/gm)];
  expect(rows.length).toBeGreaterThan(4);
  for (const [, istio = "", first, last, end] of rows) {
    const line = istioLines.find((listed) => listed.istio === istio);
    expect([line?.kubernetes.join(), line?.endOfLife.slice(0, 7)]).toEqual([`${first},${last}`, end]);
  }
});
