/**
 * How V8 writes the stack of an error: with paths, where it would write the URLs of modules. Pulumi's runtime takes what stands there for
 * a path, and the engine keeps it in the state: a URL would be there with this machine's folders, a path below the project is not.
 * Lines are right without the source maps that the runtime reads for each stack, a sixth of its time: types are stripped in place.
 */
export const stackWithPaths = (error: Error, sites: readonly NodeJS.CallSite[]): string =>
  [String(error), ...sites.map((site) => `    at ${String(site).replace("file://", "")}`)].join("\n");
