import { X509Certificate } from "node:crypto";
import { describe, expect, test } from "vitest";
import { catalogue } from "../../../i18n/language.ts";
import type { ProxyFacts } from "../../../status/facts.ts";
import { certificate } from "../config/openssl.ts";
import { rootPem } from "../mesh/caCertificates.ts";
import { livingMesh } from "./livingMesh.ts";
import { encrypted } from "./stackFile.ts";

const texts = catalogue.en.operations;
const COMMAND = "npm run mesh -- rotate-root";
const LOOK = "look at one, two, three";
const T1 = "one t1, two t1, three t1";
const ALL = [
  LOOK,
  "set-all csp-mesh:operation.kind=rotate-root csp-mesh:operation.generation=2 csp-mesh:operation.reached=0",
  ...["trust", "issue", "renew", "drop"].flatMap((phase, index) => [
    `set-all csp-mesh:rootRotation.phase=${phase}`,
    `up ${T1}, root ${phase}`,
    LOOK,
    `set-all csp-mesh:operation.reached=${index + 1}`,
  ]),
  "set-all csp-mesh:ca.rootGeneration=2",
  "rm csp-mesh:rootRotation",
  `up ${T1}`,
  LOOK,
  "set-all csp-mesh:operation.reached=5",
  "rm csp-mesh:operation",
  "prove prod",
];
const BACK = [
  "set-all csp-mesh:operation.kind=rotate-root csp-mesh:operation.generation=2 csp-mesh:operation.reached=3 csp-mesh:operation.back=true",
  "set-all csp-mesh:rootRotation.phase=withdraw",
  `up ${T1}, root withdraw`,
  LOOK,
  "set-all csp-mesh:operation.reached=2",
  "set-all csp-mesh:rootRotation.phase=trust",
  `up ${T1}, root trust`,
  LOOK,
  "set-all csp-mesh:operation.reached=1",
  "rm csp-mesh:rootRotation",
  `up ${T1}`,
  LOOK,
  "set-all csp-mesh:operation.reached=0",
  "rm csp-mesh:operation",
  "prove prod",
];
type Mesh = Awaited<ReturnType<typeof livingMesh>>;
async function killedAt(steps: number, mesh: Mesh, command: string): Promise<void> {
  mesh.state.effects = 0;
  mesh.state.killAt = steps;
  expect(await mesh.run(command)).toMatchObject({ code: 2 });
  mesh.state.killAt = Number.POSITIVE_INFINITY;
}

test("replaces the root in phases, each in all clusters, and keeps only the generation", async () => {
  const mesh = await livingMesh();
  const { code, stdout, stderr } = await mesh.run("rotate-root --yes");
  expect([code, stderr]).toEqual([0, ""]);
  expect(mesh.journal).toEqual(ALL);
  expect(mesh.state.refreshed).toEqual(Array(5).fill("one, two, three"));
  expect(mesh.config()).toMatchObject({ ca: { rootGeneration: 2 } });
  expect(mesh.config()).not.toHaveProperty("rootRotation");
  for (const phase of ["trust", "issue", "renew", "drop", "done"] as const)
    expect(stdout).toContain(texts.states.root[phase]);
  mesh.journal.splice(0);
  expect(await mesh.run("rotate-root --yes")).toMatchObject({ code: 0 });
  expect(mesh.config()).toMatchObject({ ca: { rootGeneration: 3 } });
});

test.each(ALL.slice(0, -1).map((line, index) => [index, line] as const))(
  "killed before step %i (%s), is completed by the same command without skipping a phase",
  async (index) => {
    const mesh = await livingMesh();
    await killedAt(index, mesh, "rotate-root --yes");
    expect(await mesh.run("rotate-root --yes")).toMatchObject({ code: 0, stderr: "" });
    expect(mesh.config()).toMatchObject({ ca: { rootGeneration: 2 } });
    expect(mesh.config()).not.toHaveProperty("rootRotation");
    const ups = mesh.journal.filter((line) => line.startsWith("up"));
    expect([...new Set(ups)]).toEqual(ALL.filter((line) => line.startsWith("up")));
  },
);

describe("rotate-root --back", () => {
  test.each([
    [3, "trust is declared", BACK.slice(9)],
    [6, "trust is reached", BACK.slice(9)],
    // Leaves that the new root signed must be replaced, which takes both steps.
    [7, "issue is declared", BACK.slice(1)],
    [10, "issue is reached", BACK.slice(1)],
    [11, "renew is declared", BACK.slice(1)],
    [14, "renew is reached", BACK.slice(1)],
  ])("after %i steps, when %s, restores the original state", async (steps, _, journal) => {
    const mesh = await livingMesh();
    await killedAt(steps, mesh, "rotate-root --yes");
    mesh.journal.splice(0);
    const { code, stderr } = await mesh.run("rotate-root --back --yes");
    expect([code, stderr]).toEqual([0, ""]);
    expect(mesh.journal.slice(1)).toEqual(journal);
    expect(Object.keys(mesh.config())).toEqual(["clusters"]);
  });

  test.each(BACK.slice(0, -1).map((line, index) => [index, line] as const))(
    "killed before step %i (%s), is completed by the same command",
    async (index) => {
      const mesh = await livingMesh();
      await killedAt(14, mesh, "rotate-root --yes");
      mesh.journal.splice(0);
      await killedAt(index, mesh, "rotate-root --back --yes");
      expect(await mesh.run("rotate-root --back --yes")).toMatchObject({ code: 0, stderr: "" });
      expect(Object.keys(mesh.config())).toEqual(["clusters"]);
      const ups = mesh.journal.filter((line) => line.startsWith("up"));
      expect([...new Set(ups)]).toEqual(BACK.filter((line) => line.startsWith("up")));
    },
  );

  test.each([15, 16, 18, 19, 20])("is rejected after %i steps, once the former root is dropped", async (steps) => {
    const mesh = await livingMesh();
    await killedAt(steps, mesh, "rotate-root --yes");
    mesh.journal.splice(0);
    expect(await mesh.run("rotate-root --back --yes")).toMatchObject({
      code: 1,
      stderr: `${texts.noWayBack(COMMAND, texts.instead["rotate-root"])}\n`,
    });
    expect(mesh.journal).toEqual([]);
  });

  test("keeps rootRotation.ca if the config had it before the rotation", async () => {
    const ca = { algorithm: "RSA", rsaBits: 3072 };
    const mesh = await livingMesh({ "csp-mesh:rootRotation": { ca } });
    await killedAt(10, mesh, "rotate-root --yes");
    expect(await mesh.run("rotate-root --back --yes")).toMatchObject({ code: 0, stderr: "" });
    expect(mesh.config()).toMatchObject({ rootRotation: { ca } });
  });
});

test("moves the new settings to ca, and removes all former ones", async () => {
  const ca = { algorithm: "RSA", rsaBits: 3072, organization: "Agency" };
  const mesh = await livingMesh({
    "csp-mesh:ca": { ecdsaCurve: "P384", rootValidityHours: 90_000 },
    "csp-mesh:rootRotation": { ca },
  });
  expect(await mesh.run("rotate-root --yes")).toMatchObject({ code: 0, stderr: "" });
  expect(mesh.config()).toMatchObject({ ca: { ...ca, rootGeneration: 2 } });
  expect(Object.keys(mesh.config().ca as object).toSorted()).toEqual([
    "algorithm",
    "organization",
    "rootGeneration",
    "rsaBits",
  ]);
});

describe("a given root with an encrypted key", () => {
  const own = () => certificate("root");
  const withOwn = ({ certificate, key } = own()) =>
    livingMesh({ "csp-mesh:rootRotation": { ca: { source: "root", certificate, key: encrypted(key) } } });

  test("moves to ca, and its key stays encrypted", async () => {
    const root = own();
    const mesh = await withOwn(root);
    const { code, stdout, stderr } = await mesh.run("rotate-root --yes");
    expect([code, stderr]).toEqual([0, ""]);
    expect(mesh.config()).toMatchObject({ ca: { source: "root", key: encrypted(root.key) } });
    expect(mesh.config()).not.toHaveProperty("rootRotation");
    expect(stdout + mesh.journal.join("\n")).not.toContain("PRIVATE KEY");
  });

  test.each([12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22])(
    "moves to ca even if the command is killed after %i steps",
    async (steps) => {
      const mesh = await withOwn();
      await killedAt(steps, mesh, "rotate-root --yes");
      expect(await mesh.run("rotate-root --yes")).toMatchObject({ code: 0, stderr: "" });
      expect(mesh.config()).toMatchObject({ ca: { source: "root", key: { secure: expect.anything() } } });
    },
  );
});

test("rejects an invalid new root, and a rotation that was started by hand, before any change", async () => {
  const intermediates = await livingMesh({
    "csp-mesh:rootRotation": { ca: { source: "root", certificate: await rootPem(), key: "none" } },
  });
  const { code, stderr } = await intermediates.run("rotate-root --yes");
  expect(code).toBe(2);
  expect(stderr).toContain("rootRotation.ca.key: ");
  expect(stderr).not.toContain(" ca.key");
  expect(intermediates.journal).toEqual([]);
  const byHand = await livingMesh({ "csp-mesh:rootRotation": { phase: "issue" } });
  expect(await byHand.run("rotate-root --yes")).toMatchObject({ code: 1, stderr: `${texts.rootUnderWay("issue")}\n` });
});

const proxy = (trusted: readonly string[], root: string): ProxyFacts => ({ pod: "shop/cart", trusted, root });

test.each([
  ["without the multi-root setting", { withoutAgent: ["shop/cart"] }, texts.obstacles.withoutAgent("two", "shop/cart")],
  [
    "that cannot be queried",
    { proxies: [{ ...proxy([], ""), failure: "denied" }] },
    texts.obstacles.proxyNotAsked("two", "shop/cart", "denied"),
  ],
])("names proxies %s before it starts", async (_, facts, line) => {
  const mesh = await livingMesh();
  mesh.state.facts = ({ name }) => (name === "two" ? facts : {});
  const { code, stderr } = await mesh.run("rotate-root --yes --wait 0");
  expect([code, stderr]).toEqual([1, `${texts.notWhole(`  - ${line}`)}\n`]);
  expect(mesh.journal).toEqual([LOOK]);
});

test("ignores further trusted roots from the config at the gates", async () => {
  const pem = await rootPem({ hours: 90_000 });
  const besides = new X509Certificate(pem).fingerprint256;
  const mesh = await livingMesh({
    "csp-mesh:istio": { values: { istiod: { meshConfig: { caCertificates: [{ pem }] } } } },
  });
  mesh.state.trust = () => ({ trusted: ["old"], issuer: "old", rootEnd: 0, ends: {} });
  mesh.state.facts = () => ({ proxies: [proxy(["old", besides], "old")] });
  expect(await mesh.run("rotate-root --yes --wait 0")).toMatchObject({ code: 0 });
  mesh.state.facts = () => ({ proxies: [proxy(["old", besides, "another"], "old")] });
  expect(await mesh.run("rotate-root --yes --wait 0")).toMatchObject({ code: 1 });
});

test("a gate names the pods in each cluster that are not ready for the next phase", async () => {
  const mesh = await livingMesh();
  mesh.state.trust = () => ({ trusted: ["old", "new"], issuer: "old", rootEnd: 9, ends: { two: 7 } });
  const istiods = [{ pod: "istiod-1", watched: {}, endpoints: {}, signerEnds: 8 }];
  mesh.state.facts = ({ name }) =>
    name === "two"
      ? { proxies: [proxy(["old"], "new")], istiods: istiods as never }
      : { proxies: [proxy(["new", "old"], "old")] };
  const { code, stderr } = await mesh.run("rotate-root --yes --wait 0");
  expect(code).toBe(1);
  const { signsByOther, trustsOthers, leafOfOther } = texts.obstacles;
  const lines = [signsByOther("two", "istiod-1"), trustsOthers("two", "shop/cart"), leafOfOther("two", "shop/cart")];
  expect(stderr).toContain(`s:\n${lines.map((line) => `  - ${line}`).join("\n")}\nNothing`);
});

test("does not drop the former root while an istiod accepts its certificates", async () => {
  const mesh = await livingMesh();
  mesh.state.facts = ({ name }) => (name === "two" ? { notRestarted: ["istiod-1", "istiod-2"] } : {});
  const { code, stderr } = await mesh.run("rotate-root --yes --wait 0");
  expect(code).toBe(1);
  // Earlier phases need no restart.
  expect(mesh.config()).toMatchObject({ operation: { reached: 3 }, rootRotation: { phase: "drop" } });
  expect(stderr).toContain(`s:\n  - ${texts.obstacles.acceptsFormer("two", "istiod-1, istiod-2")}\nNothing`);
});

test("accepts leaves of either root while istiods change to the other one", async () => {
  const mesh = await livingMesh();
  await killedAt(7, mesh, "rotate-root --yes");
  mesh.state.trust = () => ({ trusted: ["old", "new"], issuer: "new", rootEnd: 9, ends: {} });
  mesh.state.facts = () => ({ proxies: [proxy(["old", "new"], "old")] });
  const { code, stderr } = await mesh.run("rotate-root --yes --wait 0");
  expect(code).toBe(1);
  // Only the next phase stops it.
  expect(mesh.config()).toMatchObject({ operation: { reached: 2 }, rootRotation: { phase: "renew" } });
  expect(stderr).toContain(texts.obstacles.leafOfOther("one", "shop/cart"));
});

describe("after a change of the stack file during the rotation", () => {
  type Config = Record<string, unknown>;
  const field = (phase: string) => `  - ${texts.sets("csp-mesh:rootRotation.phase")} = ${phase}`;
  const withoutPhase = (config: Config) => delete config["csp-mesh:rootRotation"];

  test.each([
    ["is lost before pulumi up", 1, withoutPhase],
    [
      "is reset to an earlier one before pulumi up",
      2,
      (config: Config) => (config["csp-mesh:rootRotation"] = { phase: "trust" }),
    ],
  ])("a phase that %s opens no gate, and the same command continues", async (_, up, change) => {
    const mesh = await livingMesh();
    let ups = 0;
    mesh.state.beforeUp = () => ++ups === up && mesh.write(change);
    const { code, stderr } = await mesh.run("rotate-root --yes");
    const phase = ["", "trust", "issue"][up] as string;
    expect([code, stderr]).toEqual([2, `mesh: ${texts.undeclared(field(phase), COMMAND)}\n`]);
    expect(mesh.journal.filter((line) => line === LOOK)).toHaveLength(up);
    expect(await mesh.run("rotate-root --yes")).toMatchObject({ code: 0, stderr: "" });
    expect(mesh.journal.filter((line) => line.startsWith("up")).slice(up)).toEqual(
      ALL.filter((line) => line.startsWith("up")).slice(up - 1),
    );
  });

  test.each([
    [2, "trust"],
    [3, "issue"],
  ])("no phase is skipped after %i ups: the reached phase must be restored", async (ups, phase) => {
    const mesh = await livingMesh();
    await killedAt(4 * ups - 2, mesh, "rotate-root --yes");
    mesh.write(withoutPhase);
    const journal = mesh.journal.length;
    expect(await mesh.run("rotate-root --yes")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(field(phase)),
    });
    expect(mesh.journal.slice(journal)).toEqual([]);
  });

  test("a phase that is lost on the way back opens no gate", async () => {
    const mesh = await livingMesh();
    await killedAt(14, mesh, "rotate-root --yes");
    mesh.state.beforeUp = () => mesh.write((config) => (config["csp-mesh:rootRotation"] = { phase: "renew" }));
    const { code, stderr } = await mesh.run("rotate-root --back --yes");
    expect([code, stderr]).toEqual([2, `mesh: ${texts.undeclared(field("withdraw"), `${COMMAND} --back`)}\n`]);
  });
});
