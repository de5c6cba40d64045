export interface TimeoutOptions {
  /** In ms. @default no limit */
  readonly within?: number;
  /** Message of the error on a timeout. */
  readonly timeoutMessage?: string;
  /** Ends the wait with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Waits at most `within` for a promise that cannot be aborted.
 * @throws the promise's error, an error with the message `timeoutMessage`, or the signal's reason
 */
export async function withTimeout<T>(
  answer: Promise<T>,
  { within, timeoutMessage, signal }: TimeoutOptions,
): Promise<T> {
  const over = Promise.withResolvers<never>();
  const stop = () => over.reject(signal?.reason);
  const timer = within === undefined ? undefined : setTimeout(() => over.reject(new Error(timeoutMessage)), within);
  signal?.addEventListener("abort", stop, { once: true });
  if (signal?.aborted) stop();
  try {
    return await Promise.race([answer, over.promise]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}
