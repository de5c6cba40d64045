// The common settings of both sides: the lab's stack file, as the program parses it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type MeshConfig, parseConfig } from "../config/parse.ts";
import { stackFile } from "../lab/pulumi.ts";
import type { Lab } from "../lab/up.ts";
import { istiodReleaseValues } from "../mesh/istiodRelease.ts";
import type { Values } from "../mesh/values.ts";

const ROOT = join(import.meta.dirname, "..");
const PREFIX = "csp-mesh:";

export function readSettings(lab: Lab): MeshConfig {
  const { config }: { config: Record<string, unknown> } = parse(readFileSync(stackFile(lab), "utf8"));
  const own = Object.entries(config).filter(([key]) => key.startsWith(PREFIX));
  return parseConfig(Object.fromEntries(own.map(([key, value]) => [key.slice(PREFIX.length), typed(value)])), ROOT);
}

/** Pulumi saves numbers as strings. */
function typed(value: unknown): unknown {
  return typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
}

/** Helm values of one cluster's istiod, as the program passes them to the chart. */
export function valuesOf({ istio, pullSecrets }: MeshConfig, cluster: MeshConfig["clusters"][number]): Values {
  const { name, network, pods } = cluster;
  return istiodReleaseValues({ ...istio, cluster: name, network, pullSecrets }, pods, istio.values.istiod);
}
