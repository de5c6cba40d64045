/** Prefix of the program's keys in a stack file: the name in Pulumi.yaml. */
export const PROJECT = "csp-mesh";

/** A config value as Pulumi hands it over: structured ones as JSON, and a plain string as it is. */
export function structured(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** Those of a config's keys that are the program's, without their prefix. */
export function ofProject<Value>(config: Readonly<Record<string, Value>>, project = PROJECT): Record<string, Value> {
  const prefix = `${project}:`;
  const own = Object.entries(config).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value]));
}
