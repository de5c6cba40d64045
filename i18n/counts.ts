// Counts of findings, in words.

const number = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** `2 errors, 1 warning`; zero counts are omitted. */
export const countsEn = (errors: number, warnings: number) =>
  [...(errors > 0 ? [number(errors, "error")] : []), ...(warnings > 0 ? [number(warnings, "warning")] : [])].join(", ");

export const countsKo = (errors: number, warnings: number) =>
  [...(errors > 0 ? [`오류 ${errors}건`] : []), ...(warnings > 0 ? [`경고 ${warnings}건`] : [])].join(", ");
