/** Outcome of one request: the pod that answered, or the failure. */
export type Answer = { readonly pod: string } | { readonly failure: string };

export interface RequestLoop {
  readonly url: string;
  readonly count: number;
  /** Timeout of one request, in ms. */
  readonly timeout: number;
  readonly userAgent: string;
  /** Start all requests at the same time. @default false, one after the other */
  readonly atOnce?: boolean;
}

/** Ends the output of each request, between its status and curl's exit code. */
export const ANSWERED = "--answered--";

/**
 * Sends many requests in one exec. Uses only POSIX sh and curl, because the image on real clusters (curlimages/curl)
 * has busybox.
 */
const script = `i=0
while [ "$i" -lt "$2" ]; do
  curl -sS -m "$3" -A "$4" -w '\\n%{http_code}' "$1"
  echo " ${ANSWERED} $?"
  i=$((i + 1))
done`;

/** Writes each outcome in one write, so that concurrent outcomes do not mix. */
const scriptAtOnce = `one() {
  answer=$(curl -sS -m "$3" -A "$4" -w '\\n%{http_code}' "$1")
  code=$?
  printf '%s ${ANSWERED} %s\\n' "$answer" "$code"
}
i=0
while [ "$i" -lt "$2" ]; do
  one "$@" &
  i=$((i + 1))
done
wait`;

export function requestCommand({ url, count, timeout, userAgent, atOnce }: RequestLoop): readonly string[] {
  return ["sh", "-c", atOnce ? scriptAtOnce : script, "proof", url, String(count), String(timeout / 1000), userAgent];
}

/** Exit codes of curl (https://curl.se/libcurl/c/libcurl-errors.html) and of the shell that occur here. */
const exits: Readonly<Record<string, string>> = {
  6: "name not resolved",
  7: "connection refused",
  28: "timed out",
  52: "empty reply",
  56: "connection reset",
  127: "no curl in the container",
};

/** Parses the output of `requestCommand`. */
export function parseAnswers(stdout: string): readonly Answer[] {
  const answers: Answer[] = [];
  let start = 0;
  for (const match of stdout.matchAll(new RegExp(`(?:\\n(\\d{3}))? ${ANSWERED} (\\d+)\\n`, "g"))) {
    const [all, status = "000", exit = ""] = match;
    answers.push(readAnswer(stdout.slice(start, match.index), status, exit));
    start = match.index + all.length;
  }
  return answers;
}

function readAnswer(body: string, status: string, exit: string): Answer {
  if (exit !== "0") return { failure: `curl exit ${exit}${exits[exit] ? ` (${exits[exit]})` : ""}` };
  if (status !== "200") return { failure: `HTTP ${status}${body.trim() && `: ${excerpt(body)}`}` };
  const pod = podName(body);
  return pod === undefined ? { failure: `HTTP 200 without a podname: ${excerpt(body)}` } : { pod };
}

function podName(body: string): string | undefined {
  try {
    const { podname } = JSON.parse(body) as { podname?: unknown };
    return typeof podname === "string" && podname !== "" ? podname : undefined;
  } catch {
    return undefined;
  }
}

function excerpt(body: string): string {
  const line = body.trim().replace(/\s+/g, " ");
  return line.length > 100 ? `${line.slice(0, 100)}…` : line;
}
