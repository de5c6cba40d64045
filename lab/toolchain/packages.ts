// Packages of the distribution. They are installed on Debian and its descendants only; on other systems missing ones
// are reported.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { step } from "../log.ts";
import { lookUp } from "./onPath.ts";

export interface Need {
  /** A command, or the absolute path of a file. */
  readonly thing: string;
  readonly package: string;
}

const command = (name: string, pkg = name): Need => ({ thing: name, package: pkg });

const CNI_PLUGINS = ["ptp", "host-local", "loopback", "portmap"];
/** CNI folders of Debian, of Fedora and of the CNI project's own releases. */
const CNI_FOLDERS = ["/usr/lib/cni", "/usr/libexec/cni", "/opt/cni/bin"];

/** Folder with the extensions of iptables. */
export const XTABLES = `/usr/lib/${process.arch === "arm64" ? "aarch64" : "x86_64"}-linux-gnu/xtables`;
export const CA_BUNDLE = "/etc/ssl/certs/ca-certificates.crt";

/** Files of the machine that are copied into images. */
const inImages: readonly Need[] = [
  command("dash"),
  command("curl"),
  command("xtables-legacy-multi", "iptables"),
  command("xtables-nft-multi", "iptables"),
  { thing: XTABLES, package: "iptables" },
  { thing: CA_BUNDLE, package: "ca-certificates" },
];

/** Packages that the running lab needs. Checked before anything is built. */
export const running: readonly Need[] = [
  command("containerd"),
  command("ctr", "containerd"),
  command("runc"),
  command("iptables"),
  command("iptables-legacy", "iptables"),
  command("ip", "iproute2"),
  command("nsenter", "util-linux"),
  command("unshare", "util-linux"),
  command("setpriv", "util-linux"),
  command("mount"),
  command("sysctl", "procps"),
  command("openssl"),
  command("tar"),
  ...inImages,
];

/** The folder that contains all CNI plugins that a node uses. */
export function cniFolder(exists: (file: string) => boolean = existsSync): string | undefined {
  return CNI_FOLDERS.find((folder) => CNI_PLUGINS.every((plugin) => exists(join(folder, plugin))));
}

function missing(needs: readonly Need[], path: string): Need[] {
  const has = ({ thing }: Need) => (thing.startsWith("/") ? existsSync(thing) : lookUp(thing, path) !== undefined);
  return needs.filter((need) => !has(need));
}

/** Installs missing packages of the running lab. */
export async function ensureRunningPackages(path: string): Promise<void> {
  const needs = missing(running, path);
  const plugins = {
    thing: CNI_PLUGINS.map((name) => `${CNI_FOLDERS[0]}/${name}`).join(" "),
    package: "containernetworking-plugins",
  };
  await install(cniFolder() === undefined ? [...needs, plugins] : needs, path);
}

/** Installs pip, which unpacks wheels, if it is missing. */
export async function ensurePip(path: string): Promise<void> {
  await install(missing([command("pip3", "python3-pip")], path), path);
}

/** Pure part of `install`: the packages without duplicates, or an error if there is no apt. */
export function planInstall(needs: readonly Need[], hasApt: boolean): string[] {
  const packages = [...new Set(needs.map((need) => need.package))];
  if (packages.length > 0 && !hasApt) {
    const list = needs.map((need) => `${need.thing} (Debian package ${need.package})`).join(", ");
    throw new Error(
      `missing: ${list}. There is no apt-get here: install them with this machine's package manager, then run the lab again`,
    );
  }
  return packages;
}

async function install(needs: readonly Need[], path: string): Promise<void> {
  const packages = planInstall(needs, lookUp("apt-get", path) !== undefined);
  if (packages.length === 0) return;
  await step(`apt-get install ${packages.join(" ")}`, async () => {
    const options = { env: { DEBIAN_FRONTEND: "noninteractive" }, stdin: "ignore" } as const;
    await execa("apt-get", ["update"], options);
    await execa("apt-get", ["install", "-y", "--no-install-recommends", ...packages], options);
    if (packages.includes("containerd")) await stopService("containerd", path);
  });
}

// The package starts a service and enables it at boot, but the lab runs its own containerd. Disabling it afterwards is
// safe if this process is killed. A policy-rc.d that was left behind would disable services of all later installations.
async function stopService(name: string, path: string): Promise<void> {
  if (lookUp("systemctl", path) === undefined) return;
  const now = existsSync("/run/systemd/system") ? ["--now"] : [];
  await execa("systemctl", ["disable", ...now, name], { stdin: "ignore" });
}
