// Work on several objects, where one that fails keeps none of the others from being finished.

/** All at once. @throws the error of the one that failed, or of several one error with all their messages */
export async function onEach<T>(items: readonly T[], work: (item: T) => unknown): Promise<void> {
  const ended = await Promise.allSettled(items.map(async (item) => work(item)));
  fail(ended.flatMap((one) => (one.status === "rejected" ? [one.reason] : [])));
}

/** As {@link onEach}, one after the other. */
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
