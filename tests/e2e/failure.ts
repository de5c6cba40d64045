/** The error of an attempt that must fail; for pulumi's, without the indentation of its diagnostics. */
export const failure = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => "it did not fail",
    (error: unknown) => String(error).replaceAll(/^ {4}/gm, ""),
  );
