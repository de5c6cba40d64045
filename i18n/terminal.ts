// Capabilities of a terminal.

export interface Terminal {
  /** Its width in characters. @default unlimited */
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

/**
 * Capabilities of the terminal behind a stream. Files and pipes have no width and no colours. NO_COLOR:
 * https://no-color.org
 */
export function terminalOf(
  { isTTY, columns }: Stream,
  { NO_COLOR, TERM }: Readonly<Record<string, string | undefined>>,
): Terminal {
  if (!isTTY) return {};
  return { isColoured: !NO_COLOR && TERM !== "dumb", ...(columns && { columns }) };
}
