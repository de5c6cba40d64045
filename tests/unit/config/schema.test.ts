import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { generated } from "../../../config/generated.ts";
import { stackFileSchema } from "../../../config/jsonSchema.ts";
import { fields } from "../../../config/reference.ts";
import { ROOT } from "../../root.ts";

const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

const stackFiles = readdirSync(ROOT).filter((name) => /^Pulumi\..+\.yaml$/.test(name));

test.each(Object.entries(generated()))("%s is up to date (npm run schema)", (path, text) => {
  expect(read(path), "run: npm run schema").toBe(text);
});

describe("each field", () => {
  test.each(fields().map((field) => [field.path, field] as const))(
    "%s has a description, examples and a default",
    (_, { schema, required }) => {
      expect(schema.description).toMatch(/^.{8,}$/s);
      expect(schema.examples?.length).toBeGreaterThan(0);
      const parts = Object.keys(schema.properties ?? {}).length + (schema.oneOf?.length ?? 0);
      // An object with fields has no default of its own.
      if (!required && parts === 0) expect([schema.default, schema["x-default"]]).not.toEqual([undefined, undefined]);
    },
  );

  test("is found: nested, optional and alternative ones", () => {
    const paths = fields().map(({ path }) => path);
    expect(paths).toContain("clusters[].kubeconfig.stack");
    expect(paths).toContain("istio.values.istiod");
    expect(paths).toContain("ca (source: generated).rootPathLength");
    expect(paths).toContain("ca (source: intermediates).intermediates.*.key");
  });
});

describe("the schema of a stack file", () => {
  const keys = stackFileSchema().properties?.config;

  test.each(stackFiles)("is referenced by %s, and has its keys", (file) => {
    const text = read(file);
    expect(text.split("\n")[0]).toBe("# yaml-language-server: $schema=schema/Pulumi.stack.schema.json");
    const { config } = parse(text) as { config: Record<string, unknown> };
    for (const key of Object.keys(config).filter((key) => key.startsWith("csp-mesh:"))) {
      expect(Object.keys(keys?.properties ?? {})).toContain(key);
    }
  });

  test("rejects a misspelt key of the program, and ignores other keys", () => {
    const [[pattern, verdict] = []] = Object.entries(keys?.patternProperties ?? {});
    expect(verdict).toBe(false);
    expect(
      ["csp-mesh:cluster", "csp-mesh:clusters", "pulumi:tags"].map((key) => new RegExp(pattern ?? "").test(key)),
    ).toEqual([true, false, false]);
  });

  test("accepts encryption of secrets only", () => {
    const encrypted = JSON.stringify(stackFileSchema()).split('"secure":').length - 1;
    // The kubeconfig and a proxy's URL; the root's key and an intermediate's key; passwords for charts, CRDs,
    // metrics-server and images; a machine's key and password, and the account's key; a new root's key and an
    // intermediate's.
    expect(encrypted).toBe(13);
  });
});

test("no description contains its default twice", () => {
  const descriptions = (part: unknown): string[] =>
    typeof part !== "object" || part === null
      ? []
      : Object.entries(part).flatMap(([key, value]) =>
          key === "description" && typeof value === "string" ? value : descriptions(value),
        );
  const all = descriptions(stackFileSchema());
  expect(all.length).toBeGreaterThan(100);
  expect(all.filter((text) => (text.match(/\bdefault:/gi) ?? []).length > 1)).toEqual([]);
});
