import * as pulumi from "@pulumi/pulumi";
import { type MeshConfig, parseConfig } from "./parse.ts";

/**
 * Reads the config of the current stack.
 *
 * @throws pulumi.RunError that lists all that is wrong with it
 */
export function loadConfig(): MeshConfig {
  const prefix = `${pulumi.getProject()}:`;
  const entries = Object.entries(pulumi.runtime.allConfig()).filter(([key]) => key.startsWith(prefix));
  try {
    return parseConfig(
      Object.fromEntries(entries.map(([key, value]) => [key.slice(prefix.length), structured(value)])),
      process.cwd(),
    );
  } catch (error) {
    throw new pulumi.RunError((error as Error).message);
  }
}

/** Pulumi hands structured config over as JSON, and a plain string as it is. */
function structured(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
