// Runs pulumi up and records everything in which secrets could appear.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { pulumiEnvironment, stackFile } from "../../lab/pulumi.ts";
import type { Lab } from "../../lab/up.ts";
import { ROOT } from "../root.ts";

export interface WatchedRun {
  /** Output of pulumi up, with the logs of its engine and providers. */
  readonly log: string;
  /** All command lines on the machine during the run, one per line. */
  readonly commandLines: string;
}

export async function watchedUp(lab: Lab): Promise<WatchedRun> {
  const commandLines = new Set<string>();
  const sampling = setInterval(() => {
    for (const line of runningCommands()) commandLines.add(line);
  }, 100);
  try {
    // Above level 2, and with --debug, Pulumi's own SDK logs the engine's answers in plain text
    // (sdk/nodejs/runtime/resource.ts).
    const flags = ["--yes", "--non-interactive", "--skip-preview", "--diff", "--logtostderr", "-v=2", "--logflow"];
    const { all } = await execa("pulumi", ["up", "--stack", "lab", ...flags, "--config-file", stackFile(lab)], {
      cwd: ROOT,
      env: pulumiEnvironment(lab),
      all: true,
      maxBuffer: 1e9,
    });
    return { log: all, commandLines: [...commandLines].join("\n") };
  } finally {
    clearInterval(sampling);
  }
}

/** Contents of all files below a folder. */
export function textsBelow(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
    .join("\n");
}

function runningCommands(): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, "utf8")];
      } catch {
        return []; // The file was deleted meanwhile.
      }
    });
}
