// Edits the lab's stack file like a person would.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import { pulumi, pulumiEnvironment, stackFile } from "../../lab/pulumi.ts";
import type { Lab } from "../../lab/up.ts";
import { ROOT } from "../root.ts";

type Config = Record<string, unknown> & { "csp-mesh:clusters": ({ name: string } & Record<string, unknown>)[] };

/** The current value of a key of `csp-mesh:`. It does not write the file, which a running command may be editing. */
export async function configured(lab: Lab, key: string): Promise<object> {
  if (!existsSync(stackFile(lab))) await makeStack(lab);
  return parse(readFileSync(stackFile(lab), "utf8")).config[`csp-mesh:${key}`];
}

/** Sets keys of `csp-mesh:`; an undefined one is removed. */
export async function configure(lab: Lab, settings: Record<string, unknown>): Promise<void> {
  await change(lab, (config) => {
    for (const [key, value] of Object.entries(settings)) config[`csp-mesh:${key}`] = value;
  });
}

/** Sets keys of one cluster's entry; an undefined one is removed. */
export async function configureCluster(lab: Lab, name: string, settings: Record<string, unknown>): Promise<void> {
  await change(lab, (config) => {
    Object.assign(config["csp-mesh:clusters"].find((cluster) => cluster.name === name) ?? {}, settings);
  });
}

/** Encrypts a text into the stack file with `pulumi config`: `clusters[1].kubeconfig`. */
export async function configureSecret(lab: Lab, path: string, text: string): Promise<void> {
  await change(lab, () => {});
  const flags = ["--stack", "lab", "--config-file", stackFile(lab)];
  await execa("pulumi", ["config", "set", "--secret", "--path", `csp-mesh:${path}`, ...flags], {
    cwd: ROOT,
    env: pulumiEnvironment(lab),
    input: text,
  });
}

/** Edits the whole config, whose keys have the prefix `csp-mesh:`. */
export async function change(lab: Lab, edit: (config: Config) => void): Promise<void> {
  await makeStack(lab);
  const file = parse(readFileSync(stackFile(lab), "utf8"));
  edit(file.config);
  writeFileSync(stackFile(lab), stringify(file));
}

/** Creates the stack and its file if they do not exist. */
const makeStack = (lab: Lab) => pulumi(lab, ["stack", "ls"], { quiet: true });
