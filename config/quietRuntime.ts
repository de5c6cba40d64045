// Takes from Pulumi's runtime what costs an unchanged mesh much of its time in the program. Imported before all else.
import { log, Resource } from "@pulumi/pulumi";
import debuggable from "@pulumi/pulumi/runtime/debuggable.js";
import state from "@pulumi/pulumi/runtime/state.js";

// It notes the stack of each promise that it makes, thousands of them, for a message on those that never end. That they did not end is
// enough to know. The first of them has it look for that when the program is over.
interface Debuggable {
  debugPromiseLeaks: boolean;
  debuggablePromise<Value>(promise: Promise<Value>, context: unknown): Promise<Value>;
}
const runtime = debuggable as unknown as Debuggable;
const { getStore } = state as unknown as { getStore(): { readonly leakCandidates: Set<Promise<unknown>> } };
if (!runtime.debugPromiseLeaks) {
  const { debuggablePromise } = runtime;
  runtime.debuggablePromise = (first, context) => {
    runtime.debuggablePromise = noted;
    return withoutStack(() => debuggablePromise(first, context));
  };
}

function noted<Value>(promise: Promise<Value>): Promise<Value> {
  const { leakCandidates } = getStore();
  leakCandidates.add(promise);
  return promise.then(
    (value) => {
      leakCandidates.delete(promise);
      return value;
    },
    (error) => {
      leakCandidates.delete(promise);
      throw error;
    },
  );
}

function withoutStack<Result>(make: () => Result): Result {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

// It tells the engine each step of each resource at debug level, in a request of its own, with keys in clear.
(log as { debug: typeof log.debug }).debug = async () => {};

// It tells the engine the line of the program that makes a resource, and all lines that led there. They are kept with the state, of which
// they are a fourteenth, and nothing shows them.
(Resource as unknown as { stackTrace(skip: number): [] }).stackTrace = () => [];
