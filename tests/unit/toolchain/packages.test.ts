import { basename, dirname } from "node:path";
import { expect, test } from "vitest";
import { CA_BUNDLE, cniFolder, planInstall, running, XTABLES } from "../../../lab/toolchain/packages.ts";

const needs = [
  { thing: "containerd", package: "containerd" },
  { thing: "ctr", package: "containerd" },
  { thing: "ip", package: "iproute2" },
];

test("each package once", () => {
  expect(planInstall(needs, true)).toEqual(["containerd", "iproute2"]);
});

test("nothing missing needs no apt", () => {
  expect(planInstall([], false)).toEqual([]);
});

test("without apt the error names commands and packages", () => {
  expect(() => planInstall(needs, false)).toThrow(
    new Error(
      "missing: containerd (Debian package containerd), ctr (Debian package containerd), ip (Debian package iproute2). " +
        "There is no apt-get here: install them with this machine's package manager, then run the lab again",
    ),
  );
});

test.each(["/usr/lib/cni", "/usr/libexec/cni", "/opt/cni/bin"])("the CNI plugins are found in %s", (folder) => {
  expect(cniFolder((file) => dirname(file) === folder)).toBe(folder);
});

test("a folder without all CNI plugins does not count", () => {
  const plugins = ["ptp", "host-local", "loopback", "portmap"];
  const complete = plugins.map((name) => `/opt/cni/bin/${name}`);
  expect(cniFolder((file) => complete.includes(file) || file === "/usr/lib/cni/ptp")).toBe("/opt/cni/bin");
  expect(cniFolder((file) => basename(file) !== "portmap")).toBeUndefined();
});

test("what images are made of is asked for before anything is built", () => {
  expect(Object.fromEntries(running.map((need) => [need.thing, need.package]))).toMatchObject({
    dash: "dash",
    curl: "curl",
    "xtables-legacy-multi": "iptables",
    "xtables-nft-multi": "iptables",
    [XTABLES]: "iptables",
    [CA_BUNDLE]: "ca-certificates",
  });
});
