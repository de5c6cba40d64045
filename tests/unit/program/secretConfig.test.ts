// Secret config values stay secret in providers, Secrets and outputs.
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { folder, kubeconfig } from "../config/fixtures.ts";
import { failProgram, type Recorded, runProgram, stackReferences, writeKubeconfig } from "./recorder.ts";

const SIGNED = "tls:index/locallySignedCert:LocallySignedCert";

const path = writeKubeconfig("one", "two");
const text = kubeconfig(["two"]);
const one = { name: "one", kubeconfig: path, context: "one" };
const two = { name: "two", kubeconfig: text, context: "two" };
const reference = { stack: "acme/clusters/prod", output: "kubeconfig" };

const input = (resources: readonly Recorded[], type: string, name: string) =>
  resources.find((r) => r.type === type && r.name === name)?.inputs;
const provider = (resources: readonly Recorded[]) => input(resources, "pulumi:providers:kubernetes", "two");

beforeEach(() => stackReferences.clear());

describe("the text of a kubeconfig", () => {
  test("is secret in the provider and the outputs", async () => {
    const { resources, outputs } = await runProgram({ clusters: [one, two] }, false, ["clusters"]);
    expect(provider(resources)).toMatchObject({ kubeconfig: { secret: text }, context: "two" });
    expect(JSON.stringify(outputs.mesh)).not.toContain("hidden");
    expect(outputs.mesh).toMatchObject({ clusters: [{ kubeconfig: path }, { kubeconfig: null }] });
    expect(outputs.kubeconfigs).toEqual({ two: text });
    // The peers get its API server's address.
    const link = input(resources, "kubernetes:core/v1:Secret", "two-to-one-secret");
    expect(JSON.stringify(link)).toContain("https://two.example:6443");
  });

  test("is rejected in plain text, with the command that encrypts it", async () => {
    const { error, resources } = await failProgram({ clusters: [one, two] });
    expect((error as Error).message).toBe(
      "The config of this stack cannot be used:\n" +
        "  - clusters[1].kubeconfig: the text of a kubeconfig is not encrypted in the stack file; " +
        "put it there by: pulumi config set --secret --path 'clusters[1].kubeconfig' < FILE",
    );
    expect(resources).toEqual([]);
  });

  test("is checked like a file, and never quoted", async () => {
    const { error } = await failProgram({ clusters: [one, { ...two, context: "three" }] }, ["clusters"]);
    expect((error as Error).message).toContain(
      '  - clusters[1]: the text of the kubeconfig has no context "three"; it has "two"',
    );
    expect((error as Error).message).not.toContain("hidden");
  });
});

test("a kubeconfig with relative paths is passed to the Kubernetes provider as text with embedded files", async () => {
  const apiVersion = "client.authentication.k8s.io/v1beta1";
  const user = { exec: { apiVersion, command: "bin/login" }, "client-key": "key.pem" };
  const root = folder({ config: kubeconfig(["two"], user), "bin/login": "#!/bin/sh\n", "key.pem": "key" });
  chmodSync(`${root}/bin/login`, 0o755);
  const clusters = [one, { ...two, kubeconfig: `${root}/config` }];
  const { resources, outputs } = await runProgram({ clusters });
  expect(provider(resources)).toMatchObject({
    kubeconfig: {
      secret: kubeconfig(["two"], {
        exec: { apiVersion, command: `${root}/bin/login` },
        "client-key-data": Buffer.from("key").toString("base64"),
      }),
    },
  });
  expect(input(resources, "pulumi:providers:kubernetes", "one")).toMatchObject({ kubeconfig: path });
  expect(outputs.mesh).toMatchObject({ clusters: [{ kubeconfig: path }, { kubeconfig: `${root}/config` }] });
});

describe("a kubeconfig of another stack", () => {
  const clusters = [one, { ...two, kubeconfig: reference }];

  test("is read from its output, as text or object, and always secret", async () => {
    for (const secretOutputNames of [["kubeconfig"], []]) {
      stackReferences.set(reference.stack, { outputs: { kubeconfig: text }, secretOutputNames });
      const { resources, outputs } = await runProgram({ clusters });
      expect(provider(resources)).toMatchObject({ kubeconfig: { secret: text } });
      expect(outputs.mesh).toMatchObject({ clusters: [{ kubeconfig: path }, { kubeconfig: null }] });
    }
  });

  test("is checked before anything is created", async () => {
    const problem = async () => {
      const { error, resources } = await failProgram({ clusters });
      expect(resources.filter(({ type }) => type !== "pulumi:pulumi:StackReference")).toEqual([]);
      return (error as Error).message.split("\n  - ")[1];
    };
    stackReferences.set(reference.stack, { outputs: {}, secretOutputNames: [] });
    expect(await problem()).toBe(
      'clusters[1]: output "kubeconfig" of stack "acme/clusters/prod" does not exist; see: pulumi stack output --stack acme/clusters/prod',
    );
    stackReferences.set(reference.stack, { outputs: { kubeconfig: kubeconfig(["x"]) }, secretOutputNames: [] });
    expect(await problem()).toBe(
      'clusters[1]: output "kubeconfig" of stack "acme/clusters/prod" has no context "two"; it has "x"',
    );
  });
});

describe("a given CA", () => {
  const dir = folder();
  mkdirSync(dir, { recursive: true });
  const openssl = (...args: string[]) => execFileSync("openssl", args, { stdio: "pipe" });
  const file = (name: string) => join(dir, name);
  const pem = (name: string) => readFileSync(file(name), "utf8");
  openssl(
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-nodes",
    "-subj",
    "/CN=own",
    "-days",
    "400",
    "-keyout",
    file("key"),
    "-out",
    file("crt"),
  );
  for (const name of ["one", "two"]) {
    openssl(
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:P-256",
      "-nodes",
      "-subj",
      `/CN=${name}`,
      "-days",
      "400",
      "-CA",
      file("crt"),
      "-CAkey",
      file("key"),
      "-keyout",
      file(`${name}.key`),
      "-out",
      file(`${name}.crt`),
    );
  }
  const clusters = [one, { ...two, kubeconfig: path }];
  const cacerts = (resources: readonly Recorded[]) =>
    input(resources, "kubernetes:core/v1:Secret", "one-cacerts")?.stringData;

  test("signs the intermediates if it is a root", async () => {
    const ca = { source: "root", certificate: pem("crt"), key: pem("key"), algorithm: "RSA", rsaBits: 3072 };
    const { resources, outputs } = await runProgram({ clusters, ca }, false, ["ca"]);
    expect(input(resources, SIGNED, "mesh-ca-one")).toMatchObject({
      caPrivateKeyPem: { secret: pem("key") },
      caCertPem: pem("crt"),
    });
    expect(input(resources, "tls:index/privateKey:PrivateKey", "mesh-ca-one-key")).toEqual({
      algorithm: "RSA",
      rsaBits: 3072,
    });
    expect(resources.filter(({ name }) => /^mesh-ca-(root|key)/.test(name))).toEqual([]);
    expect(outputs.mesh).toMatchObject({ rootCertificate: pem("crt") });
  });

  test("is checked before anything is created", async () => {
    const ca = { source: "root", certificate: pem("crt"), key: pem("one.key") };
    const { error, resources } = await failProgram({ clusters, ca }, ["ca"]);
    expect((error as Error).message).toBe(
      "The config of this stack cannot be used:\n" +
        '  - ca.key: is not the key of ca.certificate, "CN=own"; give the key that belongs to this certificate',
    );
    expect(resources).toEqual([]);
  });

  test("signs nothing if it consists of intermediates", async () => {
    const given = Object.fromEntries(
      ["one", "two"].map((name) => [name, { certificate: pem(`${name}.crt`), key: pem(`${name}.key`) }]),
    );
    const ca = { source: "intermediates", root: pem("crt"), intermediates: given };
    const { resources } = await runProgram({ clusters, ca }, false, ["ca"]);
    expect(resources.filter(({ type }) => type.startsWith("tls:"))).toEqual([]);
    expect(cacerts(resources)).toEqual({
      secret: {
        "ca-cert.pem": pem("one.crt"),
        "ca-key.pem": pem("one.key"),
        "cert-chain.pem": pem("one.crt") + pem("crt"),
        "root-cert.pem": pem("crt"),
      },
    });

    const raised = await failProgram({ clusters: [{ ...one, caGeneration: 2 }, clusters[1]], ca }, ["ca"]);
    expect((raised.error as Error).message).toBe(
      "The config of this stack cannot be used:\n" +
        '  - clusters[0].caGeneration: is 2, and ca.source "intermediates" makes the program create no keys; put another certificate and key into ca.intermediates.one',
    );

    const { error } = await failProgram({ clusters, ca });
    expect((error as Error).message.split("\n  - ").slice(1)).toEqual(
      ["one", "two"].map(
        (name) =>
          `ca.intermediates.${name}.key: a private key is not encrypted in the stack file; put it there by: pulumi config set --secret --path 'ca.intermediates.${name}.key' < FILE`,
      ),
    );
  });
});

test("a generated root has the configured curve, validity and path length, and is protected with its key", async () => {
  const clusters = [one, { ...two, kubeconfig: path }];
  const ca = { ecdsaCurve: "P384", rootPathLength: 2, intermediatePathLength: 1, rootValidityHours: 9, protect: true };
  const { resources } = await runProgram({ clusters, ca });
  expect(input(resources, "tls:index/selfSignedCert:SelfSignedCert", "mesh-ca-root")).toMatchObject({
    maxPathLength: 2,
    validityPeriodHours: 9,
  });
  expect(input(resources, SIGNED, "mesh-ca-two")).toMatchObject({
    maxPathLength: 1,
  });
  expect(input(resources, "tls:index/privateKey:PrivateKey", "mesh-ca-two-key")).toEqual({
    algorithm: "ECDSA",
    ecdsaCurve: "P384",
  });
  expect(resources.filter((r) => r.protect).map(({ name }) => name)).toEqual(["mesh-ca-key", "mesh-ca-root"]);
});

test("an intermediate is renewed in the last fifth of its validity, or at the configured time", async () => {
  const early = async (ca: object) =>
    input((await runProgram({ clusters: [one, { ...two, kubeconfig: path }], ca })).resources, SIGNED, "mesh-ca-two");
  expect(await early({ intermediateValidityHours: 104 })).toMatchObject({ earlyRenewalHours: 20 });
  expect(await early({ intermediateRenewalHours: 7 })).toMatchObject({ earlyRenewalHours: 7 });
});

test("another caGeneration replaces only that cluster's key and intermediate", async () => {
  const namesOf = async (second: object) => {
    const { resources } = await runProgram({ clusters: [one, { ...two, kubeconfig: path, ...second }] });
    return resources.filter(({ type }) => type.startsWith("tls:")).map(({ name }) => name);
  };
  const before = await namesOf({});
  const after = await namesOf({ caGeneration: 2 });
  expect(after.filter((name) => !before.includes(name)).sort()).toEqual([
    "mesh-ca-two.2",
    "mesh-ca-two.2-key",
    "mesh-ca-two.2-request",
  ]);
  expect(before.filter((name) => !after.includes(name)).sort()).toEqual([
    "mesh-ca-two",
    "mesh-ca-two-key",
    "mesh-ca-two-request",
  ]);
});

test.each([
  [
    { algorithm: "RSA", ecdsaCurve: "P256" },
    "ca.ecdsaCurve: is not for keys of algorithm RSA; remove it, or set ca.algorithm to ECDSA",
  ],
  [{ rsaBits: 2048 }, "ca.rsaBits: is not for keys of algorithm ECDSA; remove it, or set ca.algorithm to RSA"],
  [
    { intermediateValidityHours: 100, intermediateRenewalHours: 100 },
    "ca.intermediateRenewalHours: must be less than ca.intermediateValidityHours, which is 100, got 100",
  ],
  [{ algorithm: "RSA", rsaBits: 1024 }, "ca.rsaBits: must be one of 2048, 3072, 4096, got 1024"],
  [
    { rootPathLength: 1, intermediatePathLength: 1 },
    "ca.intermediatePathLength: must be less than ca.rootPathLength, which is 1, got 1",
  ],
  [{ source: "vault" }, 'ca.source: must be one of "generated", "root", "intermediates"'],
])("rejects a CA with %j", async (ca, problem) => {
  const { error } = await failProgram({ clusters: [one, { ...two, kubeconfig: path }], ca });
  expect((error as Error).message).toBe(`The config of this stack cannot be used:\n  - ${problem}`);
});
