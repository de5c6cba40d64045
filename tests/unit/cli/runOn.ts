import type { World } from "../../../cli/command.ts";
import { runCommandLine } from "../../../cli/commandLine.ts";

/** Runs a command of `npm run mesh` on a folder with a `stack.yaml`, in which nothing is encrypted. @returns what came of it */
export function runOn(root: string, command: string, ...args: string[]) {
  return runWith(() => Promise.reject(new Error("not needed")), root, command, ...args);
}

/** The same, with a `pulumi` that answers. */
export async function runWith(pulumi: World["pulumi"], root: string, command: string, ...args: string[]) {
  let [stdout, stderr] = ["", ""];
  const code = await runCommandLine([command, "--config-file", "stack.yaml", ...args], {
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    env: {},
    root,
    pulumi,
  });
  return { code, stdout, stderr };
}
