import { X509Certificate } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CASettings, caSchema } from "../../../config/caSchema.ts";
import { fingerprint, rootDifferences, rootSettings } from "../../../mesh/caIdentity.ts";
import { type KeyKind, named, type RootRequest, rootPem } from "./caCertificates.ts";

const settings = (ca: object = {}): CASettings => caSchema.parse(ca);
const live = async (request?: RootRequest) => new X509Certificate(await rootPem(request));
const RSA = { algorithm: "RSA", rsaBits: 2048 };

describe("a generated root", () => {
  test.each<[string, object, RootRequest, object | undefined]>([
    ["the defaults", {}, {}, undefined],
    [
      "the organization",
      { organization: "Agency" },
      {},
      { field: "ca.organization", live: '"Istio"', wanted: '"Agency"' },
    ],
    ["the algorithm", { algorithm: "RSA" }, {}, { field: "ca.algorithm", live: "ECDSA", wanted: "RSA" }],
    ["the algorithm back to the default", {}, { key: 2048 }, { field: "ca.algorithm", live: "RSA", wanted: "ECDSA" }],
    ["the curve", { ecdsaCurve: "P384" }, {}, { field: "ca.ecdsaCurve", live: "P256", wanted: "P384" }],
    [
      "the curve from an unsupported one",
      {},
      { key: "P521" },
      { field: "ca.ecdsaCurve", live: "secp521r1", wanted: "P256" },
    ],
    ["the size", { ...RSA, rsaBits: 3072 }, { key: 2048 }, { field: "ca.rsaBits", live: "2048", wanted: "3072" }],
    [
      "the size to the default",
      { algorithm: "RSA" },
      { key: 2048 },
      { field: "ca.rsaBits", live: "2048", wanted: "4096" },
    ],
    [
      "its validity",
      { rootValidityHours: 87_601 },
      {},
      { field: "ca.rootValidityHours", live: "87600", wanted: "87601" },
    ],
    ["its path length", { rootPathLength: 2 }, {}, { field: "ca.rootPathLength", live: "1", wanted: "2" }],
    ["the validity of intermediates", { intermediateValidityHours: 24 }, {}, undefined],
    [
      "the path length of intermediates",
      { rootPathLength: 2, intermediatePathLength: 1 },
      { pathLength: 2 },
      undefined,
    ],
    ["its protection", { protect: true }, {}, undefined],
    [
      "the source from a given root",
      {},
      { name: named("Agency", "Agency Root") },
      { field: "ca.source", live: '"O=Agency, CN=Agency Root"', wanted: '"O=Istio, CN=Root CA"' },
    ],
    [
      "the source, from a given root with more names",
      {},
      { name: [{ C: ["KR"] }, ...named("Istio")] },
      { field: "ca.source", live: '"C=KR, O=Istio, CN=Root CA"' },
    ],
  ])("compared with a config that changes %s", async (_, ca, request, difference) => {
    expect(rootDifferences(await live(request), settings(ca))).toMatchObject(difference ? [difference] : []);
  });

  test("differs in each changed setting", async () => {
    const changed = settings({ ...RSA, organization: "Agency", rootPathLength: 3, rootValidityHours: 24 });
    expect(rootDifferences(await live(), changed).map(({ field }) => field)).toEqual([
      "ca.organization",
      "ca.algorithm",
      "ca.rootValidityHours",
      "ca.rootPathLength",
    ]);
  });

  test("is shown without control characters", async () => {
    const [{ live: shown } = { live: "" }] = rootDifferences(
      await live({ name: named("\u001b[31mred\u202e") }),
      settings(),
    );
    expect(shown).toBe('"\ufffd[31mred\ufffd"');
  });

  test("never differs from the settings that generated it", async () => {
    const kinds = fc.constantFrom<[KeyKind, object]>(
      ["P256", {}],
      ["P256", { ecdsaCurve: "P256" }],
      ["P384", { ecdsaCurve: "P384" }],
      [2048, RSA],
    );
    const words = fc.string({ minLength: 1, maxLength: 64, unit: "grapheme" });
    const organizations = fc.oneof(
      words,
      fc.constantFrom("A, B+C=D;", '"quoted" \\', "a\nCN=b", " spaces ", "행정 기관"),
    );
    await fc.assert(
      fc.asyncProperty(
        ...([
          kinds,
          organizations,
          fc.integer({ min: 1, max: 2_000_000 }),
          fc.integer({ min: 1, max: 70_000 }),
        ] as const),
        async ([key, kind], organization, rootValidityHours, rootPathLength) => {
          const root = await live({
            key,
            name: named(organization),
            hours: rootValidityHours,
            pathLength: rootPathLength,
          });
          const ca = settings({ ...kind, organization, rootValidityHours, rootPathLength });
          expect(rootDifferences(root, ca)).toEqual([]);
        },
      ),
    );
  }, 30_000);
});

describe("a given root", () => {
  test.each([
    ["root", "ca.certificate", (pem: string) => ({ source: "root", certificate: pem, key: "-" })],
    ["intermediates", "ca.root", (pem: string) => ({ source: "intermediates", root: pem, intermediates: {} })],
  ])("from source %s is compared by its bytes, regardless of text around the PEM", async (_, field, ca) => {
    const [pem, other] = await Promise.all([rootPem(), rootPem({ name: named("Agency") })]);
    const root = new X509Certificate(pem);
    expect(rootDifferences(root, settings(ca(`the root\n${pem}\n\n`)))).toEqual([]);
    const wanted = fingerprint(new X509Certificate(other));
    expect(rootDifferences(root, settings(ca(other)))).toEqual([{ field, live: fingerprint(root), wanted }]);
    expect(wanted).toMatch(/^([0-9A-F]{2}:){7}[0-9A-F]{2}$/);
  });

  test("may replace an identical generated root", async () => {
    const pem = await rootPem();
    expect(rootDifferences(new X509Certificate(pem), settings({ source: "root", certificate: pem, key: "-" }))).toEqual(
      [],
    );
  });
});

test("is compared without its key", () => {
  const key = "hidden";
  const issued = { one: { certificate: "c", key } };
  for (const ca of [
    settings({ source: "root", certificate: "c", key }),
    settings({ source: "intermediates", root: "r", intermediates: issued }),
  ])
    expect(JSON.stringify(rootSettings(ca))).not.toContain(key);
  expect(rootSettings(settings())).toEqual(settings());
});
