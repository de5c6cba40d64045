import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { labSpec, MAX_CLUSTERS, MAX_SLOT, reservedAddress } from "../../../lab/spec.ts";

const anyLab = fc
  .record({ slot: fc.integer({ min: 0, max: MAX_SLOT }), clusters: fc.integer({ min: 1, max: MAX_CLUSTERS }) })
  .map((options) => labSpec({ ...options, dir: "/lab" }));

describe("labSpec", () => {
  test("gives the first two clusters the names in the guide, including underscores", () => {
    const { clusters } = labSpec({ slot: 0, clusters: 2, dir: "/lab" });
    expect(clusters.map(({ name, kubeconfigName }) => [name, kubeconfigName])).toEqual([
      ["ncloud", "nks_kr_portal-test-cluster_e50cf226-309b-4c00-8953-a32ff962f8d4"],
      ["nhn", "nks_portal-test-cluster_7132dd1d-2142-45a4-a7b1-1f0ead2fc160"],
    ]);
  });

  test("assigns the three providers in turn", () => {
    const providersOf = (count: number) =>
      labSpec({ slot: 0, clusters: count, dir: "/lab" }).clusters.map(({ name, provider, kubeconfigName }) => [
        name,
        provider.csp,
        kubeconfigName,
      ]);
    const [, , third] = providersOf(3);
    expect(third).toEqual(["kt", "kt", "kt-k2p"]);
    expect(providersOf(6)).toEqual([
      ...providersOf(3),
      ["ncloud-2", "ncloud", "nks_kr_portal-test-cluster_e50cf226-309b-4c00-8953-a32ff9620002"],
      ["nhn-2", "nhn", "nks_portal-test-cluster_7132dd1d-2142-45a4-a7b1-1f0ead2f0002"],
      ["kt-2", "kt", "kt-k2p-2"],
    ]);
  });

  test("reserves an address only for a provider without load balancers", () => {
    const { clusters } = labSpec({ slot: 2, clusters: 3, dir: "/lab" });
    expect(clusters.map(reservedAddress)).toEqual([undefined, undefined, "172.30.2.130"]);
  });

  test("gives each cluster its own names, addresses and folders", () => {
    fc.assert(
      fc.property(anyLab, ({ clusters }) => {
        for (const key of [
          "name",
          "kubeconfigName",
          "netns",
          "cable",
          "nodeIp",
          "podRange",
          "serviceRange",
          "dir",
        ] as const) {
          expect(new Set(clusters.map((cluster) => cluster[key])).size).toBe(clusters.length);
        }
        const addresses = clusters.flatMap(({ nodeIp, loadBalancerIps }) => [nodeIp, ...loadBalancerIps]);
        expect(new Set(addresses).size).toBe(addresses.length);
      }),
    );
  });

  test("limits link names to 15 characters, as the kernel does", () => {
    fc.assert(
      fc.property(anyLab, ({ hostLink, clusters }) => {
        for (const name of [hostLink, ...clusters.map(({ cable }) => cable)])
          expect(name.length).toBeLessThanOrEqual(15);
      }),
    );
  });

  test("keeps all addresses in its own range", () => {
    fc.assert(
      fc.property(anyLab, ({ range, hostIp, cloudIp, clusters }) => {
        const prefix = range.replace("0/24", "");
        const addresses = clusters.flatMap(({ nodeIp, loadBalancerIps }) => [nodeIp, ...loadBalancerIps]);
        for (const address of [hostIp, cloudIp, ...addresses]) {
          expect(address.startsWith(prefix)).toBe(true);
          expect(Number(address.slice(prefix.length))).toBeLessThan(255);
        }
      }),
    );
  });

  test.each([0, 7, 1.5])("rejects %s clusters", (clusters) => {
    expect(() => labSpec({ slot: 0, clusters, dir: "/lab" })).toThrow(
      `clusters: ${clusters} is not a whole number from 1 to 6`,
    );
  });

  test("rejects a slot without an address range", () => {
    expect(() => labSpec({ slot: 10, clusters: 2, dir: "/lab" })).toThrow("slot: 10 is not a whole number from 0 to 9");
  });
});
