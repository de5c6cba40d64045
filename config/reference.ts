import { defaultsKo } from "../i18n/configDefaultsKo.ts";
import { descriptionsKo } from "../i18n/configKo.ts";
import { configJsonSchema, type JsonSchema } from "./jsonSchema.ts";

/** One field of the config. */
export interface Field {
  /**
   * Path as in the stack file: `clusters[].name`. A variant is identified by its discriminator: `ca (source:
   * root).key`.
   */
  readonly path: string;
  readonly schema: JsonSchema;
  readonly required: boolean;
}

/** All fields of the config, each before its nested fields. */
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

type Language = "en" | "ko";

const TEXTS = {
  en: {
    title: "Config",
    other: "[한국어](config.ko.md)",
    intro: [
      "Keys of a stack file below `config:`. Editors that know `# yaml-language-server: $schema=schema/Pulumi.stack.schema.json`",
      "complete and check them while you write. `pulumi preview` checks them before anything is created, with all files and",
      "certificates that they name. A field without a default is required. Set secret fields with",
      "`pulumi config set --secret --path FIELD < FILE`; they stay encrypted in the stack file and in the state. Pulumi's own debug logs",
      "(`--debug`, `-v=3` and above) contain all secrets unencrypted: do not keep them.",
    ],
    contents: "Contents",
    columns: ["field", "type", "default", "example", "what it is"],
    secret: ", may be secret",
    likeGateway: "Its other fields are those of [`gateway`](#csp-meshgateway).",
  },
  ko: {
    title: "설정",
    other: "[English](config.md)",
    intro: [
      "스택 파일의 `config:` 아래에 적는 키다. `# yaml-language-server: $schema=schema/Pulumi.stack.schema.json`을 이해하는 편집기는 입력하는 동안",
      "키를 완성하고 검사한다. `pulumi preview`는 아무것도 만들기 전에 모든 키와 거기에 적힌 파일, 인증서를 검사한다. 기본값이 없는 항목은 필수다.",
      "비밀 값은 `pulumi config set --secret --path FIELD < FILE`로 설정하며, 스택 파일과 상태에 암호화되어 저장된다. Pulumi의 디버그 로그(`--debug`,",
      "`-v=3` 이상)에는 모든 비밀 값이 평문으로 들어 있으므로 보관하지 않는다.",
    ],
    contents: "목차",
    columns: ["항목", "형식", "기본값", "예", "설명"],
    secret: ", 암호화 가능",
    likeGateway: "나머지 항목은 [`gateway`](#csp-meshgateway)와 같다.",
  },
} as const;

/** Generates `docs/config.md` and `docs/config.ko.md`: the reference of all fields, with a table for each key. */
export function reference(language: Language = "en"): string {
  const texts = TEXTS[language];
  const all = fields();
  const heads = all.filter(({ path }) => !/[.[( ]/.test(path));
  const sections = heads.map(({ path: key }) => {
    const [head, ...parts] = all.filter(({ path }) => new RegExp(`^${key}(?![A-Za-z])`).test(path));
    const own = parts.filter((part) => !isGatewayTwin(part, all));
    const rows = parts.length > 0 ? own : head ? [head] : [];
    const table = [
      `| ${texts.columns.join(" | ")} |`,
      `|${" --- |".repeat(texts.columns.length)}`,
      ...rows.map((field) => row(field, language)),
    ];
    const description = head && parts.length > 0 ? descriptionOf(head, language) : "";
    const intro = [description, ...(own.length < parts.length && key !== "clusters" ? [texts.likeGateway] : [])];
    return [`## \`csp-mesh:${key}\``, "", ...(description ? [intro.join(" "), ""] : []), ...table].join("\n");
  });
  return [
    "<!-- Written by npm run schema from config/*Schema.ts. -->",
    `# ${texts.title}`,
    "",
    texts.other,
    "",
    ...texts.intro,
    "",
    `${texts.contents}: ${heads.map(({ path }) => `[\`${path}\`](#csp-mesh${path.toLowerCase()})`).join(", ")}.`,
    "",
    sections.join("\n\n"),
    "",
  ].join("\n");
}

/** Whether a field of a cluster's gateway, or of the ingress gateway, is already described at `gateway`. */
function isGatewayTwin({ path, schema }: Field, all: readonly Field[]): boolean {
  const twin = path.replace(/^(clusters\[\]\.gateway|ingress)\./, "gateway.");
  return twin !== path && all.some((field) => field.path === twin && field.schema.description === schema.description);
}

/** The longest suffix of a path that has a Korean text. */
export function koreanKeyOf(path: string): string | undefined {
  for (let rest: string | undefined = path; rest !== undefined; rest = /[.](.*)$/.exec(rest)?.[1]) {
    if (rest in descriptionsKo) return rest;
  }
  return undefined;
}

function descriptionOf({ path, schema }: Field, language: Language): string {
  const korean = language === "ko" ? koreanKeyOf(path) : undefined;
  const description = (korean && descriptionsKo[korean]) ?? schema.description ?? "";
  return path === "clusters[].gateway" ? `${description} ${TEXTS[language].likeGateway}` : description;
}

/** A field's default: its description, and its value as code. */
export function defaultOf({ schema, required }: Field): string {
  if (required) return "required";
  return schema["x-default"] ?? (schema.default === undefined ? "as its parts" : json(schema.default));
}

/** Inserts the release into the one default that contains it. */
const koreanDefault = (english: string) =>
  defaultsKo[english] ??
  english.replace(
    /^the release that the line of `istio.version` was built with; (\S+) for (\S+)$/,
    "`istio.version`의 Istio가 빌드에 쓴 릴리스. $2에서는 $1",
  );

function row(field: Field, language: Language): string {
  const { path, schema } = field;
  const english = defaultOf(field);
  const cells = [
    code(path),
    `${typeOf(schema)}${schema["x-secret"] ? TEXTS[language].secret : ""}`,
    language === "ko" ? koreanDefault(english) : english,
    (schema.examples ?? []).map(json).join(", "),
    descriptionOf(field, language),
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
