// Runs the real `pulumi` on the program, with the lab's stack file and a separate state in the lab's folder.
import { randomBytes } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdir, rm, symlink } from "node:fs/promises";
import { delimiter, join, relative } from "node:path";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import { goEnvironment } from "./goEnvironment.ts";
import { shellExemption } from "./proxies.ts";
import { reservedAddress } from "./spec.ts";
import { versions } from "./toolchain/index.ts";
import type { Lab } from "./up.ts";

const ROOT = join(import.meta.dirname, "..");
const STACK = "lab";

/** The environment for working on the lab's stack by hand. */
export function pulumiEnvironment(lab: Lab): Record<string, string> {
  return {
    PATH: [lab.tools.pulumiBin, process.env.PATH ?? ""].join(delimiter),
    PULUMI_HOME: join(lab.dir, "pulumi"),
    // Disable metadata files: gocloud.dev truncates them before writing, and after a kill in between the state is
    // unreadable.
    PULUMI_BACKEND_URL: `file://${join(lab.dir, "state")}?metadata=skip`,
    PULUMI_CONFIG_PASSPHRASE_FILE: join(lab.dir, "passphrase"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // Most steps wait for a cluster. Pulumi's default on a machine with two cores is eight concurrent steps.
    PULUMI_PARALLEL: "32",
    ...goEnvironment,
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // The plugins are in PULUMI_HOME. Without this, Pulumi warns about plugins on PATH at every start.
    PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
  };
}

function shellEnvironment(lab: Lab): string {
  const { PATH: _, ...variables } = pulumiEnvironment(lab);
  const lines = Object.entries({ ...variables, PULUMI_STACK: STACK, KUBECONFIG: join(lab.dir, "kubeconfig") });
  const path = `${lab.tools.pulumiBin}:${join(ROOT, "node_modules", ".bin")}`;
  const exports = lines.map(([name, value]) => `export ${name}='${value}'\n`);
  return [`export PATH='${path}':"$PATH"\n`, ...exports, shellExemption(lab.range)].join("");
}

export const stackFile = (lab: Lab) => join(lab.dir, `Pulumi.${STACK}.yaml`);

interface StackFile {
  config: Record<string, unknown>;
  [key: string]: unknown;
}

/**
 * The stack file is a copy of `Pulumi.lab.yaml`, because Pulumi writes its salt into it, and more than two clusters
 * need more entries. Paths below `.lab` are replaced by the lab's folder.
 */
function writeStackFile(lab: Lab): void {
  const text = readFileSync(join(ROOT, "Pulumi.lab.yaml"), "utf8").replaceAll(".lab/", `${relative(ROOT, lab.dir)}/`);
  const template: StackFile = parse(text);
  const entries = template.config["csp-mesh:clusters"] as Record<string, unknown>[];
  const clusters = lab.clusters.map((cluster) => {
    const externalAddress = reservedAddress(cluster);
    return {
      ...(entries.find(({ csp }) => csp === cluster.provider.csp) ?? entries[0]),
      name: cluster.name,
      context: cluster.kubeconfigName,
      csp: cluster.provider.csp,
      ...(externalAddress !== undefined && { gateway: { externalAddress } }),
    };
  });
  writeFileSync(
    stackFile(lab),
    stringify({ ...template, config: { ...template.config, "csp-mesh:clusters": clusters } }),
  );
}

/** Installs plugins in the folder in which the engine looks for them. */
async function installPlugins(lab: Lab): Promise<void> {
  const plugins = {
    kubernetes: versions.pulumiKubernetes,
    tls: versions.pulumiTls,
    random: versions.pulumiRandom,
    command: versions.pulumiCommand,
  };
  for (const [name, version] of Object.entries(plugins)) {
    const executable = `pulumi-resource-${name}`;
    const folder = join(lab.dir, "pulumi", "plugins", `resource-${name}-v${version}`);
    await mkdir(folder, { recursive: true });
    await rm(join(folder, executable), { force: true });
    await symlink(join(lab.tools.pulumiBin, executable), join(folder, executable));
  }
}

/**
 * Pulumi logs every property of every step, including keys, to a file that is encrypted with the stack's passphrase.
 * This takes more than a third of the engine's time and has no switch. If its folder cannot be created, Pulumi does not
 * log (pkg/logging, StartLogging).
 */
function keepNoLog(lab: Lab): void {
  mkdirSync(join(lab.dir, "pulumi"), { recursive: true });
  writeFileSync(join(lab.dir, "pulumi", "logs"), "Not a folder, so that Pulumi keeps no log here.\n");
}

/**
 * Creates the lab's stack, and the file `env`, which a person sources to work on it. Does nothing if the stack exists.
 */
export async function ensureStack(lab: Lab): Promise<void> {
  const env = join(lab.dir, "env");
  if (existsSync(env)) return;
  // An interrupted run's state is still empty, but `stack init` would refuse an existing stack.
  await rm(join(lab.dir, "state"), { recursive: true, force: true });
  mkdirSync(join(lab.dir, "state"), { recursive: true });
  writeFileSync(join(lab.dir, "passphrase"), randomBytes(24).toString("base64"), { mode: 0o600 });
  writeStackFile(lab);
  copyFileSync(join(ROOT, "Pulumi.yaml"), join(lab.dir, "Pulumi.yaml"));
  await installPlugins(lab);
  keepNoLog(lab);
  // Run it in the lab's folder, because `stack init` has no --config-file and would write into the repository.
  await execa("pulumi", ["--cwd", lab.dir, "stack", "init", STACK], { env: pulumiEnvironment(lab) });
  // Write this file last, because it marks the stack as complete.
  writeFileSync(env, shellEnvironment(lab));
}

/**
 * Runs pulumi in the repository. The output goes to the terminal unless `quiet`, and is part of the error on failure.
 */
export async function pulumi(lab: Lab, args: readonly string[], { quiet = false } = {}): Promise<string> {
  await ensureStack(lab);
  const { stdout } = await execa("pulumi", [...args, "--stack", STACK], {
    cwd: ROOT,
    env: pulumiEnvironment(lab),
    stdout: quiet ? "pipe" : ["pipe", "inherit"],
    stderr: quiet ? "pipe" : ["pipe", "inherit"],
    stdin: "ignore",
  });
  return stdout;
}

const config = (lab: Lab) => ["--config-file", stackFile(lab)];

export const pulumiUp = (lab: Lab, ...flags: string[]) =>
  pulumi(lab, ["up", "--yes", "--non-interactive", "--suppress-progress", ...config(lab), ...flags]);
export const pulumiPreview = (lab: Lab, ...flags: string[]) =>
  pulumi(lab, ["preview", "--non-interactive", "--suppress-progress", ...config(lab), ...flags]);
export const pulumiRefresh = (lab: Lab, ...flags: string[]) =>
  pulumi(lab, ["refresh", "--yes", "--non-interactive", "--suppress-progress", ...config(lab), ...flags]);
export const pulumiDestroy = (lab: Lab, ...flags: string[]) =>
  pulumi(lab, ["destroy", "--yes", "--non-interactive", "--suppress-progress", ...config(lab), ...flags]);

/** The stack output `mesh`, which the checks need, as JSON. */
export const meshOutput = (lab: Lab) => pulumi(lab, ["stack", "output", "mesh", "--json"], { quiet: true });
