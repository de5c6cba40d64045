// Commands in the containers of a cluster's pods.
import type { Cluster, Pod } from "../kube/cluster.ts";
import { sidecar } from "../proof/sample.ts";
import { type LiveSecrets, parseSecretDump, secretDumpCommand } from "../proof/secretDump.ts";
import { ANSWERS_WITHIN } from "./limits.ts";

/** Returns the standard output. @throws Error with the last line of the standard error if the command fails */
export type Exec = (pod: Pod, container: string, command: readonly string[]) => Promise<string>;

export function execOn(cluster: Cluster, signal?: AbortSignal): Exec {
  return async (pod, container, command) => {
    const { stdout, stderr, exitCode } = await cluster.exec(pod, container, command, {
      timeout: ANSWERS_WITHIN,
      signal,
    });
    if (exitCode === 0) return stdout;
    throw new Error(`${pod.name}: ${command.join(" ")}: ${stderr.trim().split("\n").at(-1)}`);
  };
}

/** The certificates that a pod's proxy holds. */
export const liveSecrets = async (pod: Pod, exec: Exec): Promise<LiveSecrets> =>
  parseSecretDump(await exec(pod, sidecar, secretDumpCommand));
