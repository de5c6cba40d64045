import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { completePath, findOnPath, fits, lookUp, type OnPath } from "../../../lab/toolchain/onPath.ts";
import { coredns, envoy, etcd, kubernetes, pulumi } from "../../../lab/toolchain/tools.ts";
import { script, temporaryFolder, write } from "./workshop.ts";

test.each([
  ["1.32.2", "1.32.2", "exact", true],
  ["1.32.3", "1.32.2", "exact", false],
  ["3.5.9", "3.5.21", "minor", true],
  ["3.6.0", "3.5.21", "minor", false],
  ["3.50.1", "3.5.21", "minor", false],
  ["", "3.5.21", "minor", false],
] as const)("version %j fits %s (%s): %s", (found, wanted, how, expected) => {
  expect(fits(found, wanted, how)).toBe(expected);
});

test.each([
  [kubernetes("1.32.2"), "Kubernetes v1.32.2\n", "1.32.2"],
  [etcd, "etcd Version: 3.5.21\nGit SHA: a1b2c3\nGo Version: go1.23.7\n", "3.5.21"],
  [coredns, "CoreDNS-1.12.0\nlinux/amd64, go1.23.3, 51e11f1\n", "1.12.0"],
  [envoy("1.37.0"), "\n/bin/envoy  version: 3909deb175ef/1.37.0/Clean/RELEASE/BoringSSL\n", "1.37.0"],
  [pulumi, "v3.255.0\n", "3.255.0"],
])("reads the version of $name from its output", ({ onPath }, said, version) => {
  expect(said.match(onPath?.reads ?? /$^/)?.[1]).toBe(version);
});

test("ignores folders and files that are not executable", () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "a", "lab-tool"), { recursive: true });
  write(join(folder, "b", "lab-tool"), "");
  const command = script(join(folder, "c", "lab-tool"), "");
  expect(lookUp("lab-tool", ["a", "b", "c"].map((name) => join(folder, name)).join(":"))).toBe(command);
  expect(lookUp("lab-tool", join(folder, "b"))).toBeUndefined();
});

test.each([
  ["/bin", "/bin:/usr/local/go/bin:/usr/local/sbin:/usr/sbin:/sbin"],
  ["/usr/sbin:/bin", "/usr/sbin:/bin:/usr/local/go/bin:/usr/local/sbin:/sbin"],
])("appends the system's folders to PATH, in a fixed order: %s", (PATH, completed) => {
  const environment = { PATH };
  completePath(environment);
  completePath(environment);
  expect(environment).toEqual({ PATH: completed });
});

const ask: OnPath = { args: ["--version"], reads: /^tool (\S+)/m, fits: "exact" };

test("requires all files of a tool in the right version", async () => {
  const folder = temporaryFolder();
  const one = script(join(folder, "one"), '[ "$1" = --version ] && echo tool 1.0.0');
  expect(await findOnPath(["one", "two"], "1.0.0", ask, folder)).toBeUndefined();
  const two = script(join(folder, "two"), "echo tool 1.0.1");
  expect(await findOnPath(["one", "two"], "1.0.0", ask, folder)).toBeUndefined();
  script(two, "echo tool 1.0.0");
  expect(await findOnPath(["one", "two"], "1.0.0", ask, folder)).toEqual({ one, two });
});

test("looks for companions beside the target of a symbolic link", async () => {
  const folder = temporaryFolder();
  script(join(folder, "real", "one"), "echo tool 1.0.0");
  mkdirSync(join(folder, "bin"));
  symlinkSync(join(folder, "real", "one"), join(folder, "bin", "one"));
  const withHost = { ...ask, companions: ["host"] };
  script(join(folder, "bin", "host"), "");
  expect(await findOnPath(["one", "host"], "1.0.0", withHost, join(folder, "bin"))).toBeUndefined();
  const host = script(join(folder, "real", "host"), "");
  expect(await findOnPath(["one", "host"], "1.0.0", withHost, join(folder, "bin"))).toEqual({
    one: join(folder, "bin", "one"),
    host,
  });
});
