/**
 * Node's `node:http`. An ESM import would read all exports, and reading one of them makes Node load undici, a second
 * HTTP client. That takes a third of a hook's start.
 */
export const http = process.getBuiltinModule("node:http");
