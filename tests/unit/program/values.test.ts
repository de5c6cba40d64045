import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { defaultIstiod } from "../../../mesh/istiodOptions.ts";
import { istiodValues } from "../../../mesh/istiodValues.ts";
import { mergeValues, valueConflicts } from "../../../mesh/values.ts";

describe("istiod's values", () => {
  const values = istiodValues({
    cluster: "one",
    network: "net-one",
    meshId: "mesh1",
    trustDomain: "example.org",
    hub: "registry.example/istio",
    tag: "1.29.1-distroless",
    istiod: defaultIstiod,
    externalGateways: [],
  });

  test("configure a primary cluster of a multi-network mesh", () => {
    expect(values).toMatchObject({
      global: {
        meshID: "mesh1",
        network: "net-one",
        multiCluster: { clusterName: "one" },
        hub: "registry.example/istio",
        tag: "1.29.1-distroless",
      },
      meshConfig: { trustDomain: "example.org" },
    });
  });

  test("let proxies trust several roots from the beginning", () => {
    expect(values).toMatchObject({
      meshConfig: { defaultConfig: { proxyMetadata: { PROXY_CONFIG_XDS_AGENT: "true" } } },
      pilot: { env: { ISTIO_MULTIROOT_MESH: "true" } },
    });
  });

  test("assign Ingress objects to the ingress gateway if there is one", () => {
    const { meshConfig } = istiodValues({
      cluster: "one",
      network: "net-one",
      meshId: "mesh1",
      trustDomain: "example.org",
      hub: "registry.example/istio",
      tag: "1.31.0",
      istiod: defaultIstiod,
      externalGateways: [],
      ingress: true,
    });
    expect(meshConfig).toMatchObject({ ingressService: "istio-ingress", ingressSelector: "ingress" });
    expect(values.meshConfig).not.toHaveProperty("ingressService");
  });

  test("define an access log with the caller's identity", () => {
    const { extensionProviders } = values.meshConfig as { extensionProviders: unknown[] };
    expect(extensionProviders).toEqual([
      {
        name: "caller-identity",
        envoyFileAccessLog: {
          path: "/dev/stdout",
          logFormat: {
            labels: expect.objectContaining({
              peer: "%DOWNSTREAM_PEER_URI_SAN%",
              xfcc: "%REQ(X-FORWARDED-CLIENT-CERT)%",
              agent: "%REQ(USER-AGENT)%",
              code: "%RESPONSE_CODE%",
            }),
          },
        },
      },
    ]);
  });
});

describe("merged values", () => {
  test("contain both tables, with joined lists", () => {
    expect(mergeValues({ a: { b: 1 }, l: [1], k: 1 }, { a: { c: 2 }, l: [2], n: null })).toEqual({
      a: { b: 1, c: 2 },
      l: [1, 2],
      k: 1,
      n: null,
    });
  });

  test("are rejected if they differ, with each path", () => {
    expect(() => mergeValues({ a: { b: 1, c: "x" }, d: {} }, { a: { b: 2, c: "x" }, d: 1 })).toThrow(
      new Error("the program sets a.b, d itself"),
    );
  });

  const key = fc.constantFrom("a", "b", "c");
  const { tree } = fc.letrec((tie) => ({
    tree: fc.dictionary(key, fc.oneof({ depthSize: "small" }, fc.integer(), fc.boolean(), tie("tree")), {
      noNullPrototype: true,
    }),
  }));

  test("contain all values of the program, or are rejected", () => {
    fc.assert(
      fc.property(tree, tree, (own, more) => {
        const [mine, theirs] = [own as Record<string, unknown>, more as Record<string, unknown>];
        if (valueConflicts(mine, theirs).length > 0) return;
        const merged = mergeValues(mine, theirs);
        // Merging again changes nothing, because everything is already included.
        expect(mergeValues(merged, mine)).toEqual(merged);
        expect(mergeValues(merged, theirs)).toEqual(merged);
      }),
    );
  });
});
