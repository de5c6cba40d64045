// Downloads official releases where they are reachable. A file is used only after its checksum was verified.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { execa } from "execa";
import { say, step } from "../log.ts";

export interface Release {
  /** Host and path, without `https://`. */
  readonly url: string;
  /** URL of the publisher's checksum file, likewise. */
  readonly checksums: string;
  /** Files and folders by their path in the archive, or the name of a single file that is no archive. */
  readonly gives: string | Readonly<Record<string, string>>;
}

export interface Releases {
  /**
   * Puts the files into `dir`. Returns false, and prints a message, if the release cannot be downloaded. Throws on a
   * wrong checksum.
   */
  readonly get: (release: Release, dir: string) => Promise<boolean>;
}

/** A closed network often drops packets instead of refusing them. A reachable host answers within this time. */
const PROBE_SECONDS = "3";

// Use curl instead of fetch, because it respects the machine's proxy settings and certificates.
const CURL = ["--silent", "--show-error", "--location"];
const PATIENCE = ["--connect-timeout", "10", "--speed-limit", "1024", "--speed-time", "30", "--retry", "2"];

/**
 * @param mirror URL that replaces the publishers' hosts: `<mirror>/dl.k8s.io/v1.32.2/…`. Any URL that curl accepts,
 * also `file:///`.
 * @param hosts the publishers' hosts. They are tested once, concurrently, on the first `get`.
 */
export function releasesFrom(mirror: string | undefined, hosts: readonly string[]): Releases {
  const base = mirror?.replace(/\/+$/, "");
  const locate = (url: string) => (base ? `${base}/${url}` : `https://${url}`);
  const hostOf = (url: string) => (base ? base : `https://${url.slice(0, url.indexOf("/"))}`);
  let probes: Promise<ReadonlySet<string>> | undefined;

  async function probe(): Promise<ReadonlySet<string>> {
    const asked = [...new Set(hosts.map((host) => hostOf(`${host}/`)))];
    const answers = await Promise.all(asked.map(answersAtAll));
    const silent = asked.filter((_, i) => !answers[i]);
    if (silent.length > 0) say(`no official releases: no answer from ${silent.join(", ")}`);
    return new Set(asked.filter((_, i) => answers[i]));
  }

  return {
    get: async (release, dir) => {
      probes ??= probe();
      if (!(await probes).has(hostOf(release.url))) return false;
      const work = await mkdtemp(join(dir, ".download-"));
      try {
        return await download(
          { ...release, url: locate(release.url), checksums: locate(release.checksums) },
          work,
          dir,
        );
      } finally {
        await rm(work, { recursive: true, force: true });
      }
    },
  };
}

async function answersAtAll(url: string): Promise<boolean> {
  const options = ["--silent", "--head", "--output", "/dev/null", "--max-time", PROBE_SECONDS];
  return (await execa("curl", [...options, url], { reject: false })).exitCode === 0;
}

async function download(release: Release, work: string, dir: string): Promise<boolean> {
  const name = basename(release.url);
  const file = join(work, name);
  const sums = join(work, "checksums");
  try {
    await step(`download ${release.url}`, async () => {
      await execa("curl", [...CURL, ...PATIENCE, "--fail", "--output", sums, release.checksums]);
      await execa("curl", [...CURL, ...PATIENCE, "--fail", "--output", file, release.url]);
    });
  } catch (error) {
    say(`${release.url}: not available (${reason(error)})`);
    return false;
  }
  await verify(file, release, publishedChecksum(await readFile(sums, "utf8"), name));
  await unpack(file, release.gives, work, dir);
  return true;
}

function reason(error: unknown): string {
  const { stderr } = error as { stderr?: string };
  return stderr?.trim().split("\n").at(-1) || String(error);
}

/** The checksum of `file` in the text of a `.sha256` file or of a list of checksums. */
export function publishedChecksum(text: string, file: string): string | undefined {
  for (const line of text.split("\n")) {
    const [, sum, name] = line.trim().match(/^([0-9a-f]{40}|[0-9a-f]{64})(?:\s+\*?(\S+))?$/i) ?? [];
    if (sum !== undefined && (name === undefined || basename(name) === file)) return sum.toLowerCase();
  }
  return undefined;
}

async function verify(file: string, { url, checksums }: Release, published: string | undefined): Promise<void> {
  if (published === undefined)
    throw new Error(`${checksums}: has no checksum of ${basename(url)}; nothing was installed`);
  // The checksum lists of Pulumi's bridged plugins only contain SHA-1.
  const algorithm = published.length === 40 ? "sha1" : "sha256";
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  const actual = hash.digest("hex");
  if (actual !== published) {
    throw new Error(
      `${url}: its ${algorithm} is ${actual}, but ${checksums} has ${published}; nothing was installed. ` +
        "Run it again; if the difference persists, a mirror or proxy serves another file",
    );
  }
}

async function unpack(file: string, gives: Release["gives"], work: string, dir: string): Promise<void> {
  if (typeof gives === "string") {
    await chmod(file, 0o755);
    await rename(file, join(dir, gives));
    return;
  }
  // Unpack everything: archives name files with or without a leading "./", which tar distinguishes.
  const all = join(work, "unpacked");
  await mkdir(all);
  await execa("tar", ["-xzf", file, "-C", all, "--no-same-owner"]);
  for (const [name, path] of Object.entries(gives)) await rename(join(all, path), join(dir, name));
}
