// Pulumi treats a whole key as secret if a part is encrypted. Only the stack file shows which parts are plain text.
import * as pulumi from "@pulumi/pulumi";
import { afterEach, expect, test, vi } from "vitest";
import { stringify } from "yaml";
import { loadConfig } from "../../../config/load.ts";
import { plainSecrets } from "../../../config/plainSecrets.ts";
import { folder, kubeconfig } from "./fixtures.ts";

const secure = { secure: "v1:abc=" };
const pullSecret = (name: string, password: unknown) => ({ name, server: "r", username: "u", password });
const raw = {
  pullSecrets: [pullSecret("one", "hunter1"), pullSecret("two", "hunter2")],
  vmAccount: { privateKey: "key", hosts: [{ password: "hunter3" }, { privateKey: "key" }] },
  ca: { intermediates: { one: { key: "-----BEGIN\n" }, two: { key: "-----BEGIN\n" } } },
  clusters: [{ kubeconfig: "apiVersion: v1\n" }, { proxyUrl: "http://u:hunter4@p" }],
};
const written = {
  pullSecrets: [pullSecret("one", secure), pullSecret("two", "hunter2")],
  vmAccount: { privateKey: secure, hosts: [{ password: "hunter3" }, { privateKey: secure }] },
  ca: { intermediates: { one: { key: "-----BEGIN\n" }, two: { key: secure } } },
  clusters: JSON.stringify([{ kubeconfig: secure }, { proxyUrl: "http://u:hunter4@p" }]),
};
const fieldsOf = (lines: readonly string[]) => lines.map((line) => line.split(": ")[0]);

test("finds each plain-text leaf beside encrypted ones", () => {
  const lines = plainSecrets(raw, () => true, written);
  expect(fieldsOf(lines)).toEqual([
    "clusters[1].proxyUrl",
    "ca.intermediates.one.key",
    "vmAccount.hosts[0].password",
    "pullSecrets[1].password",
  ]);
  expect(lines.join()).not.toContain("hunter");
});

test("finds none in a key that is encrypted completely, or that comes from another file", () => {
  const elsewhere = { pullSecrets: [pullSecret("one", "old"), pullSecret("two", "old")] };
  for (const other of [{ pullSecrets: secure }, elsewhere, {}, undefined])
    expect(plainSecrets({ pullSecrets: raw.pullSecrets }, () => true, other)).toEqual([]);
});

const { setAllConfig } = pulumi.runtime;
afterEach(() => vi.restoreAllMocks());

test("the program checks its own stack file", async () => {
  const config = { [`${pulumi.getProject()}:pullSecrets`]: written.pullSecrets };
  const root = folder({
    kubeconfig: kubeconfig(["one", "two"]),
    [`Pulumi.${pulumi.getStack()}.yaml`]: stringify({ config }),
  });
  vi.spyOn(process, "cwd").mockReturnValue(root);
  const clusters = ["one", "two"].map((name) => ({ name, context: name, kubeconfig: `${root}/kubeconfig` }));
  const all = { clusters, pullSecrets: raw.pullSecrets };
  setAllConfig(
    Object.fromEntries(
      Object.entries(all).map(([key, value]) => [`${pulumi.getProject()}:${key}`, JSON.stringify(value)]),
    ),
    [`${pulumi.getProject()}:pullSecrets`],
  );
  await expect(loadConfig()).rejects.toThrow(
    "  - pullSecrets[1].password: a password is not encrypted in the stack file; put it there by: pulumi config set --secret --path 'pullSecrets[1].password' < FILE",
  );
});
