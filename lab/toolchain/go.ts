// The go command: the machine's own if it is new enough, else the official release.
import { join } from "node:path";
import { execa } from "execa";
import { cached } from "./cache.ts";
import { lookUp } from "./onPath.ts";
import type { Releases } from "./releases.ts";
import { goRelease } from "./tools.ts";
import { versions } from "./versions.ts";

/** The version in each go.mod of the lab. */
const NEEDED = { major: 1, minor: 26 };

export function isNewEnough(goVersion: string): boolean {
  const [, major, minor] = goVersion.match(/^go(\d+)\.(\d+)/) ?? [];
  return Number(major) > NEEDED.major || (Number(major) === NEEDED.major && Number(minor) >= NEEDED.minor);
}

/** Absolute path of a go command that can build the lab's tools. */
export async function findGo(path: string, cache: string, releases: Releases): Promise<string> {
  const own = lookUp("go", path);
  const version = own === undefined ? "" : await versionOf(own);
  if (own !== undefined && isNewEnough(version)) return own;
  const dir = await cached(cache, `go-${versions.go}`, async (work) => {
    if (await releases.get(goRelease, work)) return;
    const state = own === undefined ? "no go command is on PATH" : `${own} is ${version || "of an unknown version"}`;
    throw new Error(
      `Go ${NEEDED.major}.${NEEDED.minor} or newer is needed to build the lab's tools: ${state}, and its release cannot be ` +
        `downloaded from https://${goRelease.url}. Install it from https://go.dev/dl, then run the lab again`,
    );
  });
  return join(dir, "go", "bin", "go");
}

async function versionOf(go: string): Promise<string> {
  const { stdout } = await execa(go, ["env", "GOVERSION"], { reject: false, env: { GOTOOLCHAIN: "local" } });
  return stdout.trim();
}
