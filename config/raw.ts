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
