import { configJsonSchema, type JsonSchema } from "./jsonSchema.ts";

/** One field of the config. */
export interface Field {
  /** As in the stack file: `clusters[].name`. A variant of an object is named by what tells it apart: `ca (source: root).key`. */
  readonly path: string;
  readonly schema: JsonSchema;
  readonly required: boolean;
}

/** Every field of the config, parents before their parts. */
export function fields(schema: JsonSchema = configJsonSchema(), prefix = ""): Field[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, part]) => {
    const path = prefix === "" ? key : `${prefix}.${key}`;
    return [{ path, schema: part, required: (schema.required ?? []).includes(key) }, ...fields(part, path)];
  });
  const variants = [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])].flatMap((variant) =>
    fields(variant, `${prefix}${discriminator(variant)}`),
  );
  const entries =
    typeof schema.additionalProperties === "object" ? fields(schema.additionalProperties, `${prefix}.*`) : [];
  const items = schema.items ? fields(schema.items, `${prefix}[]`) : [];
  return [...own, ...variants, ...entries, ...items];
}

function discriminator({ properties = {} }: JsonSchema): string {
  const found = Object.entries(properties).find(([, { const: value }]) => value !== undefined);
  return found ? ` (${found[0]}: ${found[1].const})` : "";
}

/** `docs/config.md`: the reference of all fields, a table for each key. */
export function reference(): string {
  const all = fields();
  const sections = all
    .filter(({ path }) => !/[.[( ]/.test(path))
    .map(({ path: key }) => {
      const [head, ...parts] = all.filter(({ path }) => new RegExp(`^${key}(?![A-Za-z])`).test(path));
      const rows = parts.length > 0 ? parts : head ? [head] : [];
      const table = [
        "| field | type | default | example | what it is |",
        "| --- | --- | --- | --- | --- |",
        ...rows.map(row),
      ];
      return [
        `## \`csp-mesh:${key}\``,
        "",
        ...(parts.length > 0 ? [head?.schema.description ?? "", ""] : []),
        ...table,
      ].join("\n");
    });
  return [
    "<!-- Written by npm run schema from config/*Schema.ts. -->",
    "# Config",
    "",
    "Keys of a stack file below `config:`. Editors that know `# yaml-language-server: $schema=schema/Pulumi.stack.schema.json`",
    "complete and check them while you write; `pulumi preview` checks them before anything is created, with all files and",
    "certificates that they name. A field without a default is required. Secret fields are set by",
    "`pulumi config set --secret --path FIELD < FILE` and stay encrypted in the stack file and in the state. Pulumi's own debug logs",
    "(`--debug`, `-v=3` and above) hold all secrets in clear, whatever the program does: keep none of them.",
    "",
    sections.join("\n\n"),
    "",
  ].join("\n");
}

function row({ path, schema, required }: Field): string {
  const cells = [
    code(path),
    `${typeOf(schema)}${schema["x-secret"] ? ", may be secret" : ""}`,
    required
      ? "required"
      : (schema["x-default"] ?? (schema.default === undefined ? "as its parts" : json(schema.default))),
    (schema.examples ?? []).map(json).join(", "),
    schema.description ?? "",
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
}

function typeOf(schema: JsonSchema): string {
  const variants = schema.oneOf ?? schema.anyOf;
  if (schema.const !== undefined) return json(schema.const);
  if (schema.enum) return schema.enum.map(json).join(", ");
  if (variants) return [...new Set(variants.map(typeOf))].join(", ");
  if (schema.type === "array") return "list";
  return schema.type ?? "any";
}

const code = (text: string) => `\`${text}\``;
const json = (value: unknown) =>
  code(typeof value === "string" && value !== "" ? value.replaceAll("\n", "⏎") : JSON.stringify(value));
