// @ts-check
// Loaded by Node before all else, in the program (nodeVersion.js) and in hooks. An unchanged mesh spends most of its time on starting
// Node twice, once for the preview and once for the update: with compiled code kept, and types stripped once, that takes about half.
// JavaScript itself, since it comes before that: to strip its types would take Node longer than all the rest of its start.
import module from "node:module";
import { join } from "node:path";

// Where the folder cannot be written, Node says nothing and goes on without it. One too old to have it has to come as far as to the
// message on that, in nodeVersion.js.
module.enableCompileCache?.(join(import.meta.dirname, "..", "node_modules", ".cache", "csp-mesh"));
