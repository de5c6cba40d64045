// A reader of the guide, with a separate checkout, home folder and shell, in which the guide's blocks run one after the
// other.
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import { pulumi, pulumiEnvironment, stackFile } from "../../lab/pulumi.ts";
import type { Lab } from "../../lab/up.ts";
import { ROOT } from "../root.ts";

export interface Reader {
  readonly home: string;
  /** Runs commands unchanged. @returns their output @throws Error if a command fails */
  run(commands: string): Promise<string>;
  /** Deletes all files of the reader. */
  remove(): Promise<void>;
}

/** @param programs folders of kubectl and istioctl */
export async function makeReader(lab: Lab, programs: readonly string[]): Promise<Reader> {
  const folder = await mkdtemp(join(tmpdir(), "csp-mesh-reader-"));
  const home = join(folder, "home");
  const checkout = join(folder, "csp-mesh");
  await copyCheckout(checkout);
  await writeKubeconfigs(lab, join(home, ".kube"));

  // All differences from the guide are in this function.
  const stack = await readStackFile(lab);
  await writeFile(join(checkout, "Pulumi.ncloud-nhn.yaml"), stack);
  const {
    PATH: pulumiPath = "",
    PULUMI_BACKEND_URL: _,
    PULUMI_CONFIG_PASSPHRASE_FILE: __,
    ...settings
  } = pulumiEnvironment(lab);
  const env: Record<string, string> = {
    // Section 3.2 sets state and passphrase.
    ...settings,
    HOME: home,
    PATH: [join(checkout, "node_modules", ".bin"), ...programs, pulumiPath].join(delimiter),
    // The reader follows the Korean guide, which shows Korean output.
    CSP_MESH_LANG: "ko",
    // No person is there to confirm.
    PULUMI_SKIP_CONFIRMATIONS: "true",
  };
  const state = join(folder, "state.sh");
  await writeFile(state, "");

  return {
    home,
    async run(commands) {
      const script = `set -eu\n. ${state}\nset -a\n${commands}\n{ export -p; } > ${state}\n`;
      const { all } = await execa("bash", ["-c", script], { cwd: checkout, env, all: true, stdin: "ignore" });
      return all;
    },
    async remove() {
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Copies the files of this checkout, including uncommitted changes. */
async function copyCheckout(folder: string): Promise<void> {
  const { stdout } = await execa("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: ROOT });
  for (const file of stdout.split("\n")) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await cp(join(ROOT, file), join(folder, file)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error; // The file is deleted, but this is not committed.
    });
  }
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
}

/** Writes one kubeconfig for each provider, in the form in which consoles provide them. */
async function writeKubeconfigs(lab: Lab, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [index, { kubeconfigName }] of lab.clusters.entries()) {
    const config = new KubeConfig();
    config.loadFromFile(join(lab.dir, "kubeconfig"));
    const own = ({ name }: { name: string }) => name === kubeconfigName;
    config.clusters = config.clusters.filter(own);
    config.contexts = config.contexts.filter(own);
    config.users = config.users.filter(own);
    config.setCurrentContext(kubeconfigName);
    await writeFile(join(folder, `cluster${index + 1}-config`), config.exportConfig(), { mode: 0o600 });
  }
}

/** The lab's charts, images and small nodes, with the clusters of section 4.1. */
async function readStackFile(lab: Lab): Promise<string> {
  // This creates the file and installs Pulumi's plugins for all stacks.
  await pulumi(lab, ["stack", "ls"], { quiet: true });
  const { config } = parse(await readFile(stackFile(lab), "utf8"));
  for (const [index, cluster] of config["csp-mesh:clusters"].entries()) {
    cluster.kubeconfig = `~/.kube/cluster${index + 1}-config`;
  }
  config["csp-mesh:istio"].charts = join(lab.dir, "charts");
  config["csp-mesh:gatewayApi"].source = join(lab.dir, "gateway-api");
  return stringify({ config });
}
