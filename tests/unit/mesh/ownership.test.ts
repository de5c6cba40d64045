import { expect, test } from "vitest";
import { FOUND, foundMark, helmOwnership, isOurs, wasFound, withoutMark } from "../../../mesh/ownership.ts";
import { listed } from "../../../provider/istioCrds.ts";

const releaseOf = (name: string, namespace: string) => ({
  metadata: { annotations: { "meta.helm.sh/release-name": name, "meta.helm.sh/release-namespace": namespace } },
});

test.each([
  ["what the program labels", { metadata: { labels: { "app.kubernetes.io/managed-by": "csp-mesh" } } }, true],
  ["what its releases made", releaseOf("istiod", "istio-system"), true],
  ["another release", releaseOf("my-istiod", "istio-system"), false],
  ["a release of the same name elsewhere", releaseOf("istiod", "elsewhere"), false],
  ["what somebody else's tool labels", { metadata: { labels: { "app.kubernetes.io/managed-by": "Helm" } } }, false],
  ["what nobody labels", {}, false],
])("%s is ours: %s", (_, object, ours) => {
  expect(isOurs(object)).toBe(ours);
});

/** Applies a merge patch to metadata like the API server. */
function merged(metadata: Record<string, unknown>, patch: Record<string, Record<string, string | null>>) {
  const part = (name: string): Record<string, string> =>
    Object.fromEntries(
      Object.entries<string | null>({ ...(metadata[name] as Record<string, string>), ...patch[name] }).filter(
        (entry): entry is [string, string] => entry[1] !== null,
      ),
    );
  return { ...metadata, labels: part("labels"), annotations: part("annotations") };
}

test.each([
  { labels: {}, annotations: {} },
  {
    labels: { "app.kubernetes.io/managed-by": "Helm", a: "b" },
    annotations: { "meta.helm.sh/release-name": "theirs" },
  },
])("what was there before gets its former metadata back: %j", (before) => {
  const during = merged(before, foundMark(before, helmOwnership("istio-base")));
  expect(during.annotations["meta.helm.sh/release-name"]).toBe("istio-base");
  expect(during.annotations).toHaveProperty(FOUND);
  expect(wasFound({ metadata: during })).toBe(true);
  expect(merged(during, withoutMark({ metadata: during }))).toEqual(before);
});

test.each(["{", "null", '{"labels":"none","annotations":{}}', '{"labels":{"a":1},"annotations":{}}'])(
  "a mark that was changed to %s is refused with the object and the remedy",
  (mark) => {
    const namespace = { kind: "Namespace", metadata: { name: "shop", annotations: { [FOUND]: mark } } };
    expect(() => withoutMark(namespace)).toThrow(
      /^Namespace shop: annotation csp-mesh.io\/found, .* kubectl annotate --overwrite namespace shop 'csp-mesh.io\/found={"labels":{},"annotations":{}}'$/,
    );
  },
);

test("an error lists twenty names, and the number of the others", () => {
  const names = Array.from({ length: 22 }, (_, i) => `Gateway a/${i}`);
  expect(listed(names.slice(0, 2))).toBe("\n  - Gateway a/0\n  - Gateway a/1");
  expect(listed(names)).toBe(`${listed(names.slice(0, 20))}\n  and 2 more`);
  expect(listed(names.slice(0, 20))).not.toContain("more");
});
