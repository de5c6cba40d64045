export interface InTimeOptions {
  /** In ms. @default no limit */
  readonly within?: number;
  /** Message of the error on a timeout. */
  readonly late?: string;
  /** Ends the wait with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Waits at most `within` for a promise that cannot be aborted.
 * @throws the promise's error, an error with the message `late`, or the signal's reason
 */
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
