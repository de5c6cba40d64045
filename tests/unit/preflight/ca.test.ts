import { X509Certificate } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseConfig } from "../../../config/parse.ts";
import { fingerprint } from "../../../mesh/caIdentity.ts";
import { MADE } from "../../../mesh/ownership.ts";
import type { PreflightFinding } from "../../../mesh/preflightFindings.ts";
import { caFindings, liveRoot } from "../../../preflight/checks/ca.ts";
import { connect } from "../../../preflight/connect.ts";
import { examine } from "../../../preflight/examine.ts";
import { named, rootPem } from "../mesh/caCertificates.ts";
import { claimedBy, entriesOf, type FakeCluster, fakeCluster, ROLE } from "./fakeCluster.ts";

const SYSTEM = "/api/v1/namespaces/istio-system";
const CACERTS = `${SYSTEM}/secrets/cacerts`;
const KEY = "-----BEGIN EC PRIVATE KEY-----\nhidden\n";
const [ROOT, OTHER] = await Promise.all([rootPem(), rootPem()]);
const AGENCY = await rootPem({ name: named("Agency") });
const short = (pem: string) => fingerprint(new X509Certificate(pem));

let one: FakeCluster;
let two: FakeCluster;
beforeEach(async () => {
  [one, two] = await Promise.all([fakeCluster("first"), fakeCluster("second")]);
});
afterEach(() => {
  one.close();
  two.close();
});

const base64 = (text: string) => Buffer.from(text).toString("base64");
function stands(cluster: FakeCluster, root: string): void {
  claimedBy(cluster);
  cluster.answers[CACERTS] = { data: { "ca-key.pem": base64(KEY), "root-cert.pem": base64(root) } };
}
const configOf = (ca: object) =>
  parseConfig(
    {
      clusters: entriesOf([one, two]),
      ca,
    },
    "/",
  );
const look = async (ca: object = {}): Promise<readonly PreflightFinding[]> =>
  (await examine(configOf(ca))).filter(({ id, severity }) => id.startsWith("root") || severity === "error");

const kept = (cluster: string, pem = ROOT) => ({ id: "rootKept", severity: "ok", cluster, root: short(pem) });

describe("the mesh's root", () => {
  test("is not looked at where no mesh stands", async () => {
    stands(two, ROOT);
    delete two.answers[ROLE];
    expect((await look({ organization: "Agency" })).filter(({ id }) => id.startsWith("root"))).toEqual([]);
    for (const { asked } of [one, two]) expect(asked).not.toContain(`GET ${CACERTS}`);
  });

  test("is compared where somebody deleted the claim, as long as the namespace is the mesh's", async () => {
    stands(one, ROOT);
    delete one.answers[ROLE];
    one.answers[SYSTEM] = { metadata: { name: "istio-system", annotations: { [MADE]: "true" } } };
    expect((await look({ organization: "Agency" })).map(({ id }) => id)).toEqual(["rootWouldChange"]);
  });

  test("is not spoken of where it is still to be made", async () => {
    stands(one, ROOT);
    delete one.answers[CACERTS];
    expect(await look()).toEqual([]);
  });

  test("is kept by the config that made it", async () => {
    stands(one, ROOT);
    stands(two, ROOT);
    expect(await look({ intermediateValidityHours: 24, protect: true })).toEqual([kept("one"), kept("two")]);
  });

  test("would be replaced by another organization: an error in each cluster", async () => {
    stands(one, ROOT);
    stands(two, ROOT);
    const change = { field: "ca.organization", live: '"Istio"', wanted: '"Agency"' };
    expect(await look({ organization: "Agency" })).toEqual(
      ["one", "two"].map((cluster) => ({ id: "rootWouldChange", severity: "error", cluster, ...change })),
    );
  });

  test("of one cluster that is another than the config's differs from the others'", async () => {
    stands(one, AGENCY);
    stands(two, ROOT);
    const differs = { id: "rootsDiffer", severity: "error", cluster: "one", root: short(AGENCY) };
    expect(await look()).toEqual([{ ...differs, peer: "two", peerRoot: short(ROOT) }, kept("two")]);
  });

  test("of two clusters that look alike differs all the same", async () => {
    stands(one, ROOT);
    stands(two, OTHER);
    expect(await look()).toMatchObject([kept("one"), { id: "rootsDiffer", cluster: "two", peer: "one" }]);
  });

  test.each([
    ["no certificate", "nothing"],
    ["nothing", ""],
  ])("that is %s is told with what heals it", async (_, text) => {
    stands(one, text);
    stands(two, ROOT);
    expect(await look()).toEqual([{ id: "rootUnreadable", severity: "warning", cluster: "one" }, kept("two")]);
  });

  test("that may not be read is not seen", async () => {
    stands(two, ROOT);
    two.answers[CACERTS] = 403;
    const findings = await examine(configOf({ organization: "Agency" }));
    expect(findings).toContainEqual({ id: "notSeen", severity: "warning", cluster: "two", paths: [CACERTS] });
  });
});

test("that is given is compared by its fingerprint, and its key is in no finding", async () => {
  const pem = (await rootPem({ name: named("Agency", "Agency Root") })).trimEnd();
  const given = { name: "one", root: { roots: [new X509Certificate(pem)], phase: "prepared" } } as const;
  const other = { source: "root", certificate: ROOT, key: KEY } as const;
  expect(caFindings([given], { ...other, certificate: pem })).toEqual([kept("one", pem)]);
  const change = { field: "ca.certificate", live: short(pem), wanted: short(ROOT) };
  expect(caFindings([given], other)).toEqual([{ id: "rootWouldChange", severity: "error", cluster: "one", ...change }]);
});

test("of Secret cacerts nothing but the root's certificate is kept", async () => {
  stands(one, ROOT);
  const [settings] = configOf({}).clusters;
  const { observed } = await connect(settings as NonNullable<typeof settings>);
  if (observed === undefined) throw new Error("not reached");
  expect(await liveRoot(observed)).toEqual({ roots: [expect.any(X509Certificate)], phase: "prepared" });
  expect(one.asked).toContain(`GET ${CACERTS}`);
  const seen = JSON.stringify(observed.answers);
  for (const part of ["hidden", base64(KEY), "ca-key.pem"]) expect(seen).not.toContain(part);
});

test.each([
  ["90 days before the end", 90, []],
  ["89 days before", 89, [89]],
  ["on the last day, when it can still be replaced by pulumi up", 0, [0]],
])("a root that the program made is warned of: %s", (_, left, expected) => {
  const { ca } = configOf({});
  const root = new X509Certificate(ROOT);
  const now = Date.parse(root.validTo) - (left + 0.5) * 86_400_000;
  const found = caFindings([{ name: "one", root: { roots: [root], phase: "prepared" } }], ca as never, undefined, now);
  expect(found.map(({ id }) => id)).toEqual(["rootKept", ...expected.map(() => "rootEnds")]);
  expect(found.flatMap((finding) => (finding.id === "rootEnds" ? [finding.days] : []))).toEqual(expected);
  expect(found.every(({ severity }) => severity !== "error")).toBe(true);
});

test("one that the config gives is warned of there", () => {
  const root = new X509Certificate(ROOT);
  const found = caFindings(
    [{ name: "one", root: { roots: [root], phase: "prepared" } }],
    { source: "root", certificate: ROOT },
    undefined,
    Date.parse(root.validTo),
  );
  expect(found.map(({ id }) => id)).toEqual(["rootKept"]);
});

describe("a root that is exchanged", async () => {
  const next = await rootPem({ name: named("Istio", "Root CA 2") });
  const [OLD, NEW] = [new X509Certificate(ROOT), new X509Certificate(next)];
  const ca = (rootGeneration: number) => ({ ...configOf({}).ca, rootGeneration }) as never;
  const verdict = (live: string, phase: string | undefined, generation = 1) => {
    const roots = live === "prepared" ? [OLD] : live === "drop" ? [NEW] : [OLD, NEW];
    const rotation = phase === undefined ? undefined : { phase, ca: ca(2) };
    const all = [{ name: "one", root: { roots, phase: live } }] as never;
    return caFindings(all, ca(generation), rotation as never).map(({ id }) => id);
  };

  test.each([
    ["prepared", "trust"],
    ["trust", "issue"],
    ["issue", "renew"],
    ["renew", "drop"],
    ["drop", "drop"],
    ["renew", "withdraw"],
    ["issue", "withdraw"],
    // A cluster that `issue` has not reached.
    ["trust", "withdraw"],
    ["withdraw", "trust"],
    ["trust", undefined],
  ])("goes from %s to %s", (live, wanted) => {
    expect(verdict(live, wanted)).toEqual(["rootKept"]);
  });

  test.each([
    ["prepared", "issue"],
    ["prepared", "renew"],
    ["trust", "renew"],
    ["issue", "trust"],
    ["issue", undefined],
    ["issue", "drop"],
    ["renew", undefined],
    ["renew", "trust"],
    ["withdraw", undefined],
  ])("does not go from %s to %s", (live, wanted) => {
    expect(verdict(live, wanted)).toEqual(["rootStepSkipped"]);
  });

  test("is the config's own only once the former one is dropped", () => {
    expect(verdict("drop", undefined, 2)).toEqual(["rootKept"]);
    for (const live of ["trust", "issue", "renew"]) expect(verdict(live, undefined, 2)).toEqual(["rootStepSkipped"]);
    expect(verdict("prepared", undefined, 2)).toEqual(["rootWouldChange"]);
  });
});
