import { chmodSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { clusterAccess } from "../../../config/kubeconfig.ts";
import { folder, kubeconfig } from "./fixtures.ts";

describe("a context", () => {
  test("leads to its API server", () => {
    const root = folder({ config: kubeconfig(["a", "b"]) });
    expect(clusterAccess(`${root}/config`, "b")).toEqual({
      kubeconfig: `${root}/config`,
      server: "https://b.example:6443",
    });
  });

  test("is found in a file whose path stays as written", () => {
    const root = folder({ "kube/config": kubeconfig(["a"]) });
    expect(clusterAccess("kube/config", "a", root)).toEqual({
      kubeconfig: "kube/config",
      server: "https://a.example:6443",
    });
  });

  test("that names a cluster or a user the file lacks is an error", () => {
    const config = (present: string) => `contexts: [{name: x, context: {cluster: c, user: u}}]\n${present}`;
    const root = folder({ a: config(""), b: config("clusters: [{name: c, cluster: {server: https://c}}]") });
    expect(() => clusterAccess(`${root}/a`, "x")).toThrow(
      new Error(`${root}/a: context "x" names cluster "c", which the file lacks`),
    );
    expect(() => clusterAccess(`${root}/b`, "x")).toThrow(
      new Error(`${root}/b: context "x" names user "u", which the file lacks`),
    );
  });

  test("of an empty file is an error that says so", () => {
    const root = folder({ config: "{}" });
    expect(() => clusterAccess(`${root}/config`, "x")).toThrow(
      new Error(`${root}/config has no context "x"; it has none`),
    );
  });
});

describe("the command of an exec user", () => {
  const exec = (command: string, installHint?: string) =>
    kubeconfig(["x"], { exec: { command, ...(installHint && { installHint }) } });

  test("is found on PATH, or beside the kubeconfig where it is a path", () => {
    const root = folder({
      config: exec("ncp-iam-authenticator"),
      path: exec("./bin/tool"),
      "bin/ncp-iam-authenticator": "",
      "bin/tool": "",
    });
    chmodSync(`${root}/bin/ncp-iam-authenticator`, 0o755);
    chmodSync(`${root}/bin/tool`, 0o755);
    expect(clusterAccess(`${root}/config`, "x", root, `/nowhere:${root}/bin`).server).toBe("https://x.example:6443");
    expect(clusterAccess(`${root}/path`, "x", root, "/nowhere").server).toBe("https://x.example:6443");
  });

  test("is named where it is missing or cannot be run", () => {
    const root = folder({
      config: exec("ncp-iam-authenticator", "see guide.ncloud-docs.com\n"),
      "bin/ncp-iam-authenticator": "",
    });
    expect(() => clusterAccess(`${root}/config`, "x", root, `${root}/bin`)).toThrow(
      new Error(
        `${root}/config: user "x" gets its credentials from the command "ncp-iam-authenticator", which is not on PATH; install it: see guide.ncloud-docs.com`,
      ),
    );
  });
});

test("a file that is no kubeconfig is never quoted: it may hold a token", () => {
  const root = folder({ config: "users: [token: hidden, {" });
  expect(() => clusterAccess(`${root}/config`, "x")).toThrow(new Error(`${root}/config is not a kubeconfig`));
});
