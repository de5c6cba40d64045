import type { Readable } from "node:stream";

/** What a command said, each without its last line break. */
export interface Streams {
  readonly stdout: string;
  readonly stderr: string;
}

/** Keeps what a command says, and shows each line as it comes. */
export function collect(
  sources: Record<keyof Streams, Readable>,
  onLine: (stream: keyof Streams, line: string) => void,
): { streams(): Streams; both(): string } {
  const said = { stdout: [] as Buffer[], stderr: [] as Buffer[], both: [] as Buffer[] };
  const text = (stream: keyof typeof said): string => Buffer.concat(said[stream]).toString();
  for (const stream of ["stdout", "stderr"] as const) {
    const lines = byLine((line) => onLine(stream, line));
    sources[stream].on("data", (chunk: Buffer) => {
      said[stream].push(chunk);
      said.both.push(chunk);
      lines(chunk);
    });
  }
  return {
    streams: () => ({ stdout: text("stdout").replace(/\n$/, ""), stderr: text("stderr").replace(/\n$/, "") }),
    both: () => text("both"),
  };
}

/** Splits chunks into lines; an unfinished last line is left out. */
function byLine(use: (line: string) => void): (chunk: Buffer) => void {
  const decoder = new TextDecoder();
  let rest = "";
  return (chunk) => {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(use);
  };
}

/** The original's words for a command that failed. @param both all that it said */
export const failure = (why: string, command: string, both: string): Error =>
  new Error(`${why}: running ${JSON.stringify(command)}:\n${both}`);
