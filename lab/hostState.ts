// The few things of the machine itself that a node changes, remembered so that they can be put back.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { mkdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Kubelet sets these for the whole machine (pkg/kubelet/cm, setupKernelTunables). */
const SYSCTLS = [
  "vm/overcommit_memory",
  "vm/panic_on_oom",
  "kernel/panic",
  "kernel/panic_on_oops",
  "kernel/keys/root_maxkeys",
  "kernel/keys/root_maxbytes",
];

/** Each node mounts its own over these, for which they must exist. */
const MOUNT_POINTS = ["/var/lib/cni", "/var/lib/kubelet"];

interface HostState {
  readonly sysctls: Record<string, string>;
  readonly created: readonly string[];
}

const file = (dir: string) => join(dir, "host.json");
const sysctlPath = (name: string) => join("/proc/sys", name);

/** Remembers first, so that a crash in between loses nothing; a former memory is kept. */
export async function prepareHost(dir: string): Promise<void> {
  if (!existsSync(file(dir))) {
    const sysctls: Record<string, string> = {};
    for (const name of SYSCTLS.filter((name) => existsSync(sysctlPath(name)))) {
      sysctls[name] = (await readFile(sysctlPath(name), "utf8")).trim();
    }
    const state: HostState = { sysctls, created: MOUNT_POINTS.filter((path) => !existsSync(path)) };
    writeFileSync(file(dir), JSON.stringify(state));
  }
  for (const path of MOUNT_POINTS) await mkdir(path, { recursive: true });
}

export async function restoreHost(dir: string): Promise<void> {
  if (!existsSync(file(dir))) return;
  const state: HostState = JSON.parse(readFileSync(file(dir), "utf8"));
  for (const [name, value] of Object.entries(state.sysctls)) await writeFile(sysctlPath(name), value);
  for (const path of state.created) {
    try {
      await rmdir(path);
    } catch {
      // Somebody else uses it by now.
    }
  }
}
