// Whether the other clusters' istiods can reach and verify a cluster, according to its kubeconfig and the config.
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { parseConfig } from "../../../config/parse.ts";
import { makeRoot } from "../proof/authority.ts";
import { folder, kubeconfig } from "./fixtures.ts";

const { pem } = await makeRoot();
const two = { name: "two", kubeconfig: "two", context: "two" };

/** A mesh of `one`, whose kubeconfig contains this cluster, and `two`. */
function mesh(cluster: object, settings: object = {}, others: object[] = [two]) {
  const root = folder({
    one: stringify({
      clusters: [{ name: "c", cluster: { server: "https://one.example", ...cluster } }],
      users: [{ name: "u", user: { token: "t" } }],
      contexts: [{ name: "one", context: { cluster: "c", user: "u" } }],
    }),
    two: kubeconfig(["two"]),
  });
  return parseConfig({ clusters: [{ name: "one", kubeconfig: "one", context: "one", ...settings }, ...others] }, root);
}
const refusal = (...given: Parameters<typeof mesh>): string | undefined => {
  try {
    mesh(...given);
    return undefined;
  } catch (error) {
    return (error as Error).message.replace("The config of this stack cannot be used:\n  - ", "");
  }
};

describe("an API server on this machine", () => {
  const missing =
    "clusters[0].apiServer: is missing: the server in the kubeconfig is local to this machine, so no other cluster can reach it; give the address at which the others reach it, such as https://203.0.113.7:6443";

  test.each([
    "https://127.0.0.1:6443",
    "https://127.1.2.3",
    "https://localhost:6443",
    "https://LOCALHOST.",
    "https://api.localhost",
    "https://kubernetes.docker.internal:6443",
    "https://0.0.0.0:6443",
    "https://[::1]:6443",
    "https://[::]:6443",
    "https://[::ffff:127.0.0.1]:6443",
    "http://127.0.0.1:8001",
  ])("%s is rejected", (server) => {
    expect(refusal({ server })).toBe(missing);
  });

  test.each(["https://169.254.9.1:6443", "https://[fe80::1]:6443"])("%s is rejected as link-local", (server) => {
    const says = (what: string) =>
      `clusters[0].apiServer: is ${what} a link-local or multicast address, which other networks cannot reach; give the address at ` +
      "which the other clusters reach it, such as https://203.0.113.7:6443";
    expect(refusal({ server })).toBe(says("missing: the server in the kubeconfig has"));
    expect(refusal({}, { apiServer: server })).toBe(says("").replace("is  a", "is a"));
  });

  test.each(["https://128.0.0.1", "https://10.127.0.1", "https://localhost.example", "https://[fd00::1]:6443"])(
    "%s is accepted",
    (server) => {
      expect(refusal({ server })).toBeUndefined();
    },
  );

  test("is accepted if peers have another address, or if there are no peers", () => {
    const server = "https://127.0.0.1:6443";
    const apiServer = "https://203.0.113.7:6443";
    expect(mesh({ server }, { apiServer }).clusters[0]).toMatchObject({ server: apiServer });
    expect(refusal({ server }, {}, [])).toBeUndefined();
    expect(refusal({ server }, {}, [{ ...two, state: "gone" }])).toBeUndefined();
  });

  test("is rejected as the address for peers as well", () => {
    expect(refusal({}, { apiServer: "https://localhost:6443" })).toBe(
      "clusters[0].apiServer: is an address by which each cluster reaches only itself; give the address at which the others reach it, such as https://203.0.113.7:6443",
    );
  });

  test("is ignored for a cluster that is gone", () => {
    expect(refusal({}, {}, [two, { name: "three", context: "x", state: "gone", apiServer: "https://127.0.0.1" }])).toBe(
      undefined,
    );
  });
});

describe("an API server that the kubeconfig does not verify", () => {
  const cluster = { "insecure-skip-tls-verify": true };

  test("is rejected, because peers need a CA to verify it", () => {
    expect(refusal(cluster)).toBe(
      'clusters[0].caBundle: is missing: the kubeconfig does not verify its server (insecure-skip-tls-verify), but the other clusters must; give the CA of that server\'s certificate, or "public" for a public one',
    );
  });

  test("is accepted with a CA, with another address, or without peers", () => {
    expect(refusal(cluster, { caBundle: pem })).toBeUndefined();
    expect(refusal(cluster, { caBundle: "public" })).toBeUndefined();
    expect(refusal(cluster, { apiServer: "https://203.0.113.7" })).toBeUndefined();
    expect(refusal(cluster, {}, [])).toBeUndefined();
  });
});

describe("the kubeconfig's tls-server-name", () => {
  const cluster = { "tls-server-name": "api.internal" };

  test("also applies for peers, but only to the kubeconfig's server", () => {
    expect(mesh(cluster).clusters[0]).toMatchObject({ server: "https://one.example", tlsServerName: "api.internal" });
    expect(mesh(cluster, { apiServer: "https://203.0.113.7" }).clusters[0]?.tlsServerName).toBeUndefined();
    const settings = { apiServer: "https://203.0.113.7", tlsServerName: "own.example" };
    expect(mesh(cluster, settings).clusters[0]).toMatchObject({ tlsServerName: "own.example" });
  });

  test("distinguishes two clusters behind one address", () => {
    const same = { server: "https://two.example:6443" };
    expect(refusal(same)).toContain("the others would watch the same cluster as");
    expect(refusal({ ...same, ...cluster })).toBeUndefined();
  });
});
