import { readFileSync } from "node:fs";
import { dump, load } from "js-yaml";
import { KUBERNETES_YAML } from "./kubernetesYaml.ts";

const known = new Map<string, unknown>();

/**
 * Content of a kubeconfig's first YAML document (kubectl ignores the others). Do not modify it: the result is cached,
 * because parsing takes milliseconds.
 *
 * @throws Error if the text is no YAML
 */
export function parsedKubeconfig(text: string): unknown {
  if (!known.has(text)) known.set(text, parsed(text));
  return known.get(text);
}

/**
 * The text of a kubeconfig as it is stored in states and in clusters. Changing this format would change these
 * resources.
 */
export const kubeconfigText = (config: object): string => dump(config, { quoteStyle: "double" });

/**
 * The text of a kubeconfig file. Like client-go, it accepts UTF-16, which PowerShell's `>` writes.
 * @throws the file system's error
 */
export function readKubeconfig(path: string): string {
  const bytes = readFileSync(path);
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
  return new TextDecoder(encoding).decode(bytes);
}

function parsed(text: string): unknown {
  if (UNREADABLE.test(text)) throw new Error("it has control characters, or is not in UTF-8");
  const document = /^\s*\{/.test(text) ? firstObject(text) : firstDocument(text);
  if (isBlank(document)) return null;
  if (/^%YAML\s+(?!1\.1\b)/m.test(document)) throw new Error("it is not YAML 1.1");
  try {
    return load(document, KUBERNETES_YAML);
  } catch (error) {
    // The parser's own message quotes the line, which may hold a token or a key.
    const { line } = (error as { mark?: { line?: number } }).mark ?? {};
    throw new Error(`it is not YAML${line === undefined ? "" : ` (line ${line + 1})`}`);
  }
}

/**
 * Characters that YAML excludes, U+FFFD (which replaces bytes that are no UTF-8), and U+0085, which is a line break in
 * YAML 1.1 only.
 */
const UNREADABLE = /[^\t\n\r -~\u00a0-\ud7ff\ue000-\ufffc\u{10000}-\u{10ffff}]/u;

/**
 * The text of the first JSON object; everything behind it is ignored.
 * @throws Error if a text in it has the escape `\/`, which JSON allows and kubectl's YAML parser refuses
 */
function firstObject(text: string): string {
  let depth = 0;
  for (const { 0: part, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[[{}\]]/gs)) {
    if (/^"(?:[^\\]|\\[^/])*\\\//s.test(part)) throw new Error('it has "\\/" in a string; write "/" instead');
    if (part === "{" || part === "[") depth++;
    else if (part.length === 1 && --depth === 0) return text.slice(0, index + 1);
  }
  return text;
}

/**
 * The text before the separator that ends the first document. A separator with only comments before it begins that
 * document.
 */
function firstDocument(text: string): string {
  const [separator, next] = text.matchAll(/^(?:---|\.\.\.)(?=\s|$)/gm);
  const end = separator && isBlank(text.slice(0, separator.index)) ? next : separator;
  return text.slice(0, end?.index);
}

/** Whether the text has only comments and directives. */
const isBlank = (part: string) => part.split(/\r?\n/).every((line) => /^\s*(?:[#%].*)?$/.test(line));
