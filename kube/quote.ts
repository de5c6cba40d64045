/** Longest value quoted in a message, in characters: enough to recognise it, too short for a pasted kubeconfig. */
const MAX_QUOTED = 80;

/**
 * A value as messages quote it. Never quoted: texts of several lines (a key, or a kubeconfig with a token), passwords,
 * and the user in a URL.
 */
export function quote(value: unknown): string {
  const hide = (key: string, part: unknown) => {
    if (isBlock(part)) return "(text of several lines)";
    return key === PASSWORD ? "(password)" : part;
  };
  const json = (JSON.stringify(value, hide) ?? "nothing")
    .replaceAll(/\/\/[^/\s"]*@/g, "//(login)@")
    // A login before a host without a scheme. A digest may follow an image's tag.
    .replaceAll(/"[^/\s"@]+:[^/\s"@]+@(?!sha256:)/g, '"(login)@');
  return json.length > MAX_QUOTED ? `${json.slice(0, MAX_QUOTED)}…` : json;
}

/** Name of every password field in the config. */
export const PASSWORD = "password";

/** Whether a text is a block, such as PEM or a kubeconfig, even if its line breaks were lost. */
export function isBlock(value: unknown): boolean {
  return typeof value === "string" && /\n|-----BEGIN|\bapiVersion\b/.test(value);
}

/** A text quoted as one word for a shell. */
export const inShell = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
