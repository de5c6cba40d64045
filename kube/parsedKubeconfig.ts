import { dump, load } from "js-yaml";

const known = new Map<string, unknown>();

/** A kubeconfig's content, not to be changed. Parsed once, whoever asks: each time takes milliseconds. @throws where it is no YAML */
export function parsedKubeconfig(text: string): unknown {
  if (!known.has(text)) known.set(text, parsed(text));
  return known.get(text);
}

/** The text of a kubeconfig, in the form in which it is kept in states and in clusters: another form there would be a change. */
export const kubeconfigText = (config: object): string => dump(config, { quoteStyle: "double" });

function parsed(text: string): unknown {
  try {
    return load(text);
  } catch (error) {
    // The parser's own message quotes the line, which may hold a token or a key.
    const { line } = (error as { mark?: { line?: number } }).mark ?? {};
    throw new Error(`it is no YAML${line === undefined ? "" : ` (line ${line + 1})`}`);
  }
}
