/** What an attempt that has to fail says: for pulumi's, without the margin of its diagnostics. */
export const failure = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => "it did not fail",
    (error: unknown) => String(error).replaceAll(/^ {4}/gm, ""),
  );
