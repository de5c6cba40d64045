// A Pulumi program that only creates a Kubernetes provider for each cluster. It measures the time that any such program
// takes.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { ensureStack, pulumiEnvironment } from "../lab/pulumi.ts";
import type { Lab } from "../lab/up.ts";

const PROGRAM = `import * as pulumi from "@pulumi/pulumi";
import { Provider } from "@pulumi/kubernetes/provider.js";
for (const context of new pulumi.Config().requireObject("contexts")) {
  new Provider(context, { kubeconfig: process.env.KUBECONFIG, context });
}
`;

/** Creates its stack. @returns a function that runs it once without changes, including the preview */
export async function emptyProgram(lab: Lab): Promise<() => Promise<void>> {
  await ensureStack(lab);
  // Below the checkout, so that it uses the same SDK.
  const folder = join(lab.dir, "empty");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "empty", type: "module", main: "index.js" }));
  writeFileSync(join(folder, "index.js"), PROGRAM);
  writeFileSync(
    join(folder, "Pulumi.yaml"),
    "name: empty\nruntime:\n  name: nodejs\n  options:\n    typescript: false\nmain: index.js\n",
  );
  const run = (...args: string[]) =>
    execa("pulumi", args, {
      cwd: folder,
      env: { ...pulumiEnvironment(lab), KUBECONFIG: join(lab.dir, "kubeconfig") },
      stdin: "ignore",
    });
  const up = (...flags: string[]) =>
    run("up", "--yes", "--non-interactive", "--suppress-progress", "--stack", "empty", ...flags);
  await run("stack", "init", "empty");
  const contexts = JSON.stringify(lab.clusters.map(({ kubeconfigName }) => kubeconfigName));
  await run("config", "set", "contexts", contexts);
  await up("--skip-preview");
  return async () => void (await up("--expect-no-changes"));
}
