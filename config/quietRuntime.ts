// Takes from Pulumi's runtime what costs an unchanged mesh much of its time in the program. Imported before all else.
import { log } from "@pulumi/pulumi";
import debuggable from "@pulumi/pulumi/runtime/debuggable.js";

// It notes the stack of each promise that it makes, thousands of them, for a message on those that never end.
interface Debuggable {
  debugPromiseLeaks: boolean;
  debuggablePromise(promise: Promise<unknown>, context: unknown): Promise<unknown>;
}
const runtime = debuggable as unknown as Debuggable;
const { debuggablePromise } = runtime;
if (!runtime.debugPromiseLeaks)
  runtime.debuggablePromise = (promise, context) => {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      return debuggablePromise(promise, context);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  };

// It tells the engine each step of each resource at debug level, in a request of its own, with keys in clear.
(log as { debug: typeof log.debug }).debug = async () => {};
