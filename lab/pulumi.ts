// Runs the real `pulumi` on the program, with the lab's stack file and a state of its own in the lab's folder.
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

/** What a person exports to work on the lab's stack by hand. */
export function pulumiEnvironment(lab: Lab): Record<string, string> {
  return {
    PATH: [lab.tools.pulumiBin, process.env.PATH ?? ""].join(delimiter),
    PULUMI_HOME: join(lab.dir, "pulumi"),
    // Without side files, which gocloud.dev truncates before it writes them: killed in between, no command reads the state again.
    PULUMI_BACKEND_URL: `file://${join(lab.dir, "state")}?metadata=skip`,
    PULUMI_CONFIG_PASSPHRASE_FILE: join(lab.dir, "passphrase"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // Most steps wait for a cluster; by default a machine of two cores does eight at once.
    PULUMI_PARALLEL: "32",
    ...goEnvironment,
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // They are in PULUMI_HOME; of those on PATH it would complain at every start.
    PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
  };
}

function shellEnvironment(lab: Lab): string {
  const { PATH: _, ...variables } = pulumiEnvironment(lab);
  const lines = Object.entries({ ...variables, KUBECONFIG: join(lab.dir, "kubeconfig") });
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
 * The stack's config is a copy of `Pulumi.lab.yaml`: Pulumi writes its salt into it, and more than two clusters need
 * more entries. Paths below `.lab` follow the lab's folder.
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

/** Where the engine looks for them. */
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
 * Pulumi logs every property of every step to a file, keys included, encrypted with the stack's passphrase. That takes more than a
 * third of the engine's time, and nothing switches it off; where its folder cannot be made, it goes without (pkg/logging, StartLogging).
 */
function keepNoLog(lab: Lab): void {
  mkdirSync(join(lab.dir, "pulumi"), { recursive: true });
  writeFileSync(join(lab.dir, "pulumi", "logs"), "Not a folder, so that Pulumi keeps no log here.\n");
}

/** Makes the lab's stack, and the file `env` that a person sources to work on it; nothing where there is one. */
export async function ensureStack(lab: Lab): Promise<void> {
  const env = join(lab.dir, "env");
  if (existsSync(env)) return;
  // What an interrupted run left holds nothing yet, and `stack init` refuses a stack that is there.
  await rm(join(lab.dir, "state"), { recursive: true, force: true });
  mkdirSync(join(lab.dir, "state"), { recursive: true });
  writeFileSync(join(lab.dir, "passphrase"), randomBytes(24).toString("base64"), { mode: 0o600 });
  writeStackFile(lab);
  copyFileSync(join(ROOT, "Pulumi.yaml"), join(lab.dir, "Pulumi.yaml"));
  await installPlugins(lab);
  keepNoLog(lab);
  // In the lab's folder, because `stack init` knows no --config-file and the repository stays clean.
  await execa("pulumi", ["--cwd", lab.dir, "stack", "init", STACK], { env: pulumiEnvironment(lab) });
  // Last, because it says that the stack is there.
  writeFileSync(env, shellEnvironment(lab));
}

/** Runs pulumi in the repository; its output goes to the terminal unless `quiet`, and is in the error when it fails. */
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

/** The stack output that the checks start from, as JSON. */
export const meshOutput = (lab: Lab) => pulumi(lab, ["stack", "output", "mesh", "--json"], { quiet: true });
