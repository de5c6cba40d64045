import type { World } from "../../../cli/command.ts";
import { runCommandLine } from "../../../cli/commandLine.ts";

/** Runs a command of `npm run mesh` in a folder with an unencrypted `stack.yaml`. @returns exit code and outputs */
export function runOn(root: string, command: string, ...args: string[]) {
  return runWith(() => Promise.reject(new Error("not needed")), root, command, ...args);
}

/** Like `runOn`, but with a fake `pulumi`. */
export function runWith(pulumi: World["pulumi"], root: string, command: string, ...args: string[]) {
  return captured([command, "--config-file", "stack.yaml", ...args], { root, pulumi });
}

/** What a command prints, and its exit code. */
export async function captured(args: readonly string[], world: Omit<World, "stdout" | "stderr" | "env">) {
  let [stdout, stderr] = ["", ""];
  const code = await runCommandLine(args, {
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    env: {},
    ...world,
  });
  return { code, stdout, stderr };
}

/**
 * Runs a command line on a stack, and answers its questions unless it has `--yes`.
 *
 * @returns the questions as well
 */
export async function answered(
  command: string,
  stack: string,
  world: Omit<World, "stdout" | "stderr" | "env" | "ask">,
  answer: () => string,
) {
  const questions: string[] = [];
  const ask = async (question: string) => {
    questions.push(question);
    return answer();
  };
  const printed = await captured([...command.split(" "), "--stack", stack], {
    ...world,
    ask: command.includes("--yes") ? undefined : ask,
  });
  return { ...printed, questions };
}
