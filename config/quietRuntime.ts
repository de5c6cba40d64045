// Takes from Pulumi's runtime what costs an unchanged mesh most of its time in the program. Imported before all else.
import { log } from "@pulumi/pulumi";

// It notes the stack of each promise that it makes, hundreds of them, and has every line of it looked up in source maps. The
// program's own lines are right without: Node strips types in place.
delete (Error as { prepareStackTrace?: unknown }).prepareStackTrace;

// It tells the engine each step of each resource at debug level, in a request of its own, with keys in clear.
(log as { debug: typeof log.debug }).debug = async () => {};
