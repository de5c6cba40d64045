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
function addMesh(cluster: FakeCluster, root: string): void {
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

describe("the root of a standing mesh", () => {
  test("is not read in a cluster without a mesh", async () => {
    addMesh(two, ROOT);
    delete two.answers[ROLE];
    expect((await look({ organization: "Agency" })).filter(({ id }) => id.startsWith("root"))).toEqual([]);
    for (const { asked } of [one, two]) expect(asked).not.toContain(`GET ${CACERTS}`);
  });

  test("is compared after the claim was deleted, if the program created the namespace", async () => {
    addMesh(one, ROOT);
    delete one.answers[ROLE];
    one.answers[SYSTEM] = { metadata: { name: "istio-system", annotations: { [MADE]: "true" } } };
    expect((await look({ organization: "Agency" })).map(({ id }) => id)).toEqual(["rootWouldChange"]);
  });

  test("is not reported if the Secret does not exist yet", async () => {
    addMesh(one, ROOT);
    delete one.answers[CACERTS];
    expect(await look()).toEqual([]);
  });

  test("is kept by the config that generated it", async () => {
    addMesh(one, ROOT);
    addMesh(two, ROOT);
    expect(await look({ intermediateValidityHours: 24, protect: true })).toEqual([kept("one"), kept("two")]);
  });

  test("would be replaced after a change of the organization, which is an error in each cluster", async () => {
    addMesh(one, ROOT);
    addMesh(two, ROOT);
    const change = { field: "ca.organization", live: '"Istio"', wanted: '"Agency"' };
    expect(await look({ organization: "Agency" })).toEqual(
      ["one", "two"].map((cluster) => ({ id: "rootWouldChange", severity: "error", cluster, ...change })),
    );
  });

  test("is reported as differing if one cluster has another root than the config and the others", async () => {
    addMesh(one, AGENCY);
    addMesh(two, ROOT);
    const differs = { id: "rootsDiffer", severity: "error", cluster: "one", root: short(AGENCY) };
    expect(await look()).toEqual([{ ...differs, peer: "two", peerRoot: short(ROOT) }, kept("two")]);
  });

  test("is reported as differing even if two roots look alike", async () => {
    addMesh(one, ROOT);
    addMesh(two, OTHER);
    expect(await look()).toMatchObject([kept("one"), { id: "rootsDiffer", cluster: "two", peer: "one" }]);
  });

  test.each([
    ["no certificate", "nothing"],
    ["an empty value", ""],
  ])("is reported as unreadable if the Secret contains %s", async (_, text) => {
    addMesh(one, text);
    addMesh(two, ROOT);
    expect(await look()).toEqual([{ id: "rootUnreadable", severity: "warning", cluster: "one" }, kept("two")]);
  });

  test("is reported as not seen if the account may not read it", async () => {
    addMesh(two, ROOT);
    two.answers[CACERTS] = 403;
    const findings = await examine(configOf({ organization: "Agency" }));
    expect(findings).toContainEqual({ id: "notSeen", severity: "warning", cluster: "two", paths: [CACERTS] });
  });
});

test("compares a given root by its fingerprint, and quotes no key", async () => {
  const pem = (await rootPem({ name: named("Agency", "Agency Root") })).trimEnd();
  const given = { name: "one", root: { roots: [new X509Certificate(pem)], phase: "prepared" } } as const;
  const other = { source: "root", certificate: ROOT, key: KEY } as const;
  expect(caFindings([given], { ...other, certificate: pem })).toEqual([kept("one", pem)]);
  const change = { field: "ca.certificate", live: short(pem), wanted: short(ROOT) };
  expect(caFindings([given], other)).toEqual([{ id: "rootWouldChange", severity: "error", cluster: "one", ...change }]);
});

test("keeps only the root's certificate from the Secret cacerts", async () => {
  addMesh(one, ROOT);
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
])("warns before a generated root expires: %s", (_, left, expected) => {
  const { ca } = configOf({});
  const root = new X509Certificate(ROOT);
  const now = Date.parse(root.validTo) - (left + 0.5) * 86_400_000;
  const found = caFindings([{ name: "one", root: { roots: [root], phase: "prepared" } }], ca as never, undefined, now);
  expect(found.map(({ id }) => id)).toEqual(["rootKept", ...expected.map(() => "rootEnds")]);
  expect(found.flatMap((finding) => (finding.id === "rootEnds" ? [finding.days] : []))).toEqual(expected);
  expect(found.every(({ severity }) => severity !== "error")).toBe(true);
});

test("does not warn about a given root here, because the config's check does", () => {
  const root = new X509Certificate(ROOT);
  const found = caFindings(
    [{ name: "one", root: { roots: [root], phase: "prepared" } }],
    { source: "root", certificate: ROOT },
    undefined,
    Date.parse(root.validTo),
  );
  expect(found.map(({ id }) => id)).toEqual(["rootKept"]);
});

describe("a root rotation", async () => {
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
    // As in a cluster that `issue` has not reached.
    ["trust", "withdraw"],
    ["withdraw", "trust"],
    ["trust", undefined],
  ])("may go from %s to %s", (live, wanted) => {
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
  ])("may not go from %s to %s", (live, wanted) => {
    expect(verdict(live, wanted)).toEqual(["rootStepSkipped"]);
  });

  test("may end with the new root as the config's own only after the former one is dropped", () => {
    expect(verdict("drop", undefined, 2)).toEqual(["rootKept"]);
    for (const live of ["trust", "issue", "renew"]) expect(verdict(live, undefined, 2)).toEqual(["rootStepSkipped"]);
    expect(verdict("prepared", undefined, 2)).toEqual(["rootWouldChange"]);
  });
});
