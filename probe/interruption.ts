// Tasks that tidy up after themselves, whatever ends them: Ctrl-C, a closed terminal, an error that nobody catches.

/** Exit codes as shells have them: 128 and the signal's number. */
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
type Signal = keyof typeof SIGNALS;

/** That a signal ended a task. */
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
 * Runs a task with a signal that is aborted at the first Ctrl-C; further ones do not disturb its tidying up.
 *
 * @throws Interrupted, or the error that nobody caught, once the task has come to its end
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
