import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { expect, test } from "vitest";
import { cached, cacheRoot } from "../../../lab/toolchain/cache.ts";
import { waitFor } from "../../../lab/wait.ts";
import { temporaryFolder, write } from "./workshop.ts";

test("is in XDG_CACHE_HOME or ~/.cache, outside of the repository", () => {
  expect(cacheRoot({ XDG_CACHE_HOME: "/var/tmp/cache" })).toBe("/var/tmp/cache/csp-mesh");
  expect(cacheRoot({})).toMatch(/\/\.cache\/csp-mesh$/);
});

test("builds an entry once", async () => {
  const root = join(temporaryFolder(), "cache");
  let made = 0;
  const make = async (dir: string) => {
    made++;
    write(join(dir, "tool"), "whole");
  };
  expect(await cached(root, "tool-1", make)).toBe(join(root, "tool-1"));
  expect(await cached(root, "tool-1", make)).toBe(join(root, "tool-1"));
  expect(made).toBe(1);
});

test("leaves nothing after a failed build", async () => {
  const root = temporaryFolder();
  const failing = cached(root, "tool-1", async (dir) => {
    write(join(dir, "tool"), "half");
    throw new Error("no space left");
  });
  await expect(failing).rejects.toThrow("no space left");
  expect(readdirSync(root)).toEqual([]);
});

test("keeps one complete folder when two runs build the same entry", async () => {
  const root = temporaryFolder();
  const both = Promise.withResolvers<void>();
  let started = 0;
  const run = () =>
    cached(root, "tool-1", async (dir) => {
      if (++started === 2) both.resolve();
      await both.promise;
      write(join(dir, "tool"), "whole");
    });
  expect(await Promise.all([run(), run()])).toEqual([join(root, "tool-1"), join(root, "tool-1")]);
  expect(readdirSync(root)).toEqual(["tool-1"]);
  expect(readFileSync(join(root, "tool-1", "tool"), "utf8")).toBe("whole");
});

test("repeats a build that was killed, and removes its partial folder", async () => {
  const root = temporaryFolder();
  const module = pathToFileURL(join(import.meta.dirname, "../../../lab/toolchain/cache.ts")).href;
  const program = `
    import { writeFileSync } from "node:fs";
    const { cached } = await import("${module}");
    await cached("${root}", "tool-1", (dir) => {
      writeFileSync(dir + "/tool", "half");
      process.stdout.write("half way\\n");
      return new Promise(() => setInterval(() => {}, 60_000));
    });`;
  const killed = execa(process.execPath, ["--input-type=module", "--eval", program], { reject: false });
  await new Promise((halfWay) => killed.stdout.once("data", halfWay));
  const left = () => readdirSync(root).filter((name) => name.startsWith(".partial-"));
  expect(left()).toHaveLength(1);
  killed.kill("SIGKILL");
  await killed;
  expect(existsSync(join(root, "tool-1"))).toBe(false);

  const dir = await cached(root, "tool-1", async (work) => void write(join(work, "tool"), "whole"));
  expect(readFileSync(join(dir, "tool"), "utf8")).toBe("whole");
  expect(left()).toEqual([]);
});

test("does not remove the partial folder of a running build", async () => {
  const root = temporaryFolder();
  const go = Promise.withResolvers<void>();
  const slow = cached(root, "slow-1", async (dir) => {
    write(join(dir, "tool"), "half");
    await go.promise;
  });
  const partials = () => readdirSync(root).filter((name) => name.startsWith(".partial-"));
  await waitFor("the slow run at work", 5_000, async () => partials().length === 1 || "not yet");
  await cached(root, "quick-1", async () => {});
  expect(partials()).toHaveLength(1);
  go.resolve();
  expect(existsSync(join(await slow, "tool"))).toBe(true);
});
