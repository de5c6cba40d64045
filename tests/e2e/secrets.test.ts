// Checks that no key and no token of a mesh is in its state, outputs, logs, or in a command line.
import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { labDown } from "../../lab/down.ts";
import { meshOutput, pulumi, pulumiDestroy, pulumiUp, stackFile } from "../../lab/pulumi.ts";
import { labSpec } from "../../lab/spec.ts";
import { type Lab, labUp } from "../../lab/up.ts";
import { parseKubeconfigs, parseMesh } from "../../proof/mesh.ts";
import { failure } from "./failure.ts";
import { somebodysEntry } from "./foreign.ts";
import { apiOf } from "./kubectl.ts";
import { makeOwnCA } from "./ownCA.ts";
import { configure, configured, configureSecret } from "./stackConfig.ts";
import { options } from "./testLab.ts";
import { ask, startVm, type Vm } from "./vm.ts";
import { textsBelow, type WatchedRun, watchedUp } from "./watchedUp.ts";

let lab: Lab;
const own = makeOwnCA();
let run: WatchedRun;
/** Texts that must not appear anywhere, by description. */
let secrets: ReadonlyMap<string, readonly string[]>;

let vm: Vm;
/** Accounts of that machine before the test. */
let accounts: string;

beforeAll(async () => {
  await labDown(labSpec(options));
  [lab, vm] = await Promise.all([labUp(options), startVm()]);
  accounts = await onVm("getent passwd; ls -a /home /etc/sudoers.d");
  const { host, port, hostKey } = vm;
  await configure(lab, {
    vmAccount: { rsaBits: 2048, hosts: [{ host, port, hostKey, holdsKey: true }] },
    sample: { enabled: false },
    istio: { ...(await configured(lab, "istio")), keepCrds: true },
    ca: { source: "root", certificate: own.root.certificate },
  });
  // The config has a given root, one cluster by path and the other by text.
  await configureSecret(lab, "ca.key", own.root.key);
  await configureSecret(lab, "clusters[1].kubeconfig", kubeconfigText());
  await configureSecret(lab, "vmAccount.hosts[0].privateKey", vm.privateKey);
  run = await watchedUp(lab);
  secrets = await secretsOfRun();
});

afterAll(async () => {
  await vm?.stop();
  await labDown(labSpec(options));
});

const onVm = (command: string) => ask(vm, command);

const kubeconfigText = () => readFileSync(join(options.dir, "kubeconfig"), "utf8");

/** All private keys and tokens of the run: in the clusters, in the state, in the kubeconfig. */
async function secretsOfRun(): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  for (const cluster of lab.clusters) {
    for (const secret of (await apiOf(lab, cluster).core.listNamespacedSecret({ namespace: "istio-system" })).items) {
      for (const [entry, data] of Object.entries(secret.data ?? {})) {
        if (
          /^(ca|root-cert|cert-chain|ca-cert)\.(crt|pem)$|^(root-cert|cert-chain|ca-cert)\.pem$|^namespace$|^release$/.test(
            entry,
          )
        )
          continue;
        found.set(
          `${cluster.name} ${secret.metadata?.name} ${entry}`,
          forms(Buffer.from(data, "base64").toString("utf8")),
        );
      }
    }
  }
  found.set("key of the root", forms(own.root.key));
  // In OpenSSH's format of an Ed25519 key, the private number is in the fourth line.
  found.set("key of a machine's root", [vm.privateKey.split("\n")[4] ?? ""]);
  const state = await pulumi(lab, ["stack", "export", "--show-secrets"], { quiet: true });
  const keys = new Set(
    state.match(/-----BEGIN (?!OPENSSH)[A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----/g),
  );
  for (const [index, key] of [...keys].entries()) {
    found.set(`private key ${index} of the state`, forms(key.replaceAll(/\\+n/g, "\n")));
  }
  const { users } = parse(kubeconfigText()) as { users: { name: string; user: Record<string, string> }[] };
  for (const { name, user } of users) {
    for (const [field, value] of Object.entries(user)) {
      if (field === "token") found.set(`${name} token`, forms(value));
      if (field === "client-key-data") found.set(`${name} key`, forms(Buffer.from(value, "base64").toString()));
    }
  }
  return found;
}

/** Excerpts that identify a secret in any form: PEM or the token itself, and both in base64. */
function forms(text: string): string[] {
  if (!text.includes("PRIVATE KEY")) {
    const token = /token: ([\w.-]{20,})/.exec(text)?.[1] ?? text;
    return [middle(token), middle(Buffer.from(text).toString("base64"))];
  }
  const piece = privatePiece(text);
  // Align to groups of three bytes, so of four base64 characters, wherever the excerpt begins.
  const start = Math.ceil(text.indexOf(piece) / 3) * 4;
  return [
    piece,
    Buffer.from(text)
      .toString("base64")
      .slice(start, start + 16),
  ];
}

/**
 * An excerpt of a key's PEM, in one line, that only contains the private number, because the rest is in its certificate
 * as well.
 */
function privatePiece(pem: string): string {
  const number = Buffer.from(createPrivateKey(pem).export({ format: "jwk" }).d ?? "", "base64url");
  const body = pem.replaceAll(/-----.*?-----|\s/g, "");
  const start = Math.ceil((Buffer.from(body, "base64").indexOf(number) + 1) / 3) * 4;
  const inside = body.slice(start, start + 40);
  const lines = pem
    .split("\n")
    .flatMap((line) =>
      [...inside.matchAll(/(?=(.{16}))/g)].map(([, part = ""]) => part).filter((part) => line.includes(part)),
    );
  if (lines[0] === undefined) throw new Error("no part of the key lies in one line");
  return lines[0];
}

/** Long enough to be unique, and away from both ends, which may be equal in all secrets of a kind. */
function middle(text: string): string {
  const start = Math.max(0, Math.floor(text.length / 2) - 16);
  return text.slice(start, start + 32);
}

/** Names of the secrets that appear in a text. */
const leaks = (text: string) =>
  [...secrets].filter(([, pieces]) => pieces.some((piece) => text.includes(piece))).map(([name]) => name);

describe("the secrets of a run", () => {
  test("are known to the test: keys, tokens, and remote secrets", () => {
    const names = [...secrets.keys()].join("\n");
    expect(names).toMatch(/ncloud cacerts ca-key\.pem/);
    expect(names).toMatch(/nhn istio-\S*reader\S* token/);
    expect(names).toMatch(/nhn istio-remote-secret-ncloud ncloud/);
    expect(names).toMatch(/key of the root/);
    // The keys of the root, two intermediates and the account, in all forms in the plugin's state.
    expect(names).toMatch(/private key 3 of the state/);
    expect(names).toMatch(/nks_.* (token|key)$/m);
  });

  test("can be found by this test", async () => {
    const shown = await pulumi(lab, ["stack", "export", "--show-secrets"], { quiet: true });
    expect(leaks(shown).length).toBeGreaterThanOrEqual(secrets.size / 2);
  });

  test("are encrypted in the state", async () => {
    expect(leaks(await pulumi(lab, ["stack", "export"], { quiet: true }))).toEqual([]);
    expect(leaks(textsBelow(join(lab.dir, "state")))).toEqual([]);
  });

  test("are encrypted in the stack file", () => {
    expect(leaks(readFileSync(stackFile(lab), "utf8"))).toEqual([]);
  });

  test("do not appear in the displayed outputs", async () => {
    expect(leaks(await pulumi(lab, ["stack", "output", "--json"], { quiet: true }))).toEqual([]);
    expect(leaks(await pulumi(lab, ["stack"], { quiet: true }))).toEqual([]);
  });

  test("do not appear in the logs", () => {
    expect(run.log).toMatch(/Resources:\s+\+ \d+ created/);
    expect(leaks(run.log)).toEqual([]);
  });

  test("do not appear in command lines", () => {
    expect(run.commandLines).toContain("pulumi-resource-kubernetes");
    expect(leaks(run.commandLines)).toEqual([]);
  });
});

describe("the account on a machine", () => {
  test("accepts the key in the stack's secret output, has sudo, and has the key in a file", async () => {
    const output = await pulumi(lab, ["stack", "output", "vmAccountKey", "--show-secrets"], { quiet: true });
    const privateKey = `${output.trim()}\n`;
    const { host, port, hostKey } = vm;
    const connection = { host, port, hostKey, privateKey, user: "ubuntu" };
    expect(await ask(connection, "sudo -n id -u; cat .ssh/id_rsa")).toBe(`0\n${privateKey.trimEnd()}`);
  });
});

describe("a kubeconfig that is a secret of the stack", () => {
  test("is passed to the proof, and to nothing else", async () => {
    const json = await meshOutput(lab);
    expect(JSON.parse(json).clusters.map(({ kubeconfig }: { kubeconfig: unknown }) => kubeconfig === null)).toEqual([
      false,
      true,
    ]);
    const secret = await pulumi(lab, ["stack", "output", "kubeconfigs", "--json", "--show-secrets"], { quiet: true });
    expect(parseMesh(json, parseKubeconfigs(secret)).clusters[1]?.kubeconfig).toBe(kubeconfigText());
  });
});

describe("a protected root", () => {
  const namespaces = () =>
    Promise.all(
      lab.clusters.map(async (cluster) => {
        const { items } = await apiOf(lab, cluster).core.listNamespace();
        return items.map(({ metadata }) => metadata?.name);
      }),
    );
  const state = () => pulumi(lab, ["stack", "export"], { quiet: true });
  const rootCertificate = async () => JSON.parse(await meshOutput(lab)).rootCertificate as string;
  const nhn = () => apiOf(lab, lab.clusters[1] as (typeof lab.clusters)[number]);
  const entryIsThere = () =>
    nhn()
      .objects.read(somebodysEntry)
      .then(({ metadata }) => metadata?.name);
  let certificate: string;

  test("prevents pulumi destroy from deleting anything", async () => {
    await pulumiDestroy(lab, "--skip-preview");
    await configure(lab, { ca: { protect: true } });
    await pulumiUp(lab, "--skip-preview");
    certificate = await rootCertificate();
    expect(certificate).not.toBe(own.root.certificate);
    await nhn().objects.create(somebodysEntry);
    const before = await state();
    expect(await failure(pulumiDestroy(lab))).toMatch(/mesh-ca-root" cannot be deleted\nbecause it is protected/);
    expect(await state()).toBe(before);
    for (const names of await namespaces()) expect(names).toContain("istio-system");
  });

  test("is the only resource after --exclude-protected; keepCrds also keeps foreign custom resources", async () => {
    await pulumiDestroy(lab, "--skip-preview", "--exclude-protected");
    const { deployment } = JSON.parse(await state());
    const types = (deployment.resources as { type: string }[]).map(({ type }) => type);
    expect(types.filter((type) => !type.startsWith("pulumi:")).toSorted()).toEqual([
      "csp-mesh:index:MeshCA",
      "tls:index/privateKey:PrivateKey",
      "tls:index/selfSignedCert:SelfSignedCert",
    ]);
    for (const names of await namespaces()) expect(names).not.toContain("istio-system");
    expect(await entryIsThere()).toBe("somebodys");
    expect(await onVm("getent passwd; ls -a /home /etc/sudoers.d")).toBe(accounts);
  });

  test("is reused by the next mesh, which is destroyed completely after the protection was removed", async () => {
    await pulumiUp(lab, "--skip-preview");
    expect(await rootCertificate()).toBe(certificate);
    await configure(lab, { ca: { protect: false } });
    const unprotected = await pulumiUp(lab, "--skip-preview");
    expect(unprotected.match(/\[diff: ~protect\]/g)).toHaveLength(2);
    expect(unprotected).toMatch(/Resources:\n {4}\d+ unchanged\n/);
    await pulumiDestroy(lab);
    expect(JSON.parse(await state()).deployment.resources ?? []).toEqual([]);
    for (const names of await namespaces()) expect(names).not.toContain("istio-system");
    expect(await entryIsThere()).toBe("somebodys");
  });
});
