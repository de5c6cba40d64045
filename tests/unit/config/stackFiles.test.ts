// The stack files that people start from, as they are: with kubeconfigs where they name them, the program takes them.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stackConfig } from "../../../cli/stackConfig.ts";
import { catalogue } from "../../../i18n/language.ts";
import { folder, kubeconfig } from "./fixtures.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const contexts = {
  ncloud: "nks_kr_portal-test-cluster_e50cf226-309b-4c00-8953-a32ff962f8d4",
  nhn: "nks_portal-test-cluster_7132dd1d-2142-45a4-a7b1-1f0ead2fc160",
  kt: "kt-k2p",
};
const all = kubeconfig(Object.values(contexts));
const { HOME } = process.env;
beforeAll(() => {
  process.env.HOME = folder(Object.fromEntries([1, 2, 3].map((number) => [`.kube/cluster${number}-config`, all])));
});
afterAll(() => {
  process.env.HOME = HOME;
});

const pairings = readdirSync(ROOT).flatMap((name) => /^Pulumi\.((?:ncloud|nhn|kt|-)+)\.yaml$/.exec(name)?.[1] ?? []);

test("there is one for each pairing of the three providers, and for all of them", () => {
  expect(pairings.sort()).toEqual(["ncloud-kt", "ncloud-nhn", "ncloud-nhn-kt", "nhn-kt"]);
});

test.each(pairings)("Pulumi.%s.yaml is taken as it is, with each provider's own names", async (stack) => {
  const pulumi = () => Promise.reject(new Error("not needed"));
  const world = { stdout: () => {}, stderr: () => {}, env: {}, root: ROOT, pulumi };
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
