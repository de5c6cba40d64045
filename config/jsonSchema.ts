import * as z from "zod";
import { PROJECT } from "./raw.ts";
import { configSchema } from "./schema.ts";

/** The subset of JSON Schema (draft 7) that the schemas in this folder produce. */
export interface JsonSchema {
  $schema?: string;
  title?: string;
  description?: string;
  type?: string;
  const?: unknown;
  enum?: unknown[];
  default?: unknown;
  examples?: unknown[];
  properties?: Record<string, JsonSchema>;
  patternProperties?: Record<string, JsonSchema | false>;
  additionalProperties?: JsonSchema | boolean;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  "x-default"?: string;
  "x-secret"?: true;
  [keyword: string]: unknown;
}

/** An encrypted value, as `pulumi config set --secret` writes it. */
const ENCRYPTED: JsonSchema = {
  type: "object",
  properties: { secure: { type: "string", description: "Encrypted by pulumi config set --secret." } },
  required: ["secure"],
  additionalProperties: false,
};

/** The schema of the config in a stack file, without the prefix of the keys. */
export function configJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(configSchema, {
    target: "draft-7",
    io: "input",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      const schema = jsonSchema as JsonSchema;
      keepDefaultsOfParts(schema);
      // Zod drops the examples of transformed schemas, because it takes them for results.
      const examples = z.globalRegistry.get(zodSchema)?.examples;
      if (Array.isArray(examples)) schema.examples = examples;
    },
  }) as JsonSchema;
  delete schema.$schema;
  return schema;
}

/** Drop an empty object as default: it only means that its fields have their own defaults. */
function keepDefaultsOfParts(schema: JsonSchema): void {
  const parts = schema.properties ?? schema.oneOf;
  if (parts && JSON.stringify(schema.default) === "{}") delete schema.default;
}

/** Schema of a whole stack file, `Pulumi.STACK.yaml`, for editors. */
export function stackFileSchema(): JsonSchema {
  const { properties = {} } = configJsonSchema();
  const keys = Object.keys(properties);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "A stack of csp-mesh",
    description: "Clusters that become one Istio mesh, and how.",
    type: "object",
    required: ["config"],
    properties: {
      config: {
        type: "object",
        required: [`${PROJECT}:clusters`],
        properties: Object.fromEntries(
          Object.entries(properties).map(([key, schema]) => [`${PROJECT}:${key}`, encryptable(schema)]),
        ),
        // Keys of other providers are allowed. Unknown keys with our prefix are not.
        patternProperties: { [`^${PROJECT}:(?!(${keys.join("|")})$)`]: false },
      },
    },
  };
}

/** The same schema, but values that may be secret may also have the encrypted form. */
function encryptable(schema: JsonSchema): JsonSchema {
  const { "x-secret": secret, ...rest } = walk(schema);
  if (!secret) return rest;
  const { description, default: fallback, examples, ...kind } = rest;
  return { ...about({ description, default: fallback, examples }), anyOf: [...(kind.anyOf ?? [kind]), ENCRYPTED] };
}

function walk(schema: JsonSchema): JsonSchema {
  const { "x-default": _, ...walked } = schema;
  const { properties, additionalProperties, items, anyOf, oneOf } = schema;
  if (properties)
    walked.properties = Object.fromEntries(Object.entries(properties).map(([key, part]) => [key, encryptable(part)]));
  if (typeof additionalProperties === "object") walked.additionalProperties = encryptable(additionalProperties);
  if (items) walked.items = encryptable(items);
  if (anyOf) walked.anyOf = anyOf.map(encryptable);
  if (oneOf) walked.oneOf = oneOf.map(encryptable);
  return schema["x-default"] === undefined
    ? walked
    : { ...walked, description: `${schema.description} Default: ${schema["x-default"]}.` };
}

function about<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}
