// A closed network's registry as a person would set it up: the CNCF's registry with a private CA's certificate and a
// password. Tests that need it start it beside the clouds; it is removed with the lab.
import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
// The registry only accepts passwords hashed with bcrypt, which Node lacks.
import { hash } from "bcryptjs";
import { execa } from "execa";
import { stringify } from "yaml";
import { insideMachine, startMachine } from "./machine.ts";
import { CONTAINERD_SOCKET, registryTrust } from "./node.ts";
import { authority } from "./pki.ts";
import type { RegistryInput } from "./registryMain.ts";
import type { ClusterSpec } from "./spec.ts";
import { ensureHelm, ensureRegistry } from "./toolchain/index.ts";
import type { Lab } from "./up.ts";

export interface Registry {
  /** Host and port as in image names: `172.30.0.2:5000`. */
  readonly host: string;
  /** Path of its CA, PEM. */
  readonly caFile: string;
  readonly username: string;
  readonly password: string;
  /** Path of its access log. */
  readonly log: string;
}

const PORT = 5000;

export async function startRegistry(lab: Lab): Promise<Registry> {
  const dir = join(lab.dir, "registry");
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const file = (name: string) => join(dir, name);
  const host = `${lab.cloudIp}:${PORT}`;
  const [username, password] = ["mesh-reader", randomBytes(24).toString("base64url")];
  const ca = await authority("registry-ca");
  const own = await ca.issue({ commonName: "registry", hosts: [lab.cloudIp] });
  const files = {
    "ca.crt": ca.certPem,
    "tls.crt": own.certPem,
    "tls.key": own.keyPem,
    htpasswd: `${username}:${await hash(password, 5)}\n`,
    "config.yaml": stringify({
      version: "0.1",
      log: { level: "error", accesslog: { disabled: false } },
      storage: { filesystem: { rootdirectory: file("data") } },
      auth: { htpasswd: { realm: "lab", path: file("htpasswd") } },
      http: { addr: host, tls: { certificate: file("tls.crt"), key: file("tls.key") } },
    }),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(file(name), text, { mode: 0o600 });
  const input: RegistryInput = { dir, host, program: await ensureRegistry(), config: file("config.yaml") };
  const script = join(import.meta.dirname, "registryMain.ts");
  await startMachine({ name: "registry", netns: lab.cloudNetns, cgroup: `${lab.cgroup}/registry`, dir, script, input });
  return { host, caFile: file("ca.crt"), username, password, log: file("logs/registry.log") };
}

/** Makes a cluster's node trust the registry's CA. */
export async function trustRegistry(cluster: ClusterSpec, registry: Registry): Promise<void> {
  await writeHosts(registryTrust(cluster), registry, { capabilities: ["pull", "resolve"] });
}

/** Writes containerd's settings for a registry: `hosts.toml` in a folder with the registry's name. */
async function writeHosts(
  folder: string,
  { host, caFile }: Registry,
  settings: Record<string, unknown>,
): Promise<void> {
  await mkdir(join(folder, host), { recursive: true, mode: 0o700 });
  const { header, ...plain } = { ca: caFile, ...settings } as Record<string, unknown>;
  const section = `[host."https://${host}"`;
  const lines = [
    `server = "https://${host}"`,
    `${section}]`,
    ...Object.entries(plain).map(([key, value]) => `${key} = ${JSON.stringify(value)}`),
    ...(header === undefined ? [] : [`${section}.header]`, `authorization = ${JSON.stringify(header)}`]),
  ];
  await writeFile(join(folder, host, "hosts.toml"), `${lines.join("\n")}\n`, { mode: 0o600 });
}

/**
 * Moves images from the nodes to the registry. Afterwards no node has them under any name.
 *
 * @param names names in the registry, by their names on the nodes
 */
export async function moveImages(lab: Lab, registry: Registry, names: Readonly<Record<string, string>>): Promise<void> {
  const [first] = lab.clusters;
  if (first === undefined) return;
  // Put the login into a file, because other users can read arguments.
  const hosts = join(lab.dir, "registry", "push");
  const login = Buffer.from(`${registry.username}:${registry.password}`).toString("base64");
  await writeHosts(hosts, registry, { capabilities: ["pull", "resolve", "push"], header: `Basic ${login}` });
  for (const [name, target] of Object.entries(names)) {
    await ctr(lab, first, "tag", name, target);
    await ctr(lab, first, "push", "--hosts-dir", hosts, target);
    await ctr(lab, first, "rm", target);
  }
  await Promise.all(lab.clusters.map((cluster) => forget(lab, cluster, Object.keys(names))));
}

/**
 * Removes images and their contents. Containerd keeps contents as long as kubelet's own names (digests) refer to them.
 */
async function forget(lab: Lab, cluster: ClusterSpec, names: readonly string[]): Promise<void> {
  const [, ...lines] = (await ctr(lab, cluster, "ls")).split("\n");
  const known = lines.map((line) => line.split(/\s+/)).map(([name = "", , digest]) => ({ name, digest }));
  const digests = known.filter(({ name }) => names.includes(name)).map(({ digest }) => digest);
  const all = known.filter(({ digest }) => digests.includes(digest)).map(({ name }) => name);
  await ctr(lab, cluster, "rm", "--sync", ...all);
}

/** Names of the images that a cluster's node has. */
export async function imagesOf(lab: Lab, cluster: ClusterSpec): Promise<string[]> {
  return (await ctr(lab, cluster, "ls", "--quiet")).split("\n");
}

async function ctr(lab: Lab, cluster: ClusterSpec, ...args: string[]): Promise<string> {
  const [enter = "", ...inside] = insideMachine(cluster.dir);
  const containerd = [lab.tools.ctr, "--address", CONTAINERD_SOCKET, "--namespace", "k8s.io", "images"];
  const { stdout } = await execa(enter, [...inside, ...containerd, ...args]);
  return stdout;
}

/** Pushes folders of charts with `helm push`. @returns the registry's URL for charts */
export async function pushCharts(lab: Lab, registry: Registry, charts: readonly string[]): Promise<string> {
  const program = await ensureHelm();
  const home = join(lab.dir, "registry", "helm");
  const env = { HELM_CONFIG_HOME: home, HELM_CACHE_HOME: home, HELM_DATA_HOME: home };
  const helm = (args: string[], input = "") => execa(program, args, { env, input });
  const trust = ["--ca-file", registry.caFile];
  const { host, username, password } = registry;
  await helm(["registry", "login", host, "--username", username, "--password-stdin", ...trust], password);
  const target = `oci://${host}/charts`;
  for (const chart of charts) {
    const { stdout } = await helm(["package", chart, "--destination", home]);
    await helm(["push", stdout.slice(stdout.indexOf("/")), target, ...trust]);
  }
  return target;
}
