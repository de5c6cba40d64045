// What a terminal can show.

export interface Terminal {
  /** Its width. @default lines are as long as they are */
  readonly columns?: number | undefined;
  /** @default no colours */
  readonly isColoured?: boolean | undefined;
}

const CODES = { red: 31, green: 32, yellow: 33 } as const;

export type Colour = keyof typeof CODES;

export const paint = (text: string, colour: Colour, { isColoured }: Terminal) =>
  isColoured ? `\u001b[${CODES[colour]}m${text}\u001b[0m` : text;

interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** The terminal behind a stream. Files and pipes have neither width nor colours. NO_COLOR: https://no-color.org */
export function terminalOf(
  { isTTY, columns }: Stream,
  { NO_COLOR, TERM }: Readonly<Record<string, string | undefined>>,
): Terminal {
  if (!isTTY) return {};
  return { isColoured: !NO_COLOR && TERM !== "dumb", ...(columns && { columns }) };
}
