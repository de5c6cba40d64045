/** Prefix of the program's keys in a stack file: the project's name in Pulumi.yaml. */
export const PROJECT = "csp-mesh";

/** Parses a config value from Pulumi: structured values are JSON, strings are plain. */
export function structured(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** The program's own keys of a config, without their prefix. */
export function ofProject<Value>(config: Readonly<Record<string, Value>>, project = PROJECT): Record<string, Value> {
  const prefix = `${project}:`;
  const own = Object.entries(config).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value]));
}
