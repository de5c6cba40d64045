// Text that comes from servers and from commands, made fit to be shown: it may move a terminal's cursor, hide words or carry logins.

/** Longest text shown, in characters. */
const LONGEST = 1_000;
/** Most that is looked at, in characters: a server may send megabytes. */
const READ = 16 * LONGEST;

/** Escape sequences of terminals: CSI and OSC, such as colours and titles, then all others of two characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const ESCAPES = /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?|\x1b[ -~]/g;
/** Control and format characters (bidi overrides, zero-width ones), separators of lines and paragraphs, halves of a surrogate pair. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

const LOGIN = /\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#"']*@/gi;
const HEADER = /(\bauthorization["']?[:=]?\s*["']?(?:bearer|basic)\s+)[^\s"',;]+/gi;
/** Words such as "Bearer token" and "Bearer authentication" stay. */
const BEARER = /(\b(?:bearer|basic)\s+)(?=[^\s"',;]*\d|[^\s"',;]{16})[\w.~+/=-]+/gi;
const JWT = /\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)*/g;
const PARAMETER = /([?&](?:[\w-]*token|password|signature|x-amz-signature|sig)=)[^&\s"']+/gi;
/** Fields of credentials, such as those of an ExecCredential. Words such as "token: expired" stay. */
const FIELD =
  /(\b(?:[\w-]*token|password|client-?key(?:-?data)?)["']?\s*[:=]\s*["']?)(?!\*)(?=[^\s"',;&]*\d|[^\s"',;&]{16})[^\s"',;&]+/gi;
/** A line of a key in PEM, or of other data. */
const BASE64 = /^[A-Za-z0-9+/=]{40,}$/;

const MASK = "***";

/** In one line, without control characters, logins and tokens, and no longer than `longest` characters. */
export function shown(text: string, longest = LONGEST): string {
  const line = harmless(text.slice(0, READ).replace(ESCAPES, "").replace(/\s+/g, " ")).trim();
  const letters = line.length > longest ? [...line] : [];
  return letters.length > longest ? `${letters.slice(0, longest - 1).join("")}…` : line;
}

/** The same of a whole message, which keeps its lines. */
export function shownLines(text: string): string {
  return text
    .replace(ESCAPES, "")
    .split(/\r?\n/)
    .map((line) => harmless(line.replace(/\t/g, " ")))
    .join("\n");
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

/** The last lines of what was printed, each fit to be shown. */
export function lastLines(text: string, lines = 5): string[] {
  const all = text.slice(-READ).split(/[\r\n]+/);
  return all
    .map((line) => (BASE64.test(line.trim()) ? MASK : shown(line, 300)))
    .filter((line) => line !== "")
    .slice(-lines);
}

/** Whether a server's name may stand in a command that people are told to run: a DNS-1123 subdomain means nothing to a shell. */
export function isDnsName(name: string): boolean {
  return (
    name.length <= 253 && /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/.test(name)
  );
}
