export interface InTimeOptions {
  /** In ms. @default no limit */
  readonly within?: number;
  /** The error's message where the time is over. */
  readonly late?: string;
  /** Ends the waiting with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Waits for what cannot be ended itself, no longer than it may take. @throws the answer's error, that of a late one, or the signal's reason */
export async function inTime<T>(answer: Promise<T>, { within, late, signal }: InTimeOptions): Promise<T> {
  const over = Promise.withResolvers<never>();
  const stop = () => over.reject(signal?.reason);
  const timer = within === undefined ? undefined : setTimeout(() => over.reject(new Error(late)), within);
  signal?.addEventListener("abort", stop, { once: true });
  if (signal?.aborted) stop();
  try {
    return await Promise.race([answer, over.promise]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}
