// The resources in each phase of a root rotation: trust bundles, signing intermediates, and their protection.
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import { MeshCA, type MeshCAArgs } from "../../../components/meshCA.ts";
import type { RotationPhase } from "../../../mesh/rootPhases.ts";
import { type Recorded, runProgram, writeKubeconfig } from "./recorder.ts";

const kubeconfig = writeKubeconfig("one", "two");
const clusters = ["one", "two"].map((name) => ({ name, kubeconfig, context: name }));
const [FORMER, NEXT] = ["mesh-ca", "mesh-ca.2"];
const root = (issuer: string) => `certificate ${issuer}-root\n`;

/** The phase, the roots in the bundle in order, and the root whose intermediates istiods use. */
const phases: [RotationPhase | undefined, string[], string][] = [
  [undefined, [FORMER], FORMER],
  ["prepared", [FORMER], FORMER],
  ["trust", [FORMER, NEXT], FORMER],
  ["issue", [FORMER, NEXT], NEXT],
  ["renew", [FORMER, NEXT, NEXT], NEXT],
  ["drop", [NEXT, NEXT], NEXT],
  ["withdraw", [FORMER, NEXT, NEXT], FORMER],
];
/** Phases in which both roots exist. */
const isUnderWay = (phase?: RotationPhase) => phase !== undefined && phase !== "prepared";

const run = (phase: RotationPhase | undefined, ca: object = {}, more: object = {}) =>
  runProgram({ clusters, ca, ...(phase && { rootRotation: { phase } }), ...more });

function cacerts(resources: readonly Recorded[], cluster: string): unknown {
  const { stringData } = resources.find(({ name }) => name === `${cluster}-cacerts`)?.inputs ?? {};
  return (stringData as { secret: unknown }).secret;
}
const signedBy = (issuer: string, cluster: string, bundle: readonly string[]) => ({
  "ca-cert.pem": `certificate ${issuer}-${cluster}\n`,
  "ca-key.pem": `key of ${issuer}-${cluster}-key\n`,
  "cert-chain.pem": `certificate ${issuer}-${cluster}\n${root(issuer)}`,
  "root-cert.pem": bundle.map(root).join(""),
});
const protectedOf = (resources: readonly Recorded[]) =>
  resources.filter(({ protect }) => protect).map(({ name }) => name);
const settled = <T>(output: pulumi.Output<T>) =>
  new Promise<T>((done) => void pulumi.output(output).apply((value) => done(value as T)));
const namesOf = (resources: readonly Recorded[], type: string) =>
  resources.filter((resource) => resource.type.endsWith(`:${type}`)).map(({ name }) => name);

test.each(phases)("the phase %s has the right bundle, intermediates and protection", async (phase, bundle, issuer) => {
  const { resources, outputs } = await run(phase, { protect: true });
  // All istiods have the same bundle, and intermediates of the signing root, which are the only ones that exist.
  for (const { name } of clusters) expect(cacerts(resources, name)).toEqual(signedBy(issuer, name, bundle));
  expect(namesOf(resources, "LocallySignedCert")).toEqual(clusters.map(({ name }) => `${issuer}-${name}`));
  // The certificate with which gates compare live ones.
  const { rootCertificate, rotation } = await settled(pulumi.output(outputs.mesh as Record<string, unknown>));
  expect(rootCertificate).toBe(root(issuer));
  expect(rotation).toEqual(
    phase && {
      trusted: [...new Set(bundle)].map(root),
      intermediates: Object.fromEntries(clusters.map(({ name }) => [name, `certificate ${issuer}-${name}\n`])),
    },
  );
  // One of the two roots will be deleted, so none is protected.
  expect(namesOf(resources, "SelfSignedCert")).toEqual(
    (isUnderWay(phase) ? [FORMER, NEXT] : [FORMER]).map((name) => `${name}-root`),
  );
  expect(protectedOf(resources)).toEqual(isUnderWay(phase) ? [] : [`${FORMER}-key`, `${FORMER}-root`]);
});

test("the new settings create the same authorities after the last phase, and protect them again", async () => {
  const drop = await run("drop");
  const after = await run(undefined, { rootGeneration: 2, protect: true });
  for (const { name } of clusters) {
    expect(cacerts(after.resources, name)).toEqual(signedBy(NEXT, name, [NEXT]));
    const own = (resources: readonly Recorded[]) =>
      resources.filter((one) => one.name.startsWith(`${NEXT}-${name}`)).map(({ inputs }) => inputs);
    expect(own(after.resources)).toEqual(own(drop.resources));
  }
  expect(namesOf(after.resources, "SelfSignedCert")).toEqual([`${NEXT}-root`]);
  expect(protectedOf(after.resources)).toEqual([`${NEXT}-key`, `${NEXT}-root`]);
});

test("istiods restart in the phase that drops the former root, and in no other", async () => {
  for (const phase of [undefined, "renew", "drop", "withdraw"] as const) {
    const { resources } = await run(phase);
    const labels = clusters.map(({ name }) => {
      const { values } = resources.find((one) => one.name === `${name}-istiod`)?.inputs ?? {};
      return (values as { podLabels?: unknown }).podLabels;
    });
    const expected = phase === "drop" ? { "csp-mesh.io/forgot-former-root": "true" } : undefined;
    expect(labels, phase).toEqual([expected, expected]);
  }
});

test("caGeneration applies below either root", async () => {
  const more = { clusters: clusters.map((cluster) => ({ ...cluster, caGeneration: 3 })) };
  const { resources } = await run("issue", {}, more);
  expect(namesOf(resources, "LocallySignedCert")).toEqual(["mesh-ca.2-one.3", "mesh-ca.2-two.3"]);
});

describe("a rotation to a given root", () => {
  const intermediates = {
    one: { certificate: "next of one", key: "key of next", chain: "between" },
  };
  const next = { source: "intermediates", root: "next root", intermediates } as const;
  beforeAll(() =>
    pulumi.runtime.setMocks({
      call: ({ inputs }) => inputs,
      newResource: ({ name, inputs }) => ({ id: name, state: inputs }),
    }),
  );

  test.each<[RotationPhase, string, string, readonly string[]]>([
    ["trust", "root\nnext root\n", "root\n", ["of one\n", "of one\nroot\n"]],
    ["issue", "root\nnext root\n", "next root\n", ["next of one\n", "next of one\nbetween\nnext root\n"]],
    ["renew", "root\nnext root\nnext root\n", "next root\n", ["next of one\n", "next of one\nbetween\nnext root\n"]],
    ["drop", "next root\nnext root\n", "next root\n", ["next of one\n", "next of one\nbetween\nnext root\n"]],
    ["withdraw", "root\nnext root\nnext root\n", "root\n", ["of one\n", "of one\nroot\n"]],
  ])(
    "in phase %s uses the given intermediates and the CAs between them and the root",
    async (phase, bundle, signer, own) => {
      const given: MeshCAArgs = {
        source: "intermediates",
        root: "root",
        intermediates: { one: { certificate: "of one", key: "key" } },
        clusters: ["one"],
        rotation: { phase, ca: next },
      };
      const ca = new MeshCA("given", given);
      const { caCert, certChain, rootCert, caKey } = ca.intermediate("one");
      expect(await settled(rootCert)).toBe(bundle);
      expect(await settled(ca.rootCertificate)).toBe(signer);
      expect([await settled(caCert), await settled(certChain)]).toEqual(own);
      expect(await pulumi.isSecret(caKey)).toBe(true);
    },
  );
});
