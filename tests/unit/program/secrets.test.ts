import * as pulumi from "@pulumi/pulumi";
import { expect, test, vi } from "vitest";

/** Mocks plugins that mark no outputs as secret, so that only the components do. */
async function silentPlugins(): Promise<void> {
  await pulumi.runtime.setMocks({
    newResource: ({ name, inputs }) => ({
      id: `${name}-id`,
      state: { ...inputs, certPem: "certificate", privateKeyPem: "key", data: { token: "dG9r", "ca.crt": "Y2E=" } },
    }),
    call: ({ inputs }) => inputs,
  });
  vi.resetModules();
}

test("a generated intermediate's key is secret, but its certificates are not", async () => {
  await silentPlugins();
  const { MeshCA } = await import("../../../components/meshCA.ts");
  const ca = new MeshCA("ca", {
    clusters: ["one"],
    algorithm: "ECDSA",
    organization: "Istio",
    rootValidityHours: 2,
    intermediateValidityHours: 1,
  });
  const { caKey, caCert, certChain, rootCert } = ca.intermediate("one");
  expect(await pulumi.isSecret(caKey)).toBe(true);
  for (const certificate of [caCert, certChain, rootCert, ca.rootCertificate]) {
    expect(await pulumi.isSecret(certificate)).toBe(false);
  }
  expect(() => ca.intermediate("two")).toThrow(
    new Error('MeshCA has no intermediate for cluster "two"; add it to "clusters"'),
  );
});

test("a given key is secret, but its certificate is not", async () => {
  await silentPlugins();
  const { MeshCA } = await import("../../../components/meshCA.ts");
  const intermediates = { one: { certificate: "certificate", key: "key" } };
  const ca = new MeshCA("ca", {
    clusters: ["one"],
    source: "intermediates",
    root: pulumi.secret("root"),
    intermediates,
  });
  const { caKey, caCert, certChain, rootCert } = ca.intermediate("one");
  expect(await pulumi.isSecret(caKey)).toBe(true);
  for (const certificate of [caCert, certChain, rootCert]) expect(await pulumi.isSecret(certificate)).toBe(false);
});

test("a reader token is secret", async () => {
  await silentPlugins();
  const { ReaderToken } = await import("../../../components/readerToken.ts");
  const base = new (class extends pulumi.ComponentResource {})("test:index:Base", "base");
  const provider = new (await import("../../../components/kubernetes.ts")).Provider("one", {});
  const reader = new ReaderToken(
    "reader",
    { clusterName: "one", generation: 1, namespace: "istio-system", base },
    { provider },
  );
  expect(await pulumi.isSecret(reader.token)).toBe(true);
});
