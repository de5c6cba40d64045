import { basename, dirname } from "node:path";
import { expect, test } from "vitest";
import { CA_BUNDLE, cniFolder, planInstall, running, XTABLES } from "../../../lab/toolchain/packages.ts";

const needs = [
  { thing: "containerd", package: "containerd" },
  { thing: "ctr", package: "containerd" },
  { thing: "ip", package: "iproute2" },
];

test("names each package once", () => {
  expect(planInstall(needs, true)).toEqual(["containerd", "iproute2"]);
});

test("needs no apt if nothing is missing", () => {
  expect(planInstall([], false)).toEqual([]);
});

test("without apt, the error names the missing commands and their packages", () => {
  expect(() => planInstall(needs, false)).toThrow(
    new Error(
      "missing: containerd (Debian package containerd), ctr (Debian package containerd), ip (Debian package iproute2). " +
        "There is no apt-get here: install them with this machine's package manager, then run the lab again",
    ),
  );
});

test.each(["/usr/lib/cni", "/usr/libexec/cni", "/opt/cni/bin"])("finds the CNI plugins in %s", (folder) => {
  expect(cniFolder((file) => dirname(file) === folder)).toBe(folder);
});

test("ignores a folder that lacks a CNI plugin", () => {
  const plugins = ["ptp", "host-local", "loopback", "portmap"];
  const complete = plugins.map((name) => `/opt/cni/bin/${name}`);
  expect(cniFolder((file) => complete.includes(file) || file === "/usr/lib/cni/ptp")).toBe("/opt/cni/bin");
  expect(cniFolder((file) => basename(file) !== "portmap")).toBeUndefined();
});

test("includes the programs that the images contain", () => {
  expect(Object.fromEntries(running.map((need) => [need.thing, need.package]))).toMatchObject({
    dash: "dash",
    curl: "curl",
    "xtables-legacy-multi": "iptables",
    "xtables-nft-multi": "iptables",
    [XTABLES]: "iptables",
    [CA_BUNDLE]: "ca-certificates",
  });
});
