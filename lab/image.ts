// Builds a container image from files of this machine, without Docker and registries.
import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { execa } from "execa";

export interface ImageSpec {
  /** Names of the image. They share its files. */
  readonly names: readonly string[];
  readonly entrypoint: readonly string[];
  /** `uid:gid`; root without. */
  readonly user?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Programs, with the shared libraries that they need: path in the image to path on this machine. */
  readonly programs: Readonly<Record<string, string>>;
  /** Files and folders that are copied unchanged. */
  readonly files?: Readonly<Record<string, string>>;
  readonly links?: Readonly<Record<string, string>>;
}

/** Writes the image as an archive for `ctr images import`, unless the same archive exists. Returns its path. */
export async function makeImage(spec: ImageSpec, folder: string, version: string): Promise<string> {
  const key = createHash("sha256").update(JSON.stringify({ spec, version })).digest("hex").slice(0, 12);
  const name = basename(spec.names[0] ?? "image").replace(/[^\w.-]/g, "-");
  const archive = join(folder, `${name}-${key}.tar`);
  if (existsSync(archive)) return archive;
  await mkdir(folder, { recursive: true });
  const work = await mkdtemp(join(folder, ".making-"));
  try {
    const made = await archiveOf(spec, work);
    await rename(made, archive);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return archive;
}

async function archiveOf(spec: ImageSpec, work: string): Promise<string> {
  const root = join(work, "root");
  for (const folder of ["tmp", "etc", "run", "var/run", "root"]) await mkdir(join(root, folder), { recursive: true });
  await execa("chmod", ["1777", join(root, "tmp")]);
  await writeFile(join(root, "etc/passwd"), "root:x:0:0::/root:/bin/sh\nistio-proxy:x:1337:1337::/:/bin/sh\n");
  await writeFile(join(root, "etc/group"), "root:x:0:\nistio-proxy:x:1337:\n");
  const put = async (from: string, to: string) => {
    await mkdir(dirname(join(root, to)), { recursive: true });
    await cp(from, join(root, to), { recursive: true, dereference: true });
  };
  for (const [to, from] of Object.entries(spec.files ?? {})) await put(from, to);
  for (const [to, from] of Object.entries(spec.programs)) {
    await put(from, to);
    for (const library of await librariesOf(from)) await put(library, library);
  }
  for (const [link, target] of Object.entries(spec.links ?? {})) {
    await mkdir(dirname(join(root, link)), { recursive: true });
    await symlink(target, join(root, link));
  }

  const layer = join(work, "layer.tar");
  await execa("tar", [
    "--sort=name",
    "--mtime=@0",
    "--owner=0",
    "--group=0",
    "--numeric-owner",
    "-cf",
    layer,
    "-C",
    root,
    ".",
  ]);
  const layerDigest = await sha256(layer);
  const config = JSON.stringify({
    architecture: process.arch === "arm64" ? "arm64" : "amd64",
    os: "linux",
    config: {
      User: spec.user ?? "",
      Entrypoint: spec.entrypoint,
      Env: Object.entries({
        PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        ...spec.environment,
      }).map(([name, value]) => `${name}=${value}`),
    },
    rootfs: { type: "layers", diff_ids: [`sha256:${layerDigest}`] },
    history: [{ created_by: "csp-mesh lab" }],
  });
  const configName = `${createHash("sha256").update(config).digest("hex")}.json`;
  await writeFile(join(work, configName), config);
  await writeFile(
    join(work, "manifest.json"),
    JSON.stringify([{ Config: configName, RepoTags: spec.names, Layers: ["layer.tar"] }]),
  );
  const archive = join(work, "image.tar");
  await execa("tar", ["-cf", archive, "-C", work, "manifest.json", configName, "layer.tar"]);
  return archive;
}

/** Shared libraries and the loader of a program; none for a static program. */
async function librariesOf(program: string): Promise<string[]> {
  const { stdout, exitCode } = await execa("ldd", [program], { reject: false });
  if (exitCode !== 0) return [];
  return [...stdout.matchAll(/(\/\S+) \(0x/g)].flatMap(([, path]) => (path === undefined ? [] : [path]));
}

async function sha256(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest("hex");
}
