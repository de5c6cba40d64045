// Pulumi's runtime notes the stack of each promise that it makes, hundreds of them, and has every line of it looked up in source
// maps. The program's own lines are right without: Node strips types in place.
delete (Error as { prepareStackTrace?: unknown }).prepareStackTrace;
