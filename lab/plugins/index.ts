// Stand-ins for the Pulumi resource plugins tls, random and command: for the lab, on machines that cannot download the
// official ones. Engine and SDKs are the real ones; only what answers behind the plugin protocol is ours. They behave
// as the originals do for what the program uses, and refuse the rest by name. Never ship or install them elsewhere.
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

const NAMES = ["tls", "random", "command"] as const;

/**
 * Writes `pulumi-resource-tls`, `-random` and `-command` into `binDir`, a folder for PATH. They run this checkout's
 * sources with the Node that runs now; compiled code is cached in `binDir/.compile-cache`.
 */
export async function installStandIns(binDir: string): Promise<void> {
  await mkdir(binDir, { recursive: true });
  await Promise.all(
    NAMES.map(async (name) => {
      const file = join(binDir, `pulumi-resource-${name}`);
      await writeFile(file, wrapper(join(import.meta.dirname, `${name}.ts`), join(binDir, ".compile-cache")));
      await chmod(file, 0o755);
    }),
  );
}

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

const wrapper = (source: string, cache: string): string => `#!/bin/sh
# Stand-in of the csp-mesh lab for the official plugin of this name.
NODE_COMPILE_CACHE=${quoted(cache)} exec ${quoted(process.execPath)} ${quoted(source)} "$@"
`;
