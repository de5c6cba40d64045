// Processes all items, even if some of them fail.

/** Processes all items concurrently. @throws the error if one item failed; one error with all messages if several did */
export async function onEach<T>(items: readonly T[], work: (item: T) => unknown): Promise<void> {
  const ended = await Promise.allSettled(items.map(async (item) => work(item)));
  fail(ended.flatMap((one) => (one.status === "rejected" ? [one.reason] : [])));
}

/** Like {@link onEach}, but one item after the other. */
export async function onEachInTurn<T>(items: readonly T[], work: (item: T) => unknown): Promise<void> {
  const failures: Error[] = [];
  for (const item of items) {
    try {
      await work(item);
    } catch (error) {
      failures.push(error as Error);
    }
  }
  fail(failures);
}

function fail(failures: readonly Error[]): void {
  const messages = new Set(failures.map(({ message }) => message));
  if (messages.size > 1) throw new Error([...messages].join("\n"));
  if (failures.length > 0) throw failures[0];
}
