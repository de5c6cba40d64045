import { readFileSync } from "node:fs";
import { boolYaml11Tag, CORE_SCHEMA, dump, load, mergeTag } from "js-yaml";

/** As Kubernetes clients read YAML (sigs.k8s.io/yaml): merge keys, `yes` and `on` are booleans, the last of two equal keys counts. */
const READING = { schema: CORE_SCHEMA.withTags(mergeTag, boolYaml11Tag), json: true } as const;

const known = new Map<string, unknown>();

/**
 * A kubeconfig's content, not to be changed: that of its first YAML document, as for kubectl. Parsed once, whoever asks: each time
 * takes milliseconds.
 *
 * @throws where it is no YAML
 */
export function parsedKubeconfig(text: string): unknown {
  if (!known.has(text)) known.set(text, parsed(text));
  return known.get(text);
}

/** The text of a kubeconfig, in the form in which it is kept in states and in clusters: another form there would be a change. */
export const kubeconfigText = (config: object): string => dump(config, { quoteStyle: "double" });

/** The text of a kubeconfig file. PowerShell's `>` writes UTF-16, which client-go reads, too. @throws the file system's error */
export function readKubeconfig(path: string): string {
  const bytes = readFileSync(path);
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
  return new TextDecoder(encoding).decode(bytes);
}

function parsed(text: string): unknown {
  const document = firstDocument(text);
  if (isBlank(document)) return null;
  if (/^%YAML\s+(?!1\.1\b)/m.test(document)) throw new Error("it is in another version of YAML than 1.1");
  try {
    return load(document, READING);
  } catch (error) {
    // The parser's own message quotes the line, which may hold a token or a key.
    const { line } = (error as { mark?: { line?: number } }).mark ?? {};
    throw new Error(`it is no YAML${line === undefined ? "" : ` (line ${line + 1})`}`);
  }
}

/** Up to the second of the lines that separate documents, where the first one only begins the first document. */
function firstDocument(text: string): string {
  const [separator, next] = text.matchAll(/^(?:---|\.\.\.)(?=\s|$)/gm);
  const end = separator && isBlank(text.slice(0, separator.index)) ? next : separator;
  return text.slice(0, end?.index);
}

/** Whether there are comments and directives alone. */
const isBlank = (part: string) => part.split(/\r?\n/).every((line) => /^\s*(?:[#%].*)?$/.test(line));
