// Runs tasks that clean up after themselves on Ctrl-C, on a closed terminal, and after an uncaught error.

/** Exit codes as in shells: 128 plus the signal's number. */
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
type Signal = keyof typeof SIGNALS;

/** A signal ended the task. */
export class Interrupted extends Error {
  readonly signal: Signal;
  readonly exitCode: number;

  constructor(signal: Signal) {
    super(`interrupted by ${signal}`);
    this.signal = signal;
    this.exitCode = SIGNALS[signal];
  }
}

/**
 * Runs a task with a signal that is aborted by the first Ctrl-C. Further ones do not interrupt the cleanup.
 *
 * @throws Interrupted, or the uncaught error, after the task has ended
 */
export async function interruptible<Result>(task: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const controller = new AbortController();
  const names = Object.keys(SIGNALS) as Signal[];
  const onSignal = (signal: Signal) => controller.abort(new Interrupted(signal));
  const onError = (error: unknown) => controller.abort(error);
  for (const name of names) process.on(name, onSignal);
  process.on("uncaughtException", onError).on("unhandledRejection", onError);
  try {
    const result = await task(controller.signal);
    controller.signal.throwIfAborted();
    return result;
  } finally {
    for (const name of names) process.off(name, onSignal);
    process.off("uncaughtException", onError).off("unhandledRejection", onError);
  }
}
