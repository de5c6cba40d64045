/** Longest value quoted in a message, in characters: enough to recognise it, too short for a pasted kubeconfig. */
const MAX_QUOTED = 80;

/**
 * A value as a message shows it. Never shown: a text of several lines, which may be a key or a kubeconfig with a token,
 * passwords, and who logs in by a URL.
 */
export function quote(value: unknown): string {
  const hide = (key: string, part: unknown) => {
    if (isBlock(part)) return "(text of several lines)";
    return key === PASSWORD ? "(password)" : part;
  };
  const json = (JSON.stringify(value, hide) ?? "nothing").replaceAll(/\/\/[^/\s"]*@/g, "//(login)@");
  return json.length > MAX_QUOTED ? `${json.slice(0, MAX_QUOTED)}…` : json;
}

/** Name of every field that is one. */
export const PASSWORD = "password";

/** Whether a text is a block, such as PEM or the text of a kubeconfig, whether or not its line breaks survived. */
export function isBlock(value: unknown): boolean {
  return typeof value === "string" && /\n|-----BEGIN|\bapiVersion\b/.test(value);
}

/** A text as one word of a shell's command. */
export const inShell = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
