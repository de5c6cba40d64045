// A run of pulumi up under the eyes of whoever looks for secrets.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { pulumiEnvironment, stackFile } from "../../lab/pulumi.ts";
import type { Lab } from "../../lab/up.ts";
import { ROOT } from "../root.ts";

export interface WatchedRun {
  /** What pulumi up said, with its engine's and its providers' logs. */
  readonly log: string;
  /** All command lines seen on the machine meanwhile, one a line. */
  readonly commandLines: string;
}

export async function watchedUp(lab: Lab): Promise<WatchedRun> {
  const commandLines = new Set<string>();
  const sampling = setInterval(() => {
    for (const line of runningCommands()) commandLines.add(line);
  }, 100);
  try {
    // Above 2, and with --debug, Pulumi's own SDK writes each answer of the engine in clear (sdk/nodejs/runtime/resource.ts).
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

/** All that the files below a folder hold. */
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
        return []; // Ended meanwhile.
      }
    });
}
