import { chmodSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { clusterAccess } from "../../../config/kubeconfig.ts";
import { parseConfig } from "../../../config/parse.ts";
import { connectionOf } from "../../../kube/connection.ts";
import { folder, kubeconfig } from "./fixtures.ts";

describe("a context", () => {
  test("resolves to its API server", () => {
    const root = folder({ config: kubeconfig(["a", "b"]) });
    expect(clusterAccess(`${root}/config`, "b")).toEqual({
      kubeconfig: `${root}/config`,
      server: "https://b.example:6443",
    });
  });

  test("is found below the project's folder, and the path is kept as written", () => {
    const root = folder({ "kube/config": kubeconfig(["a"]) });
    expect(clusterAccess("kube/config", "a", root)).toEqual({
      kubeconfig: "kube/config",
      server: "https://a.example:6443",
    });
  });

  test("is rejected if it names a missing cluster or user", () => {
    const config = (present: string) => `contexts: [{name: x, context: {cluster: c, user: u}}]\n${present}`;
    const root = folder({ a: config(""), b: config("clusters: [{name: c, cluster: {server: https://c}}]") });
    expect(() => clusterAccess(`${root}/a`, "x")).toThrow(
      new Error(`${root}/a: context "x" names cluster "c", which is not in the file`),
    );
    expect(() => clusterAccess(`${root}/b`, "x")).toThrow(
      new Error(`${root}/b: context "x" names user "u", which is not in the file`),
    );
  });

  test("is rejected without quoting a token that was given as tokenFile", () => {
    const root = folder({ config: kubeconfig(["a"], { tokenFile: "eyJhbGciOiJSUzI1.eyJpc3MiOiJrdWJl.c2ln" }) });
    expect(() => clusterAccess(`${root}/config`, "a")).toThrow(`names a tokenFile that cannot be read: "${root}/***"`);
  });

  test("is rejected without quoting kubeconfig text that was given as a path", () => {
    const root = folder();
    expect(() => clusterAccess("token: s3cr3t", "a", root)).toThrow(`"${root}/token: ***" cannot be read (ENOENT)`);
  });

  test("is rejected if the file is empty", () => {
    const root = folder({ config: "{}" });
    expect(() => clusterAccess(`${root}/config`, "x")).toThrow(
      new Error(`${root}/config has no context "x"; it has none`),
    );
  });
});

describe("an exec user's command", () => {
  const exec = (command: string, installHint?: string) =>
    kubeconfig(["x"], {
      exec: { apiVersion: "client.authentication.k8s.io/v1beta1", command, ...(installHint && { installHint }) },
    });

  test("is found on PATH, or relative to the kubeconfig", () => {
    const root = folder({
      config: exec("ncp-iam-authenticator"),
      path: exec("./bin/tool"),
      "bin/ncp-iam-authenticator": "#!/bin/sh\n",
      "bin/tool": "#!/bin/sh\n",
    });
    chmodSync(`${root}/bin/ncp-iam-authenticator`, 0o755);
    chmodSync(`${root}/bin/tool`, 0o755);
    expect(clusterAccess(`${root}/config`, "x", root, `/nowhere:${root}/bin`).server).toBe("https://x.example:6443");
    expect(clusterAccess(`${root}/path`, "x", root, "/nowhere").server).toBe("https://x.example:6443");
  });

  test("is named without its arguments, which may be credentials, if they stand in the command", () => {
    const root = folder({ config: exec("curl --header X-Key:s3cret https://login.example") });
    expect(() => clusterAccess(`${root}/config`, "x", root, "/nowhere")).toThrow(
      new Error(
        `${root}/config: user "x" gets its credentials from the command "curl …", which does not exist or is not executable; put arguments into args, not into command`,
      ),
    );
  });

  test("is named if it is missing or not executable", () => {
    const root = folder({
      config: exec("ncp-iam-authenticator", "see guide.ncloud-docs.com\n"),
      "bin/ncp-iam-authenticator": "#!/bin/sh\n",
    });
    expect(() => clusterAccess(`${root}/config`, "x", root, `${root}/bin`)).toThrow(
      new Error(
        `${root}/config: user "x" gets its credentials from the command "ncp-iam-authenticator", which is not on PATH; install it: see guide.ncloud-docs.com`,
      ),
    );
  });
});

describe("unused entries of a kubeconfig", () => {
  test("may be incomplete or null", async () => {
    const config = [
      "clusters: [{name: c, cluster: {server: 'https://c.example'}}, {name: half, cluster: null}, {}]",
      "contexts: [{name: x, context: {cluster: c, user: u}}, {name: staging, context: {namespace: web}}, {name: none}]",
      "users: [{name: u, user: {token: t, exec: null, auth-provider: null}}, {name: bare}]",
    ].join("\n");
    const root = folder({ config });
    expect(clusterAccess(`${root}/config`, "x").server).toBe("https://c.example");
    expect((await connectionOf(`${root}/config`, "x")).url).toBe("https://c.example");
    expect((await connectionOf(`${config}\n`, "x")).options.headers).toEqual({ authorization: "Bearer t" });
  });
});

describe("rejects, like kubectl or for the other clusters,", () => {
  const v1 = "client.authentication.k8s.io/v1";
  const found = (user: unknown, cluster: object = {}, context: object = { user: "u" }) => {
    const root = folder({
      config: stringify({
        clusters: [{ name: "c", cluster: { server: "https://c.example", ...cluster } }],
        contexts: [{ name: "x", context: { cluster: "c", ...context } }],
        users: [{ name: "u", user }],
      }),
      "bin/login": "#!/bin/sh\n",
    });
    chmodSync(`${root}/bin/login`, 0o755);
    try {
      clusterAccess(`${root}/config`, "x", root, `${root}/bin`);
      return undefined;
    } catch (error) {
      return (error as Error).message.replace(`${root}/config: `, "");
    }
  };
  const execOf = (exec: object) => ({ exec: { command: "login", ...exec } });

  test.each<[string, string | undefined]>([
    ["v1", "without interactiveMode, which client.authentication.k8s.io/v1 demands; set it to IfAvailable or Never"],
    ["v1beta1", undefined],
    [
      "v1alpha1",
      'in the version "client.authentication.k8s.io/v1alpha1", which kubectl no longer supports; recreate the entry with a current version of that command (client.authentication.k8s.io/v1beta1 or v1)',
    ],
  ])("a command of %s only if that version requires a change", (version, refusal) => {
    const message = found(execOf({ apiVersion: `client.authentication.k8s.io/${version}` }));
    expect(message).toBe(refusal && `user "u" gets its credentials from the command "login" ${refusal}`);
  });

  test("a v1 command that needs a person, but not one that runs unattended", () => {
    for (const interactiveMode of ["Never", "IfAvailable"]) {
      expect(found(execOf({ apiVersion: v1, interactiveMode }))).toBeUndefined();
    }
    expect(found(execOf({ apiVersion: v1, interactiveMode: "Always" }))).toContain("needs a terminal");
    expect(found(execOf({}))).toContain("without an apiVersion");
  });

  test("auth-providers that client-go has removed", () => {
    const config = { "idp-issuer-url": "https://idp.example", "client-id": "c", "refresh-token": "r" };
    expect(found({ "auth-provider": { name: "oidc", config } })).toBeUndefined();
    expect(found({ "auth-provider": { name: "gcp" } })).toBe(
      'user "u" gets its credentials from the auth-provider "gcp", which kubectl has removed; use its command gke-gcloud-auth-plugin',
    );
    expect(found({ "auth-provider": { name: "azure" } })).toContain("kubelogin");
    expect(found({ "auth-provider": { name: "tectonic" } })).toContain("use an exec command");
  });

  test.each([
    [{ server: "c.example:6443" }, "has a server without a scheme; write https:// before it"],
    [
      { server: "http://c.example" },
      "has a server without TLS (http://): tokens would be sent unencrypted; set an https:// address",
    ],
    [{ server: "https://me:secret@c.example" }, "has a login in its server; move it to the user's credentials"],
    [{ server: "" }, "names no server"],
    [{ server: "https://10.1:6443" }, "has a server with an abbreviated form of the address 10.0.0.1; write it out"],
    [
      { "insecure-skip-tls-verify": true, "certificate-authority-data": "eA==" },
      "has a CA and insecure-skip-tls-verify, which contradict each other; remove one",
    ],
  ])("a cluster with %j", (cluster, refusal) => {
    expect(found({ token: "t" }, cluster)).toBe(`cluster "c" ${refusal}`);
  });

  test("a context without a user", () => {
    expect(found({ token: "t" }, {}, {})).toContain('context "x" has no user, so requests would be anonymous');
  });
});

test("merges consecutive slashes in a server's path, like kubectl", async () => {
  const root = folder({ config: kubeconfig(["a"]).replace(":6443", ":6443//k8s///clusters/c-1//") });
  expect((await connectionOf(`${root}/config`, "a")).url).toBe("https://a.example:6443/k8s/clusters/c-1");
});

test("reports all problems of a cluster and its user at once", () => {
  const root = folder({
    config: stringify({
      clusters: [{ name: "c", cluster: { server: "c.example", "proxy-url": "proxy:1" } }],
      contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
      users: [{ name: "u", user: { token: "hidden", username: "me", "as-uid": "1" } }],
    }),
  });
  const file = `${root}/config`;
  expect(() => parseConfig({ clusters: [{ name: "a", kubeconfig: file, context: "x" }] }, root)).toThrow(
    [
      'c" has a server without a scheme; write https:// before it',
      'c" has a proxy-url that is not one of http://, https:// or socks5:// (with its port, such as http://proxy.example:3128)',
      'u" has a token and a username or password; remove one',
      'u" has as-uid, as-groups or as-user-extra without as; add as, or remove them',
    ]
      .map((line) => `  - clusters[0]: ${file}: ${line.startsWith("c") ? "cluster" : "user"} "${line}`)
      .join("\n"),
  );
});

test("rejects a list of files, and names the command that merges them", () => {
  expect(() => clusterAccess("/a/one:/b/two", "x")).toThrow(
    new Error(
      '"/a/one:/b/two" cannot be read (ENOENT); merge several files into one: KUBECONFIG=FILE:FILE kubectl config view --flatten > FILE, and set "kubeconfig" to its path',
    ),
  );
});

test("shows an install hint in one line, without control characters", () => {
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1beta1",
    command: "no-such-command",
    installHint: "\x1b[1mget it\nat https://a.example\n",
  };
  const root = folder({ config: kubeconfig(["x"], { exec }) });
  expect(() => clusterAccess(`${root}/config`, "x")).toThrow(/install it: get it at https:\/\/a.example$/);
});

test("never quotes an invalid kubeconfig, because it may contain a token", () => {
  const root = folder({ config: "users: [token: hidden, {" });
  expect(() => clusterAccess(`${root}/config`, "x")).toThrow(
    new Error(`${root}/config is not a kubeconfig: it is not YAML (line 1)`),
  );
});
