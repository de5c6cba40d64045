#!/usr/bin/env node
// @ts-check
// `mesh`: JavaScript without newer syntax, so that a Node that is too old gets as far as the message on that.
import "../config/nodeVersion.js";

await import("./main.ts");
