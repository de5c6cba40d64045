// Formats tables for terminals, where Hangul and other wide characters take two columns.

/** Blocks that terminals draw two columns wide (Unicode Standard Annex 11, W and F), as far as this program's languages need. */
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape that begins a colour
const COLOUR = /\u001b\[\d+m/g;
const GAP = "  ";
/** Smallest width of a column in a narrow terminal. */
const NARROWEST = 6;

/** Number of terminal columns that a text takes. */
export function widthOf(text: string): number {
  const plain = text.replaceAll(COLOUR, "");
  return plain.length + (plain.match(WIDE)?.length ?? 0);
}

export interface TableOptions {
  /** Maximum width of each column; longer cells continue on further lines. @default none */
  readonly limits?: readonly number[];
  /** Width of the terminal, which no line exceeds. @default none */
  readonly columns?: number | undefined;
}

/** Rows as lines, two spaces between columns. */
export function table(rows: readonly (readonly string[])[], { limits = [], columns }: TableOptions = {}): string {
  const soft = rows.map((row) => row.map((cell, column) => wrap(cell, limits[column])));
  const widest = (cells: readonly (readonly (readonly string[])[])[]) =>
    (rows[0] ?? []).map((_, column) => Math.max(...cells.flatMap((row) => (row[column] ?? [""]).map(widthOf))));
  const fitting = columns === undefined ? undefined : fitted(widest(soft), longestWords(rows), columns);
  const wrapped =
    fitting === undefined ? soft : rows.map((row) => row.map((cell, column) => wrap(cell, fitting[column], true)));
  const widths = widest(wrapped);
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - widthOf(cell)))
      .join(GAP)
      .trimEnd();
  const lines = wrapped.flatMap((row) => {
    const height = Math.max(...row.map((cell) => cell.length));
    return Array.from({ length: height }, (_, part) => line(row.map((cell) => cell[part] ?? "")));
  });
  return `${lines.join("\n")}\n`;
}

const longestWords = (rows: readonly (readonly string[])[]) =>
  (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.flatMap((row) => (row[column] ?? "").split(" ").map((word) => widthOf(word)))),
  );

/**
 * Column widths that fit the terminal. The widest column is reduced first; words are broken only if nothing else helps.
 */
function fitted(natural: readonly number[], words: readonly number[], columns: number): number[] {
  const widths = [...natural];
  const available = columns - GAP.length * (widths.length - 1);
  for (const floors of [words, words.map(() => NARROWEST)]) {
    for (;;) {
      if (widths.reduce((sum, width) => sum + width, 0) <= available) return widths;
      const narrowed = widths.map((width, column) => (width > (floors[column] ?? 0) ? width : 0));
      const column = narrowed.indexOf(Math.max(...narrowed));
      if (!narrowed[column]) break;
      widths[column] = (widths[column] ?? 0) - 1;
    }
  }
  return widths;
}

/**
 * @param isHard also break within words. Otherwise a longer name or address stays whole, so that people can copy it.
 */
function wrap(text: string, limit = Number.POSITIVE_INFINITY, isHard = false): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && widthOf(longer) <= limit) lines[lines.length - 1] = longer;
    else lines.push(...(isHard ? pieces(word, limit) : [word]));
  }
  return lines;
}

function pieces(word: string, limit: number): string[] {
  if (widthOf(word) <= limit) return [word];
  const parts = [""];
  for (const letter of word) {
    if (widthOf(parts.at(-1) + letter) > limit) parts.push(letter);
    else parts[parts.length - 1] += letter;
  }
  return parts;
}
