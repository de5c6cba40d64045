import { expect, test } from "vitest";
import { FOUND, foundMark, helmOwnership, isOurs, wasFound, withoutMark } from "../../../mesh/ownership.ts";
import { listed } from "../../../provider/istioCrds.ts";

const releaseOf = (name: string, namespace: string) => ({
  metadata: { annotations: { "meta.helm.sh/release-name": name, "meta.helm.sh/release-namespace": namespace } },
});

test.each([
  [
    "an object with the program's label",
    { metadata: { labels: { "app.kubernetes.io/managed-by": "csp-mesh" } } },
    true,
  ],
  ["an object of its Helm release", releaseOf("istiod", "istio-system"), true],
  ["an object of another Helm release", releaseOf("my-istiod", "istio-system"), false],
  ["an object of a release with the same name in another namespace", releaseOf("istiod", "elsewhere"), false],
  ["an object with another tool's label", { metadata: { labels: { "app.kubernetes.io/managed-by": "Helm" } } }, false],
  ["an object without labels", {}, false],
])("%s belongs to the program: %s", (_, object, ours) => {
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
])("restores the former metadata of an existing object: %j", (before) => {
  const during = merged(before, foundMark(before, helmOwnership("istio-base")));
  expect(during.annotations["meta.helm.sh/release-name"]).toBe("istio-base");
  expect(during.annotations).toHaveProperty(FOUND);
  expect(wasFound({ metadata: during })).toBe(true);
  expect(merged(during, withoutMark({ metadata: during }))).toEqual(before);
});

test.each(["{", "null", '{"labels":"none","annotations":{}}', '{"labels":{"a":1},"annotations":{}}'])(
  "rejects a mark that was changed to %s, and names the object and the remedy",
  (mark) => {
    const namespace = { kind: "Namespace", metadata: { name: "shop", annotations: { [FOUND]: mark } } };
    expect(() => withoutMark(namespace)).toThrow(
      /^Namespace shop: annotation csp-mesh.io\/found, .* kubectl annotate --overwrite namespace shop 'csp-mesh.io\/found={"labels":{},"annotations":{}}'$/,
    );
  },
);

test("an error lists twenty names, and the number of further ones", () => {
  const names = Array.from({ length: 22 }, (_, i) => `Gateway a/${i}`);
  expect(listed(names.slice(0, 2))).toBe("\n  - Gateway a/0\n  - Gateway a/1");
  expect(listed(names)).toBe(`${listed(names.slice(0, 20))}\n  and 2 more`);
  expect(listed(names.slice(0, 20))).not.toContain("more");
});
