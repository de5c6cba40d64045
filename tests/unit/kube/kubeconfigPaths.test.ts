import { execFileSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { connectionOf } from "../../../kube/connection.ts";
import { kubeconfigPath, placeless } from "../../../kube/kubeconfigPaths.ts";
import { folder, kubeconfig } from "../config/fixtures.ts";

const { HOME } = process.env;
let home: string;
beforeEach(() => {
  home = folder();
  process.env.HOME = home;
});
afterEach(() => {
  process.env.HOME = HOME;
});

test("resolves ~ and relative paths, and returns a kubeconfig's text unchanged", () => {
  expect(kubeconfigPath("~/.kube/config", "/project")).toBe(`${home}/.kube/config`);
  expect(kubeconfigPath("~", "/project")).toBe(home);
  expect(kubeconfigPath(".lab/kubeconfig", "/project")).toBe("/project/.lab/kubeconfig");
  expect(kubeconfigPath(".lab/kubeconfig")).toBe(join(process.cwd(), ".lab/kubeconfig"));
  expect(kubeconfigPath("/etc/kubeconfig", "/project")).toBe("/etc/kubeconfig");
  expect(kubeconfigPath("~other", "/project")).toBe("/project/~other");
  expect(kubeconfigPath("apiVersion: v1\n", "/project")).toBe("apiVersion: v1\n");
});

test("finds a kubeconfig below ~, and a command relative to it", async () => {
  const credential = { apiVersion: "client.authentication.k8s.io/v1", kind: "ExecCredential", status: { token: "t" } };
  const exec = { apiVersion: credential.apiVersion, command: "./login", interactiveMode: "Never" };
  process.env.HOME = folder({
    "kube/config": kubeconfig(["x"], { exec }),
    "kube/login": `#!/bin/sh\necho '${JSON.stringify(credential)}'\n`,
  });
  chmodSync(`${process.env.HOME}/kube/login`, 0o755);
  expect(await connectionOf("~/kube/config", "x")).toMatchObject({
    url: "https://x.example:6443",
    options: { headers: { authorization: "Bearer t" } },
  });
});

describe("placeless", () => {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const config = (cluster: object, user: object) =>
    JSON.stringify({
      clusters: [{ name: "x", cluster: { server: "https://x", ...cluster } }],
      users: [{ name: "x", user }],
      contexts: [{ name: "x", context: { cluster: "x", user: "x" } }],
    });
  const first = (text: string) => {
    const { clusters, users } = parse(text);
    return { cluster: clusters[0].cluster, user: users[0].user };
  };

  test("keeps a path if nothing in the file is relative", () => {
    const root = folder({
      plain: kubeconfig(["x"]),
      absolute: config({ "certificate-authority": "/ca.pem" }, { exec: { command: "/bin/login" } }),
      onPath: config({}, { exec: { command: "login" } }),
    });
    for (const name of ["plain", "absolute", "onPath", "missing"])
      expect(placeless(`${root}/${name}`)).toBe(`${root}/${name}`);
    expect(placeless("a: text\n")).toBe("a: text\n");
  });

  test("returns the text if ~ depends on $HOME, because the client expands ~ to the account's home directory", () => {
    const text = kubeconfig(["x"]);
    process.env.HOME = folder({ config: text });
    expect(parse(placeless("~/config"))).toEqual(parse(text));
    process.env.HOME = HOME;
    expect(placeless("~/no such file")).toBe("~/no such file");
  });

  test("includes the contents of referenced files", () => {
    process.env.HOME = folder({
      config: config(
        { "certificate-authority": "pki/ca.pem" },
        { "client-certificate": "crt.pem", "client-key": "./key.pem", tokenFile: "token", token: "old" },
      ),
      "pki/ca.pem": "ca",
      "crt.pem": "crt",
      "key.pem": "key",
      token: "new\n",
    });
    expect(first(placeless("~/config"))).toEqual({
      cluster: { server: "https://x", "certificate-authority-data": base64("ca") },
      user: { token: "new", "client-certificate-data": base64("crt"), "client-key-data": base64("key") },
    });
  });

  test("reads UTF-16, and writes UTF-8", () => {
    const text = config({ "certificate-authority": "ca.pem" }, { token: "t" });
    process.env.HOME = folder({ "ca.pem": "ca" });
    writeFileSync(`${process.env.HOME}/config`, Buffer.from(`\ufeff${text}`, "utf16le"));
    expect(first(placeless("~/config")).cluster).toEqual({
      server: "https://x",
      "certificate-authority-data": base64("ca"),
    });
  });

  test("prefers inline data to files, and keeps references to missing files", () => {
    const data = { "certificate-authority-data": base64("mine") };
    process.env.HOME = folder({
      config: config({ "certificate-authority": "ca.pem", ...data }, { "client-key": "missing" }),
      "ca.pem": "other",
    });
    expect(first(placeless("~/config"))).toEqual({
      cluster: { server: "https://x", ...data },
      user: { "client-key": "missing" },
    });
  });

  test("resolves a relative command like the kubeconfig's own path: relative to the project, or absolute", () => {
    const root = folder({ config: config({}, { exec: { command: "./bin/login", args: ["a"] } }) });
    const command = (path: string) => first(placeless(path)).user.exec;
    expect(command(relative(process.cwd(), `${root}/config`))).toEqual({
      command: relative(process.cwd(), `${root}/bin/login`),
      args: ["a"],
    });
    expect(command(`${root}/config`)).toEqual({ command: `${root}/bin/login`, args: ["a"] });
  });

  test("writes a command below the home directory without naming that directory", () => {
    process.env.HOME = folder({
      "my kube/config": config({}, { exec: { command: "./bin/login", args: ["a b", "$c"] } }),
      "my kube/bin/login": '#!/bin/sh\nprintf "%s," "$0" "$@"\n',
    });
    chmodSync(`${process.env.HOME}/my kube/bin/login`, 0o755);
    const text = placeless("~/my kube/config");
    expect(text).not.toContain(process.env.HOME);
    const { command, args } = first(text).user.exec;
    expect(execFileSync(command, args).toString()).toBe(`${process.env.HOME}/my kube/bin/login,a b,$c,`);
  });
});
