import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { parseConfig } from "../../../config/parse.ts";
import { folder, kubeconfig } from "./fixtures.ts";

const root = folder({ kubeconfig: kubeconfig(["one", "two"]) });
const clusters = ["one", "two"].map((name) => ({ name, kubeconfig: "kubeconfig", context: name }));
const hostKey = `ssh-ed25519 ${"A".repeat(68)}`;
const host = { host: "203.0.113.11", hostKey, privateKey: "key" };

const parse = (vmAccount: unknown, isSecret = () => true) => parseConfig({ clusters, vmAccount }, root, { isSecret });
const problems = (vmAccount: unknown, isSecret?: () => boolean) => {
  try {
    parse(vmAccount, isSecret);
  } catch (error) {
    return (error as Error).message.split("\n  - ").slice(1);
  }
  throw new Error("the config was taken");
};

const pem = (type: "rsa" | "ed25519", modulusLength = 2048) =>
  generateKeyPairSync(type as "rsa", { modulusLength }).privateKey.export({ type: "pkcs8", format: "pem" });

test("is absent by default", () => {
  expect(parseConfig({ clusters }, root).vmAccount).toBeUndefined();
});

test("requires only machines", () => {
  expect(parse({ hosts: [host] }).vmAccount).toEqual({
    name: "ubuntu",
    rsaBits: 4096,
    hosts: [{ ...host, port: 22, user: "root", holdsKey: false }],
  });
});

test("may have a given key", () => {
  const privateKey = pem("rsa");
  expect(parse({ hosts: [host], privateKey }).vmAccount?.privateKey).toBe(privateKey);
});

test.each([
  [{ hosts: [] }, "vmAccount.hosts: needs at least one machine; without machines, remove vmAccount"],
  [
    { name: "Ubuntu.", hosts: [host] },
    'vmAccount.name: "Ubuntu." is not an account name (lower case letters, digits, "-" and "_")',
  ],
  [{ hosts: [host], rsaBits: 1024 }, "vmAccount.rsaBits: must be one of 2048, 3072, 4096, got 1024"],
  [{ hosts: [{ ...host, host: "a b" }] }, 'vmAccount.hosts[0].host: "a b" is neither a host name nor an IP'],
  [{ hosts: [{ ...host, port: 70_000 }] }, expect.stringMatching(/^vmAccount\.hosts\[0\]\.port: /)],
  [
    { hosts: [{ ...host, hostKey: "ssh-rsa AAAA" }] },
    'vmAccount.hosts[0].hostKey: "ssh-rsa AAAA" is not an Ed25519 or ECDSA host key, such as "ssh-ed25519 AAAA…"; see: ssh-keyscan -t ed25519 HOST',
  ],
  [{ hosts: [{ ...host, hostKey: undefined }] }, "vmAccount.hosts[0].hostKey: is required (string)"],
  [{ hosts: [{ ...host, password: "p" }] }, "vmAccount.hosts[0]: needs either privateKey or password"],
  [{ hosts: [{ host: host.host, hostKey }] }, "vmAccount.hosts[0]: needs either privateKey or password"],
  [
    { hosts: [host, { ...host, port: 2222 }, host] },
    'vmAccount.hosts[2].host: "203.0.113.11" is already that of vmAccount.hosts[0]',
  ],
  [
    { hosts: [host], privateKey: "junk" },
    "vmAccount.privateKey: is not a private key in PEM without a passphrase; convert a copy by: ssh-keygen -p -m PEM -N '' -f COPY",
  ],
  [
    { hosts: [host], privateKey: pem("ed25519") },
    "vmAccount.privateKey: must be an RSA key, but is ed25519; create one by: ssh-keygen -t rsa -m PEM",
  ],
  [{ hosts: [host], privateKey: pem("rsa", 1024) }, "vmAccount.privateKey: must have at least 2048 bits, has 1024"],
])("rejects an invalid account: %#", (vmAccount, problem) => {
  expect(problems(vmAccount)).toEqual([problem]);
});

test("quotes no password or key in messages", () => {
  const message = "must be a non-empty string; a number needs quotes";
  expect(problems({ hosts: [{ host: host.host, hostKey, password: 12345678 }], privateKey: { a: "hunter2" } })).toEqual(
    [`vmAccount.hosts[0].password: ${message}`, `vmAccount.privateKey: ${message}`],
  );
});

test("rejects unencrypted secrets", () => {
  const plain = (path: string, what: string) =>
    `${path}: ${what} is not encrypted in the stack file; put it there by: pulumi config set --secret --path '${path}' < FILE`;
  const other = { host: "b.example", hostKey, password: "hunter2" };
  expect(problems({ hosts: [host, other], privateKey: pem("rsa") }, () => false)).toEqual([
    plain("vmAccount.hosts[1].password", "a password"),
    plain("vmAccount.privateKey", "a private key"),
    plain("vmAccount.hosts[0].privateKey", "a private key"),
  ]);
});
