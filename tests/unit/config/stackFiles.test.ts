// The program accepts the provided stack files unchanged, if their kubeconfigs exist.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { stackConfig } from "../../../cli/stackConfig.ts";
import { parseConfig } from "../../../config/parse.ts";
import { ofProject } from "../../../config/raw.ts";
import { catalogue } from "../../../i18n/language.ts";
import { ROOT } from "../../root.ts";
import { folder, kubeconfig } from "./fixtures.ts";

const contexts = {
  ncloud: "nks_kr_portal-test-cluster_e50cf226-309b-4c00-8953-a32ff962f8d4",
  nhn: "nks_portal-test-cluster_7132dd1d-2142-45a4-a7b1-1f0ead2fc160",
  kt: "kt-k2p",
};
const example = ["east", "west"];
const all = kubeconfig([...Object.values(contexts), ...example]);
const { HOME } = process.env;
beforeAll(() => {
  const names = [...[1, 2, 3].map((number) => `cluster${number}`), ...example];
  process.env.HOME = folder(Object.fromEntries(names.map((name) => [`.kube/${name}-config`, all])));
});
afterAll(() => {
  process.env.HOME = HOME;
});

const pairings = readdirSync(ROOT).flatMap((name) => /^Pulumi\.((?:ncloud|nhn|kt|-)+)\.yaml$/.exec(name)?.[1] ?? []);

test("there is a file for each pair of the three providers, and for all three", () => {
  expect(pairings.sort()).toEqual(["ncloud-kt", "ncloud-nhn", "ncloud-nhn-kt", "nhn-kt"]);
});

const pulumi = () => Promise.reject(new Error("not needed"));
const world = { stdout: () => {}, stderr: () => {}, env: {}, root: ROOT, pulumi };

test.each(pairings)("Pulumi.%s.yaml is accepted unchanged, with each provider's names", async (stack) => {
  const { clusters, istio, awaitSeconds } = await stackConfig({ stack }, catalogue.en, world);
  const names = stack.split("-") as (keyof typeof contexts)[];
  expect(clusters.map(({ name, csp, context, kubeconfig }) => [name, csp, context, kubeconfig])).toEqual(
    names.map((name, index) => [name, name, contexts[name], `${process.env.HOME}/.kube/cluster${index + 1}-config`]),
  );
  expect(istio.externalGateways).toEqual(
    names.includes("kt") ? [{ network: "kt", cluster: "kt", address: "203.0.113.20" }] : [],
  );
  expect(awaitSeconds).toBe(600);
});

test("Pulumi.example.yaml is accepted unchanged, without a known provider", async () => {
  const { clusters } = await stackConfig({ stack: "example" }, catalogue.en, world);
  expect(clusters.map(({ name, csp }) => [name, csp])).toEqual(example.map((name) => [name, "generic"]));
});

test("each setting in the comments of Pulumi.example.yaml is valid", () => {
  const text = readFileSync(join(ROOT, "Pulumi.example.yaml"), "utf8");
  const proposals = [...text.matchAll(/^# {3}(\{.*\})$/gm)].map(([, fields = ""]) => parse(fields) as object);
  expect(proposals.length).toBeGreaterThan(8);
  const raw = ofProject(parse(text).config) as { clusters: object[] };
  for (const fields of proposals) {
    const [east, west] = raw.clusters;
    expect(() => parseConfig({ ...raw, clusters: [{ ...east, ...fields }, west] }, ROOT)).not.toThrow();
  }
  // Also for settings that are commented out.
  const optional = [...text.matchAll(/^ {6}# (\w+: .*?)(?: {2,}#.*)?$/gm)].map(
    ([, field = ""]) => parse(field) as object,
  );
  expect(optional.length).toBeGreaterThan(5);
  for (const field of optional)
    expect(() =>
      parseConfig({ ...raw, clusters: [{ ...raw.clusters[0], ...field }, raw.clusters[1]] }, ROOT),
    ).not.toThrow();
});
