// Makes text from servers and commands safe to print: it could move the terminal's cursor, hide words or contain
// credentials.

/** Longest text shown, in characters. */
const LONGEST = 1_000;
/** Longest text that is processed, in characters, because a server may send megabytes. */
const READ = 16 * LONGEST;

/** Escape sequences of terminals: CSI and OSC, such as colours and titles, then all others of two characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const ESCAPES = /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?|\x1b[ -~]/g;
/**
 * Control and format characters (such as bidi overrides and zero-width characters), line and paragraph separators,
 * unpaired surrogates.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

const LOGIN = /\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#"']*@/gi;
const HEADER = /(\bauthorization["']?[:=]?\s*["']?(?:bearer|basic)\s+)[^\s"',;]+/gi;
/** Keep phrases such as "Bearer token" and "Bearer authentication". */
const BEARER = /(\b(?:bearer|basic)\s+)(?=[^\s"',;]*\d|[^\s"',;]{16})[\w.~+/=-]+/gi;
const JWT = /\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)*/g;
const PARAMETER = /([?&](?:[\w-]*token|password|signature|x-amz-signature|sig)=)[^&\s"']+/gi;
/** Credential fields, such as those of an ExecCredential. Keep phrases such as "token: expired". */
const FIELD =
  /(\b(?:[\w-]*token|password|client-?key(?:-?data)?)["']?\s*[:=]\s*["']?)(?!\*)(?=[^\s"',;&]*\d|[^\s"',;&]{16})[^\s"',;&]+/gi;
/** A line of a PEM key, or of other encoded data. */
const BASE64 = /^[A-Za-z0-9+/=]{40,}$/;

const MASK = "***";

/** The text in one line of at most `longest` characters, without control characters and credentials. */
export function shown(text: string, longest = LONGEST): string {
  const line = harmless(text.slice(0, READ).replace(ESCAPES, "").replace(/\s+/g, " ")).trim();
  const letters = line.length > longest ? [...line] : [];
  return letters.length > longest ? `${letters.slice(0, longest - 1).join("")}…` : line;
}

/** The same for a message of several lines, which stay separate. */
export function shownLines(text: string): string {
  return text
    .replace(ESCAPES, "")
    .split(/\r?\n/)
    .map((line) => harmless(line.replace(/\t/g, " ")))
    .join("\n");
}

/** A value in which every text is made safe to print, one line each. Names of fields stay. */
export function shownIn<Value>(value: Value): Value {
  if (typeof value === "string") return shown(value) as Value;
  if (Array.isArray(value)) return value.map(shownIn) as Value;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, shownIn(part)])) as Value;
}

function harmless(line: string): string {
  return line
    .replace(UNSEEN, "")
    .replace(LOGIN, `$1${MASK}@`)
    .replace(HEADER, `$1${MASK}`)
    .replace(BEARER, `$1${MASK}`)
    .replace(JWT, MASK)
    .replace(PARAMETER, `$1${MASK}`)
    .replace(FIELD, `$1${MASK}`);
}

/** The first word of a command: the rest may be arguments with a token, although a kubeconfig has a list for them. */
export function commandName(command: string): string {
  const [name = "", rest] = command.trim().split(/\s+/, 2);
  return rest === undefined ? shown(name) : `${shown(name)} …`;
}

/** The last lines of an output, each made safe to print. */
export function lastLines(text: string, lines = 5): string[] {
  const all = text.slice(-READ).split(/[\r\n]+/);
  return all
    .map((line) => (BASE64.test(line.trim()) ? MASK : shown(line, 300)))
    .filter((line) => line !== "")
    .slice(-lines);
}

/**
 * Whether a server's name is safe in a shell command that a message suggests: a DNS-1123 subdomain has no characters
 * that are special to a shell.
 */
export function isDnsName(name: string): boolean {
  return (
    name.length <= 253 && /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/.test(name)
  );
}
