// YAML as Kubernetes clients read it (sigs.k8s.io/yaml, based on gopkg.in/yaml.v2): `yes` and `on` are booleans, the
// last of two equal keys counts, and a merge key (`<<`) inserts the merged keys at its position.
import { boolYaml11Tag, CORE_SCHEMA, defineMappingTag, defineScalarTag, mapTag, NOT_RESOLVED } from "js-yaml";

const MERGED = Symbol("<<");
const merge = defineScalarTag("tag:csp-mesh.io:merge", {
  implicit: true,
  implicitFirstChars: ["<"],
  resolve: (source) => (source === "<<" ? MERGED : NOT_RESOLVED),
  identify: () => false,
});

type Table = Record<string, unknown>;

const map = defineMappingTag<Table>("tag:yaml.org,2002:map", {
  ...mapTag,
  addPair: (table, key, value) => {
    if (key === null) return "a key is null";
    if (key !== MERGED) return mapTag.addPair(table, key, value);
    // In a list of merged mappings, earlier ones take precedence.
    const sources = Array.isArray(value) ? value.toReversed() : [value];
    if (sources.some((source) => typeof source !== "object" || source === null || Array.isArray(source)))
      return "a merge key needs a map";
    Object.assign(table, ...sources);
    return "";
  },
});

const NUMBER = /^[-+]?(?:0x[\da-f]+|0o[0-7]+|0b[01]+|(?:\.\d+|\d+(?:\.\d*)?)(?:e[-+]?\d+)?)$/i;
const NO_JSON = /^(?:[-+]?\.inf|\.nan)$/i;

/**
 * Recognises numbers only; their exact value does not matter. Clients convert YAML to JSON, so numbers that JSON lacks
 * are refused.
 */
const number = defineScalarTag("tag:yaml.org,2002:int", {
  implicit: true,
  resolve: (source) => {
    if (NO_JSON.test(source)) throw new Error("JSON has no such number");
    return NUMBER.test(source.replaceAll(/(?<=\d\w*)_/g, "")) ? Number.parseFloat(source) : NOT_RESOLVED;
  },
  identify: () => false,
});

const binary = defineScalarTag("tag:yaml.org,2002:binary", {
  resolve: (source) => Buffer.from(source, "base64").toString(),
  identify: () => false,
});

export const KUBERNETES_YAML = {
  schema: CORE_SCHEMA.withTags(merge, map, number, binary, boolYaml11Tag),
  json: true,
} as const;
