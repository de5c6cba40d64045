import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Changes,
  type Entries,
  ISTIO_SETTINGS,
  type Memory,
  planPatch,
  planRestore,
} from "../../../hooks/ciliumSettings.ts";

const apply = (data: Entries, changes: Changes): Entries =>
  Object.fromEntries(
    Object.entries({ ...data, ...changes }).filter((entry): entry is [string, string] => entry[1] !== null),
  );
const remember = (former: Changes): Memory => ({ former, restart: "r" });

const nks = { "enable-l7-proxy": "true", ipam: "cluster-pool" };
const nksFormer = { "bpf-lb-sock-hostns-only": null, "cni-exclusive": null, "enable-l7-proxy": "true" };

describe("patching", () => {
  test.each([
    ["what NKS ships: two settings are absent", nks, undefined, ISTIO_SETTINGS, nksFormer],
    [
      "only what differs",
      { ...ISTIO_SETTINGS, "cni-exclusive": "true" },
      undefined,
      { "cni-exclusive": "false" },
      { "cni-exclusive": "true" },
    ],
    ["nothing where all is set", ISTIO_SETTINGS, undefined, {}, {}],
    ["nothing a second time", { ...nks, ...ISTIO_SETTINGS }, nksFormer, {}, nksFormer],
    ["again what was put back", nks, nksFormer, ISTIO_SETTINGS, nksFormer],
    [
      "also a key that needed no change before",
      { ...ISTIO_SETTINGS, "cni-exclusive": "true" },
      { "enable-l7-proxy": "true" },
      { "cni-exclusive": "false" },
      { "enable-l7-proxy": "true", "cni-exclusive": "true" },
    ],
  ] as const)("changes %s", (_, data, memory, changes, former) => {
    expect(planPatch(data, memory && remember(memory))).toEqual({ changes, former, foreign: [] });
  });

  test("reports what somebody else has set, or removed, and keeps their former values", () => {
    const { "enable-l7-proxy": _, ...without } = { ...nks, ...ISTIO_SETTINGS };
    expect(planPatch({ ...without, "cni-exclusive": "partly" }, remember(nksFormer))).toEqual({
      changes: {},
      former: nksFormer,
      foreign: [
        'cni-exclusive is "partly", set by somebody else since: left alone; Istio needs "false", before it was absent',
        'enable-l7-proxy is absent, set by somebody else since: left alone; Istio needs "false", before it was "true"',
      ],
    });
  });
});

describe("restoring", () => {
  test.each([
    ["back to what NKS ships", { ...nks, ...ISTIO_SETTINGS }, nksFormer, nksFormer],
    ["nothing that is back already", nks, nksFormer, {}],
    ["no key that was not changed", ISTIO_SETTINGS, { "cni-exclusive": "true" }, { "cni-exclusive": "true" }],
  ] as const)("changes %s", (_, data, former, changes) => {
    expect(planRestore(data, remember(former))).toEqual({ changes, foreign: [] });
  });

  test("reports what somebody else has set and leaves it", () => {
    expect(planRestore({ ...ISTIO_SETTINGS, "enable-l7-proxy": "maybe" }, remember(nksFormer))).toEqual({
      changes: { "bpf-lb-sock-hostns-only": null, "cni-exclusive": null },
      foreign: ['enable-l7-proxy is "maybe", set by somebody else since: left alone; before the mesh it was "true"'],
    });
  });
});

// Values that meet ours often, and keys of ours among others.
const value = fc.constantFrom("true", "false", "other");
const data = fc.dictionary(fc.constantFrom(...Object.keys(ISTIO_SETTINGS), "ipam", "cluster-id"), value);

describe("whatever the settings are", () => {
  test("after patching Istio has what it needs, and restoring gives back exactly what was there", () => {
    fc.assert(
      fc.property(data, (before) => {
        const { changes, former } = planPatch(before, undefined);
        const patched = apply(before, changes);
        expect(patched).toMatchObject(ISTIO_SETTINGS);
        expect(apply(patched, planRestore(patched, remember(former)).changes)).toEqual(before);
      }),
    );
  });

  test("what others set to neither our value nor the former one is never overwritten", () => {
    fc.assert(
      fc.property(data, data, (before, now) => {
        const { former } = planPatch(before, undefined);
        const memory = remember(former);
        for (const plan of [planPatch(now, memory), planRestore(now, memory)]) {
          for (const key of Object.keys(plan.changes).filter((changed) => changed in memory.former)) {
            expect([ISTIO_SETTINGS[key], before[key]]).toContain(now[key]);
          }
        }
      }),
    );
  });

  test("patching what is patched changes nothing", () => {
    fc.assert(
      fc.property(data, (before) => {
        const { changes, former } = planPatch(before, undefined);
        expect(planPatch(apply(before, changes), remember(former))).toEqual({ changes: {}, former, foreign: [] });
      }),
    );
  });
});
