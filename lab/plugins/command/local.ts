import type { CheckFailure, ResourceType } from "../resource.ts";
import type { Props } from "../values.ts";
import { commandType, environment, logger } from "./command.ts";
import { run } from "./run.ts";

function check(inputs: Props): CheckFailure[] {
  return ["assetPaths", "archivePaths"]
    .filter((property) => property in inputs)
    .map((property) => ({ property, reason: "the lab's stand-in returns no files: print what is needed to stdout" }));
}

export const localCommand: ResourceType = commandType((command, inputs, last, operation) => {
  const interpreter = inputs.interpreter as string[] | undefined;
  return run(command, {
    interpreter: interpreter?.length ? interpreter : ["/bin/sh", "-c"],
    cwd: (inputs.dir as string | undefined) ?? process.cwd(),
    env: { ...process.env, ...environment(inputs, last) },
    stdin: (inputs.stdin as string | undefined) ?? "",
    onLine: logger(inputs, operation),
  });
}, check);
