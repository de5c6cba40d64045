// The lab's images as containerd keeps them, unpacked once. Every cluster begins with a copy, because loading them takes a
// cluster ten seconds of processor time.
import { createHash } from "node:crypto";
import { copyFile, mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { execa } from "execa";
import { makeImages } from "./images.ts";
import { cached } from "./toolchain/cache.ts";
import { cacheRoot, type Toolchain } from "./toolchain/index.ts";
import { waitFor } from "./wait.ts";

/** @returns a folder for {@link copyImageStore} */
export async function ensureImageStore(tools: Toolchain): Promise<string> {
  const archives = await makeImages(tools, join(cacheRoot(), "images"));
  const { stdout: containerd } = await execa(tools.containerd, ["--version"]);
  const names = archives.map((archive) => basename(archive));
  const key = createHash("sha256")
    .update(JSON.stringify([containerd, names]))
    .digest("hex")
    .slice(0, 12);
  return cached(join(cacheRoot(), "image-stores"), key, (root) => load(tools, archives, root));
}

async function load(tools: Toolchain, archives: readonly string[], root: string): Promise<void> {
  const state = await mkdtemp(join(tmpdir(), "csp-mesh-images-"));
  const address = join(state, "containerd.sock");
  const config = join(state, "containerd.toml");
  await writeFile(
    config,
    `version = 2
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[plugins."io.containerd.internal.v1.opt"]
  path = "${join(state, "opt")}"
`,
  );
  const daemon = execa(
    // The kernel kills containerd when this process ends, and its mounts go with it.
    "setpriv",
    [
      ...["--pdeathsig", "KILL", "--", "unshare", "--mount", "--propagation", "private", "--", tools.containerd],
      ...["--config", config, "--root", root, "--state", join(state, "run"), "--address", address],
    ],
    { reject: false, all: true },
  );
  try {
    const ctr = (...args: string[]) => execa(tools.ctr, ["--address", address, "--namespace", "k8s.io", ...args]);
    await waitFor("containerd ready", 30_000, () => ctr("version").then(() => true));
    for (const archive of archives) await ctr("images", "import", archive);
  } catch (error) {
    daemon.kill();
    throw new Error(`images cannot be loaded: ${error}. The output of containerd:\n${(await daemon).all}`);
  } finally {
    daemon.kill();
    await daemon;
    await rm(state, { recursive: true, force: true });
  }
}

/**
 * Copies a store into an empty folder, containerd's root. Files that containerd never changes are hard links, if the
 * folder is on the same file system.
 */
export async function copyImageStore(store: string, root: string): Promise<void> {
  await mkdir(root, { recursive: true });
  const copy = (...how: string[]) => execa("cp", ["--archive", ...how, `${store}/.`, root]);
  await copy("--link").catch(() => copy("--force"));
  for (const name of await readdir(root, { recursive: true })) {
    // containerd writes into its databases, which must not be those of the store.
    if (!name.endsWith(".db")) continue;
    await copyFile(join(root, name), join(root, `${name}.copy`));
    await rename(join(root, `${name}.copy`), join(root, name));
  }
}
