import { expect, test } from "vitest";
import { memoryOf } from "../../../mesh/ciliumSettings.ts";

test("reads Cilium's former settings from the annotation", () => {
  const memory = { former: { "enable-l7-proxy": "true", "cni-exclusive": null }, restart: "7" };
  expect(memoryOf(JSON.stringify(memory))).toEqual(memory);
  expect(memoryOf(undefined)).toBeUndefined();
});

test.each(["{", "null", "7", '{"former":null,"restart":"7"}', '{"former":{}}'])(
  "rejects an annotation that was changed to %s, and names the remedy",
  (text) => {
    expect(() => memoryOf(text)).toThrow(
      /^ConfigMap cilium-config: annotation csp-mesh.io\/istio-settings, .* cannot be read\. Correct it, or remove it/,
    );
  },
);
