/**
 * Formats the stack of an error with paths instead of V8's module URLs. Pulumi's runtime reads a path from it, which
 * the engine stores in the state. A URL would store this machine's folders; a path below the project does not. Line
 * numbers are right without source maps, because types are stripped in place. Reading source maps would take a sixth of
 * the runtime's time.
 */
export const stackWithPaths = (error: Error, sites: readonly NodeJS.CallSite[]): string =>
  [String(error), ...sites.map((site) => `    at ${String(site).replace("file://", "")}`)].join("\n");
