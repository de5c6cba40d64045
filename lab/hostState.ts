// The machine's settings that nodes change. They are saved, so that the last lab to be removed can restore them.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdir, readFile, rm, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { otherLabs } from "./ownership.ts";
import type { LabSpec } from "./spec.ts";
import { cacheRoot } from "./toolchain/cache.ts";

/** Kubelet sets these for the whole machine (pkg/kubelet/cm, setupKernelTunables). */
const KUBELET_SYSCTLS = [
  "vm/overcommit_memory",
  "vm/panic_on_oom",
  "kernel/panic",
  "kernel/panic_on_oops",
  "kernel/keys/root_maxkeys",
  "kernel/keys/root_maxbytes",
];
/**
 * A node's programs use about 16 inotify instances. The usual limit of 128 is reached by the eighth node, and then
 * containerd fails.
 */
const INOTIFY = { sysctl: "fs/inotify/max_user_instances", atLeast: 1024 };

/** Each node mounts its own folder over these, so they must exist. */
const MOUNT_POINTS = ["/var/lib/cni", "/var/lib/kubelet"];

interface HostState {
  /** Sysctls are reset by a boot, so values saved before a boot are not restored after it. */
  readonly boot: string;
  readonly sysctls: Record<string, string>;
  readonly created: readonly string[];
}

// Outside the checkout, because all labs on a machine share these settings.
const file = () => join(cacheRoot(), "host.json");
const sysctlPath = (name: string) => join("/proc/sys", name);
const bootId = () => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();

/** Saves the values before changing them, so that a crash loses nothing. Values saved by an earlier lab are kept. */
export async function prepareHost(): Promise<void> {
  const former = existsSync(file()) ? readState() : undefined;
  const sysctls: Record<string, string> = former?.boot === bootId() ? { ...former.sysctls } : {};
  for (const name of [...KUBELET_SYSCTLS, INOTIFY.sysctl].filter((name) => existsSync(sysctlPath(name)))) {
    sysctls[name] ??= (await readFile(sysctlPath(name), "utf8")).trim();
  }
  const created = [...(former?.created ?? []), ...MOUNT_POINTS.filter((path) => !existsSync(path))];
  const state: HostState = { boot: bootId(), sysctls, created: [...new Set(created)] };
  mkdirSync(cacheRoot(), { recursive: true });
  writeFileSync(file(), JSON.stringify(state));
  for (const path of MOUNT_POINTS) await mkdir(path, { recursive: true });
  if (Number(await readFile(sysctlPath(INOTIFY.sysctl), "utf8")) < INOTIFY.atLeast) {
    await writeFile(sysctlPath(INOTIFY.sysctl), String(INOTIFY.atLeast));
  }
}

/** Does nothing while another lab exists on this machine, because its nodes use the same folders. */
export async function restoreHost(lab: LabSpec): Promise<void> {
  if (!existsSync(file()) || otherLabs(lab).length > 0) return;
  const state = readState();
  if (state.boot === bootId()) {
    for (const [name, value] of Object.entries(state.sysctls)) await writeFile(sysctlPath(name), value);
  }
  for (const path of state.created) {
    try {
      await rmdir(path);
    } catch {
      // Another program uses the folder.
    }
  }
  await rm(file());
}

function readState(): HostState {
  return JSON.parse(readFileSync(file(), "utf8"));
}
