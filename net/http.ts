/**
 * Node's `node:http`. An import of it reads all that it exports, upon which Node loads a second client, undici: a third of what a
 * hook takes to start.
 */
export const http = process.getBuiltinModule("node:http");
