import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Changes,
  type Entries,
  ISTIO_SETTINGS,
  planPatch,
  planRestore,
  planWords,
} from "../../../mesh/ciliumSettings.ts";

const apply = (data: Entries, changes: Changes): Entries =>
  Object.fromEntries(
    Object.entries({ ...data, ...changes }).filter((entry): entry is [string, string] => entry[1] !== null),
  );

const nks = { "enable-l7-proxy": "true", ipam: "cluster-pool" };
const nksFormer = { "bpf-lb-sock-hostns-only": null, "cni-exclusive": null, "enable-l7-proxy": "true" };

describe("patching", () => {
  test.each([
    ["the default of NKS, which lacks two settings", nks, undefined, ISTIO_SETTINGS, nksFormer],
    [
      "only what differs",
      { ...ISTIO_SETTINGS, "cni-exclusive": "true" },
      undefined,
      { "cni-exclusive": "false" },
      { "cni-exclusive": "true" },
    ],
    ["nothing if all settings are right", ISTIO_SETTINGS, undefined, {}, {}],
    ["nothing a second time", { ...nks, ...ISTIO_SETTINGS }, nksFormer, {}, nksFormer],
    ["settings again that were changed back", nks, nksFormer, ISTIO_SETTINGS, nksFormer],
    [
      "a key that needed no change before",
      { ...ISTIO_SETTINGS, "cni-exclusive": "true" },
      { "enable-l7-proxy": "true" },
      { "cni-exclusive": "false" },
      { "enable-l7-proxy": "true", "cni-exclusive": "true" },
    ],
  ] as const)("changes %s", (_, data, memory, changes, former) => {
    expect(planPatch(data, memory)).toEqual({ changes, former, foreign: {} });
  });

  test("reports changes by others without overwriting them, and keeps the former values", () => {
    const { "enable-l7-proxy": _, ...without } = { ...nks, ...ISTIO_SETTINGS };
    expect(planPatch({ ...without, "cni-exclusive": "partly" }, nksFormer)).toEqual({
      changes: {},
      former: nksFormer,
      foreign: {
        "cni-exclusive":
          'cni-exclusive is "partly", changed outside this stack, and stays so; Istio needs "false", before the mesh it was absent',
        "enable-l7-proxy":
          'enable-l7-proxy is absent, changed outside this stack, and stays so; Istio needs "false", before the mesh it was "true"',
      },
    });
  });
});

describe("a key that the config leaves alone", () => {
  const leave = ["enable-l7-proxy"];
  const { "enable-l7-proxy": _, ...rest } = ISTIO_SETTINGS;
  const { "enable-l7-proxy": __, ...restFormer } = nksFormer;

  test("is not changed", () => {
    expect(planPatch(nks, undefined, leave)).toEqual({ changes: rest, former: restFormer, foreign: {} });
  });

  test("is restored to its former value, which is then forgotten", () => {
    const plan = planPatch({ ...nks, ...ISTIO_SETTINGS }, nksFormer, leave);
    expect(plan).toEqual({ changes: { "enable-l7-proxy": "true" }, former: restFormer, foreign: {} });
  });

  test("is not restored if it was changed outside this stack", () => {
    const plan = planPatch({ ...ISTIO_SETTINGS, "enable-l7-proxy": "maybe" }, nksFormer, leave);
    expect(plan).toMatchObject({ changes: {}, former: restFormer, foreign: { "enable-l7-proxy": expect.anything() } });
  });
});

test("describes a plan in one line, or not at all if nothing changes", () => {
  const data = { ...ISTIO_SETTINGS, "enable-l7-proxy": "true" };
  expect(planWords(data, planPatch(data))).toBe('cilium-config: enable-l7-proxy "true" -> "false", one restart');
  expect(planWords(nks, planPatch(nks))).toBe(
    'cilium-config: bpf-lb-sock-hostns-only absent -> "true", cni-exclusive absent -> "false", ' +
      'enable-l7-proxy "true" -> "false", one restart',
  );
  expect(planWords(ISTIO_SETTINGS, planPatch(ISTIO_SETTINGS))).toBeUndefined();
});

describe("restoring", () => {
  test.each([
    ["all keys back to the default of NKS", { ...nks, ...ISTIO_SETTINGS }, nksFormer, nksFormer],
    ["nothing if the former values are back", nks, nksFormer, {}],
    ["only keys that the program changed", ISTIO_SETTINGS, { "cni-exclusive": "true" }, { "cni-exclusive": "true" }],
  ] as const)("changes %s", (_, data, former, changes) => {
    expect(planRestore(data, former)).toEqual({ changes, foreign: {} });
  });

  test("reports changes by others without overwriting them", () => {
    expect(planRestore({ ...ISTIO_SETTINGS, "enable-l7-proxy": "maybe" }, nksFormer)).toEqual({
      changes: { "bpf-lb-sock-hostns-only": null, "cni-exclusive": null },
      foreign: {
        "enable-l7-proxy":
          'enable-l7-proxy is "maybe", changed outside this stack, and stays so; before the mesh it was "true"',
      },
    });
  });
});

// Includes values that equal the program's, and keys from its settings.
const value = fc.constantFrom("true", "false", "other");
const data = fc.dictionary(fc.constantFrom(...Object.keys(ISTIO_SETTINGS), "ipam", "cluster-id"), value);

describe("for any settings", () => {
  test("patching gives Istio's settings, and restoring gives back the original", () => {
    fc.assert(
      fc.property(data, (before) => {
        const { changes, former } = planPatch(before, undefined);
        const patched = apply(before, changes);
        expect(patched).toMatchObject(ISTIO_SETTINGS);
        expect(apply(patched, planRestore(patched, former).changes)).toEqual(before);
      }),
    );
  });

  test("a value changed by others is never overwritten", () => {
    fc.assert(
      fc.property(data, data, (before, now) => {
        const { former } = planPatch(before, undefined);
        for (const plan of [planPatch(now, former), planRestore(now, former)]) {
          for (const key of Object.keys(plan.changes).filter((changed) => changed in former)) {
            expect([ISTIO_SETTINGS[key], before[key]]).toContain(now[key]);
          }
        }
      }),
    );
  });

  test("patching twice changes nothing", () => {
    fc.assert(
      fc.property(data, (before) => {
        const { changes, former } = planPatch(before, undefined);
        expect(planPatch(apply(before, changes), former)).toEqual({ changes: {}, former, foreign: {} });
      }),
    );
  });
});
