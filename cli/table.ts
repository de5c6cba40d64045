// A table for terminals, in which Hangul and other wide letters take two columns.

/** Blocks that terminals draw two columns wide (Unicode Standard Annex 11, W and F), as far as this program's languages need. */
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g;

/** Columns that a text takes. */
export const widthOf = (text: string) => text.length + (text.match(WIDE)?.length ?? 0);

/** Rows as lines, two spaces between columns. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ""))));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - widthOf(cell)))
      .join("  ")
      .trimEnd();
  return `${rows.map(line).join("\n")}\n`;
}
