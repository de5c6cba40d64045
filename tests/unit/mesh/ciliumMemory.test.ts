import { expect, test } from "vitest";
import { memoryOf } from "../../../mesh/ciliumSettings.ts";

test("Cilium's former settings are read from their annotation", () => {
  const memory = { former: { "enable-l7-proxy": "true", "cni-exclusive": null }, restart: "7" };
  expect(memoryOf(JSON.stringify(memory))).toEqual(memory);
  expect(memoryOf(undefined)).toBeUndefined();
});

test.each(["{", "null", "7", '{"former":null,"restart":"7"}', '{"former":{}}'])(
  "an annotation that was changed to %s is refused with the remedy",
  (text) => {
    expect(() => memoryOf(text)).toThrow(
      /^ConfigMap cilium-config: annotation csp-mesh.io\/istio-settings, .* cannot be read\. Correct it, or remove it/,
    );
  },
);
