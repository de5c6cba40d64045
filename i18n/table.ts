// A table for terminals, in which Hangul and other wide letters take two columns.

/** Blocks that terminals draw two columns wide (Unicode Standard Annex 11, W and F), as far as this program's languages need. */
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g;

/** Columns that a text takes. */
export const widthOf = (text: string) => text.length + (text.match(WIDE)?.length ?? 0);

/**
 * Rows as lines, two spaces between columns.
 *
 * @param limits the widest that each column may be: a longer cell goes on in further lines. @default none
 */
export function table(rows: readonly (readonly string[])[], limits: readonly number[] = []): string {
  const wrapped = rows.map((row) => row.map((cell, column) => wrap(cell, limits[column])));
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...wrapped.map((row) => Math.max(...(row[column] ?? [""]).map(widthOf)))),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - widthOf(cell)))
      .join("  ")
      .trimEnd();
  const lines = wrapped.flatMap((row) => {
    const height = Math.max(...row.map((cell) => cell.length));
    return Array.from({ length: height }, (_, part) => line(row.map((cell) => cell[part] ?? "")));
  });
  return `${lines.join("\n")}\n`;
}

/** Between words only: what is longer than a line is a name or an address, which people copy. */
function wrap(text: string, limit = Number.POSITIVE_INFINITY): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && widthOf(longer) <= limit) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
