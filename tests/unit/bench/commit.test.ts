import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { commitOf } from "../../../bench/commit.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "commit-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(dir, { recursive: true });
});

describe("the commit of a result", () => {
  test("is git's short hash of HEAD", async () => {
    const git = (...args: string[]) =>
      execa("git", ["-c", "user.name=a", "-c", "user.email=a@b.example", ...args], { cwd: dir });
    await git("init");
    await git("commit", "--allow-empty", "-m", "first");
    const { stdout } = await git("rev-parse", "--short", "HEAD");
    expect(await commitOf(dir)).toBe(stdout);
  });

  test('is "unknown" outside a git repository', async () => {
    expect(await commitOf(dir)).toBe("unknown");
  });

  test('is "unknown" without git', async () => {
    vi.stubEnv("PATH", dir);
    expect(await commitOf(dir)).toBe("unknown");
  });
});
