import type { V1CustomResourceDefinition } from "@kubernetes/client-node";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { compareReleases, INSTALLED, planInstall } from "../../../mesh/gatewayApiPlan.ts";
import { readCrds } from "../../../provider/gatewayApiManifest.ts";
import { folder } from "../config/fixtures.ts";

function crd(plural: string, release: string | undefined, label?: string): V1CustomResourceDefinition {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
      name: `${plural}.gateway.networking.k8s.io`,
      annotations: release === undefined ? {} : { "gateway.networking.k8s.io/bundle-version": release },
      labels: label === undefined ? {} : { [INSTALLED]: label },
    },
    spec: { group: "gateway.networking.k8s.io", names: { kind: plural, plural }, scope: "Namespaced", versions: [] },
  };
}

const wanted = [crd("gateways", "v1.2.1"), crd("httproutes", "v1.2.1")];
const plan = (...live: V1CustomResourceDefinition[]) => {
  const { steps, notice } = planInstall(wanted, live);
  return { steps: steps.map(({ step }) => step), notice };
};

describe("a cluster", () => {
  test.each([
    ["without CRDs: all are created", [], ["create", "create"], undefined],
    [
      "after an interrupted run: the missing ones are created",
      [crd("gateways", "v1.2.1", "v1.2.1")],
      ["keep", "create"],
      undefined,
    ],
    [
      "with the program's older release: it is replaced",
      [crd("gateways", "v1.1.0", "v1.1.0"), crd("httproutes", "v1.2.1", "v1.2.1")],
      ["replace", "keep"],
      undefined,
    ],
    [
      "with the program's newer release: it stays",
      [crd("gateways", "v1.10.0", "v1.10.0"), crd("httproutes", "v1.10.0", "v1.10.0")],
      [],
      "the cluster has Gateway API v1.10.0, newer than v1.2.1, which stays unchanged",
    ],
    [
      "with a provider's newer release: it stays",
      [crd("gateways", "v1.4.0"), crd("httproutes", "v1.4.0")],
      [],
      "the cluster has Gateway API v1.4.0 (2 of 2 kinds), which stays unchanged",
    ],
    [
      "with a provider's older release: it stays",
      [crd("gateways", "v0.8.0")],
      [],
      "the cluster has Gateway API v0.8.0 (1 of 2 kinds), which stays unchanged",
    ],
    [
      "with a CRD without a release: it stays",
      [crd("gateways", undefined)],
      [],
      "the cluster has Gateway API v0 (1 of 2 kinds), which stays unchanged",
    ],
    [
      "with another release installed over the program's: it stays",
      [crd("gateways", "v1.1.0", "v1.0.0")],
      [],
      "the cluster has Gateway API v1.1.0 (1 of 2 kinds), which stays unchanged",
    ],
  ] as const)("%s", (_, live, steps, notice) => {
    expect(plan(...live)).toEqual({ steps, notice });
  });
});

test.each([
  ["v1.2.1", "v1.2.1", 0],
  ["v1.2.1", "v1.10.0", -1],
  ["v1.3.0-rc.1", "v1.3.0", -1],
  ["v1.3.0", "v1.3.0-rc.2", 1],
  ["v1.3.0-rc.2", "v1.3.0-rc.10", -1],
  ["v1.3.0-rc.1", "v1.2.1", 1],
  ["v0", "v0.8.0", -1],
])("orders %s and %s: %d", (a, b, order) => {
  expect(Math.sign(compareReleases(a, b))).toBe(order);
  expect(Math.sign(compareReleases(b, a)) + order).toBe(0);
});

describe("a source", () => {
  const policy = { kind: "ValidatingAdmissionPolicy", metadata: { name: "safe-upgrades.gateway.networking.k8s.io" } };
  const other = { ...crd("widgets", "v1"), spec: { ...crd("widgets", "v1").spec, group: "example.com" } };

  test("may be a file, from which only CRDs are used", async () => {
    const root = folder({
      "install.yaml": ["# comment\n", ...[policy, ...wanted, other].map((o) => stringify(o))].join("---\n"),
    });
    expect(await readCrds(`${root}/install.yaml`)).toEqual(wanted);
  });

  test("may be a folder", async () => {
    const root = folder({ "a.yaml": stringify(wanted[0]), "b.yml": stringify(wanted[1]), "README.md": "# nothing" });
    expect((await readCrds(root)).toSorted((a, b) => a.spec.names.plural.localeCompare(b.spec.names.plural))).toEqual(
      wanted,
    );
  });

  test("that cannot be downloaded is an error", async () => {
    await expect(readCrds("https://127.0.0.1:59999/install.yaml")).rejects.toThrow(
      new Error(
        "https://127.0.0.1:59999/install.yaml cannot be read (connect ECONNREFUSED 127.0.0.1:59999); " +
          "set gatewayApi.source to a URL or path that this machine can read, or to none; gatewayApi.access has its login and CA",
      ),
    );
  });

  test("that is cut off is an error", async () => {
    const root = folder({
      "a.yaml": stringify(wanted[0]),
      "b.yaml": `${stringify(wanted[1])}  conversion: {strategy: No`,
    });
    await expect(readCrds(root)).rejects.toThrow(/^\/.*\/b\.yaml is not a YAML manifest: [a-z ]+ \(\d+:\d+\)$/);
  });

  test("without CRDs is an error", async () => {
    const root = folder({ "a.yaml": stringify(policy) });
    await expect(readCrds(root)).rejects.toThrow(
      new Error(
        `${root} holds no CustomResourceDefinition of gateway.networking.k8s.io; set gatewayApi.source to a release's standard-install.yaml`,
      ),
    );
  });
});
