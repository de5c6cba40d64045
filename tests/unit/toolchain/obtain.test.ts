import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { findGo, isNewEnough } from "../../../lab/toolchain/go.ts";
import { isCached, obtain, type Sources, type Tool, tryObtain } from "../../../lab/toolchain/obtain.ts";
import { lookUp } from "../../../lab/toolchain/onPath.ts";
import { releasesFrom } from "../../../lab/toolchain/releases.ts";
import { versions } from "../../../lab/toolchain/versions.ts";
import { releaseServer, script, silentUrl, temporaryFolder, write } from "./workshop.ts";

const SAYS = (source: string) => `#!/bin/sh\necho from ${source}\n`;

/** A tool that every source provides, and that prints its source. */
function greeter(folder: string): Tool<"greeter"> {
  const module = join(folder, "module");
  write(join(module, "go.mod"), "module lab/greeter\n\ngo 1.26\n");
  write(join(module, "main.go"), 'package main\n\nvar source = "?"\n\nfunc main() { println("from " + source) }\n');
  return {
    name: "greeter",
    version: "1.0.0",
    files: ["greeter"],
    onPath: { args: ["--version"], reads: /^greeter (\S+)/m, fits: "exact" },
    releases: [{ url: "publisher.test/greeter", checksums: "publisher.test/greeter.sha256", gives: "greeter" }],
    recipes: [{ kind: "go build", module, programs: { greeter: "." }, variables: { "main.source": "build" } }],
  };
}

function sources(folder: string, releases: string, own: Partial<Sources> = {}): Sources {
  return {
    cache: join(folder, "cache"),
    path: join(folder, "bin"),
    releases: releasesFrom(releases, ["publisher.test"]),
    go: async () => lookUp("go", process.env.PATH ?? "") ?? "go",
    pip: async () => "pip3",
    ...own,
  };
}

const mirror = () => {
  const sum = createHash("sha256").update(SAYS("release")).digest("hex");
  return releaseServer({ "publisher.test/greeter": SAYS("release"), "publisher.test/greeter.sha256": sum });
};

async function whatItSays(program: string): Promise<string> {
  return (await execa(program, { all: true })).all;
}

const unused = () => Promise.reject(new Error("must not be asked"));

test("uses the tool on PATH, and contacts no server", async () => {
  const folder = temporaryFolder();
  const onPath = script(join(folder, "bin", "greeter"), '[ "$1" = --version ] && echo greeter 1.0.0');
  const server = await mirror();
  const found = await obtain(greeter(folder), sources(folder, server.url, { go: unused }));
  expect(found.greeter).toBe(onPath);
  expect(server.asked).toEqual([]);
});

test("ignores another version on PATH, and downloads and caches the release", async () => {
  const folder = temporaryFolder();
  script(join(folder, "bin", "greeter"), "echo greeter 1.0.1");
  const server = await mirror();
  const { greeter: program } = await obtain(greeter(folder), sources(folder, server.url, { go: unused }));
  expect(program.startsWith(join(folder, "cache", "greeter-1.0.0-"))).toBe(true);
  expect(await whatItSays(program)).toBe("from release");

  const asked = server.asked.length;
  const again = await obtain(greeter(folder), sources(folder, server.url, { go: unused }));
  expect(again.greeter).toBe(program);
  expect(server.asked).toHaveLength(asked);
});

test("builds the tool if no release can be downloaded, and keeps the log", async () => {
  const folder = temporaryFolder();
  const tool = greeter(folder);
  const { greeter: program } = await obtain(tool, sources(folder, await silentUrl()));
  expect(await whatItSays(program)).toBe("from build");
  expect(isCached(tool, join(folder, "cache"))).toBe(true);
  expect(readdirSync(join(folder, "cache", "logs"))).toHaveLength(1);
});

test("fails on a wrong checksum instead of building the tool", async () => {
  const folder = temporaryFolder();
  const server = await releaseServer({
    "publisher.test/greeter": SAYS("release"),
    "publisher.test/greeter.sha256": "0".repeat(64),
  });
  await expect(obtain(greeter(folder), sources(folder, server.url, { go: unused }))).rejects.toThrow(
    `has ${"0".repeat(64)}; nothing was installed`,
  );
  expect(isCached(greeter(folder), join(folder, "cache"))).toBe(false);
});

test("rebuilds the tool after a change of the recipe", async () => {
  const folder = temporaryFolder();
  const tool = greeter(folder);
  const silent = await silentUrl();
  const before = await obtain(tool, sources(folder, silent));
  write(join(folder, "module", "main.go"), 'package main\n\nfunc main() { println("from another source") }\n');
  const after = await obtain(tool, sources(folder, silent));
  expect(await whatItSays(before.greeter)).toBe("from build");
  expect(await whatItSays(after.greeter)).toBe("from another source");
});

test("reports a failed build with the end of its log", async () => {
  const folder = temporaryFolder();
  const tool = greeter(folder);
  write(join(folder, "module", "main.go"), "package main\n\nfunc main() { missing() }\n");
  const error = await obtain(tool, sources(folder, await silentUrl())).catch((thrown: Error) => thrown);
  const [log = ""] = readdirSync(join(folder, "cache", "logs"));
  expect((error as Error).message).toBe(
    `go build greeter failed; the whole log is ${join(folder, "cache", "logs", log)}\n` +
      "# lab/greeter\n./main.go:3:15: undefined: missing",
  );
  expect(readFileSync(join(folder, "cache", "logs", log), "utf8")).toContain("undefined: missing");
  expect(isCached(tool, join(folder, "cache"))).toBe(false);
});

test("repeats a build that was killed, and never uses its partial output", async () => {
  const folder = temporaryFolder();
  const tool = greeter(folder);
  const half = script(
    join(folder, "go"),
    'while [ "$1" != -o ]; do shift; done; echo half > "$2"; echo $$ > "$2.pid"; echo half way; exec tail -f /dev/null',
  );
  const program = `
    const { obtain } = await import("${join(import.meta.dirname, "../../../lab/toolchain/obtain.ts")}");
    const input = JSON.parse(process.argv[1]);
    const no = { get: async () => false };
    await obtain(input.tool, { ...input.sources, releases: no, go: async () => "${half}" });`;
  const input = { tool: { ...tool, onPath: undefined }, sources: { cache: join(folder, "cache"), path: "" } };
  // A separate process group, so that the kill also reaches the fake go, like a reboot.
  const killed = execa(process.execPath, ["--input-type=module", "--eval", program, JSON.stringify(input)], {
    detached: true,
    reject: false,
  });
  const log = () => {
    const dir = join(folder, "cache", "logs");
    return existsSync(dir)
      ? readdirSync(dir)
          .map((name) => readFileSync(join(dir, name), "utf8"))
          .join("")
      : "";
  };
  await expect.poll(log, { timeout: 10_000 }).toBe("half way\n");
  process.kill(-(killed.pid ?? 0), "SIGKILL");
  await killed;
  expect(isCached(tool, join(folder, "cache"))).toBe(false);

  const { greeter: whole } = await obtain(tool, sources(folder, await silentUrl()));
  expect(await whatItSays(whole)).toBe("from build");
  expect(readdirSync(join(folder, "cache")).filter((name) => name.startsWith(".partial-"))).toEqual([]);
});

test("returns undefined for a tool without recipes if its release is unavailable, and remembers that", async () => {
  const folder = temporaryFolder();
  const tool = { ...greeter(folder), recipes: [] };
  expect(await tryObtain(tool, sources(folder, await silentUrl()))).toBeUndefined();
  const server = await mirror();
  expect(await tryObtain(tool, sources(folder, server.url))).toBeUndefined();
  expect(server.asked).toEqual([]);
});

test.each([
  ["go1.26.8", true],
  ["go1.26rc1", true],
  ["go1.27", true],
  ["go2.0", true],
  ["go1.25.9", false],
  ["go1.3", false],
  ["", false],
])("accepts %j as new enough: %s", (version, expected) => {
  expect(isNewEnough(version)).toBe(expected);
});

test("reports an outdated go and its unavailable release, with the remedy", async () => {
  const folder = temporaryFolder();
  const go = script(join(folder, "bin", "go"), "echo go1.19.8");
  const nothing = { get: async () => false };
  const arch = process.arch === "x64" ? "amd64" : process.arch;
  await expect(findGo(join(folder, "bin"), join(folder, "cache"), nothing)).rejects.toThrow(
    new Error(
      `Go 1.26 or newer is needed to build the lab's tools: ${go} is go1.19.8, and its release cannot be downloaded from ` +
        `https://dl.google.com/go/go${versions.go}.linux-${arch}.tar.gz. Install it from https://go.dev/dl, then run the lab again`,
    ),
  );
});

test("uses the release of go instead of an outdated one", async () => {
  const folder = temporaryFolder();
  script(join(folder, "bin", "go"), "echo go1.19.8");
  const release = { get: async (_: unknown, dir: string) => !!script(join(dir, "go", "bin", "go"), "") };
  const go = await findGo(join(folder, "bin"), join(folder, "cache"), release);
  expect(go).toBe(join(folder, "cache", `go-${versions.go}`, "go", "bin", "go"));
});
