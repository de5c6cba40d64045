import { expect, test } from "vitest";
import { catalogue } from "../../../i18n/language.ts";
import { asLines } from "../../../i18n/preflightReport.ts";
import type { StatusFinding } from "../../../mesh/statusFindings.ts";
import { livingMesh, NAMES } from "./livingMesh.ts";

const texts = catalogue.en.operations;
const COMMAND = "npm run mesh -- rotate-tokens";
const BROKEN: StatusFinding = { id: "webhookMissing", severity: "error", cluster: "two", peer: "" };

const SHOWN = `  - ${asLines([BROKEN], catalogue.en)[0]}`;
const LOOK = "look at one, two, three";
const ALL = [
  LOOK,
  `set-all ${["kind=rotate-tokens", "tokens[0].cluster=one", "tokens[0].generation=2", "tokens[1].cluster=two", "tokens[1].generation=4", "tokens[2].cluster=three", "tokens[2].generation=2", "reached=0"].map((part) => `csp-mesh:operation.${part}`).join(" ")}`,
  "set-all csp-mesh:clusters[0].tokenGeneration=2",
  "up one t2, two t3, three t1",
  LOOK,
  "set-all csp-mesh:operation.reached=1",
  "set-all csp-mesh:clusters[1].tokenGeneration=4",
  "up one t2, two t4, three t1",
  LOOK,
  "set-all csp-mesh:operation.reached=2",
  "set-all csp-mesh:clusters[2].tokenGeneration=2",
  "up one t2, two t4, three t2",
  LOOK,
  "set-all csp-mesh:operation.reached=3",
  "rm csp-mesh:operation",
  "prove prod",
];
const existingMesh = () => livingMesh({}, { two: { tokenGeneration: 3 } });

test("replaces all tokens, cluster by cluster, each with a gate, and then runs the proof", async () => {
  const mesh = await existingMesh();
  const { code, stdout, stderr, questions } = await mesh.run("rotate-tokens");
  expect([code, stderr, questions]).toEqual([0, "", [`${texts.ask(COMMAND)} `]]);
  expect(mesh.journal).toEqual(ALL);
  expect(mesh.config()).not.toHaveProperty("operation");
  expect(stdout).toContain(
    `[2/3] ${texts.states.token("two", "4")}\n  config: set csp-mesh:clusters[1].tokenGeneration\n`,
  );
  expect(stdout).toContain("    update Secret of prod\n");
});

test("replaces only the named cluster's token", async () => {
  const mesh = await existingMesh();
  expect(await mesh.run("rotate-tokens three --yes")).toMatchObject({ code: 0, stderr: "" });
  expect(mesh.clusters().map(({ tokenGeneration }) => tokenGeneration)).toEqual([undefined, 3, 2]);
  expect(mesh.journal.filter((line) => line.startsWith("up"))).toEqual(["up one t1, two t3, three t2"]);
});

test.each(ALL.map((line, index) => [index, line] as const))(
  "killed before step %i (%s), is completed by the same command, and raises no generation twice",
  async (index) => {
    const mesh = await existingMesh();
    mesh.state.killAt = index;
    expect(await mesh.run("rotate-tokens --yes")).toMatchObject({ code: 2 });
    expect(mesh.journal).toEqual(ALL.slice(0, index));
    mesh.state.killAt = Number.POSITIVE_INFINITY;
    // Only the proof is missing, so another run would be a new rotation.
    if (index === ALL.length - 1) return;
    const { code, stdout, stderr } = await mesh.run("rotate-tokens --yes");
    expect([code, stderr]).toEqual([0, ""]);
    if (index > 1) expect(stdout).toContain(`${COMMAND} is under way`);
    expect(mesh.clusters().map(({ tokenGeneration }) => tokenGeneration)).toEqual([2, 4, 2]);
    expect(mesh.config()).not.toHaveProperty("operation");
    // A status check follows each up.
    const ups = mesh.journal.filter((line) => line.startsWith("up"));
    expect([...new Set(ups)]).toEqual(ALL.filter((line) => line.startsWith("up")));
    for (const up of new Set(ups)) {
      const last = mesh.journal.lastIndexOf(up);
      expect(mesh.journal.slice(last + 1).find((line) => /^(look|set-all csp-mesh:clusters)/.test(line))).toBe(LOOK);
    }
  },
);

test("stops at a closed gate, and continues there in the next run", async () => {
  const mesh = await existingMesh();
  // Healthy before the operation starts, but not after the first state.
  mesh.state.findings = (look) => (look === 0 ? [] : [BROKEN]);
  const { code, stderr } = await mesh.run("rotate-tokens --yes --wait 0");
  expect([code, stderr]).toEqual([1, `${texts.stopped("0", SHOWN, COMMAND)}\n`]);
  expect(mesh.journal).toEqual(ALL.slice(0, 5));
  expect(mesh.config().operation).toMatchObject({ kind: "rotate-tokens", reached: 0 });
  mesh.state.findings = () => [{ ...BROKEN, severity: "warning" } as never];
  expect(await mesh.run("rotate-tokens --yes")).toMatchObject({ code: 0, stderr: "" });
  expect(mesh.journal.slice(5)).toEqual(ALL.slice(3));
});

test("repeats the status check until the gate opens", async () => {
  const mesh = await existingMesh();
  mesh.state.findings = (look) => (look === 1 || look === 2 ? [BROKEN] : []);
  expect(await mesh.run("rotate-tokens one --yes")).toMatchObject({ code: 0 });
  expect(mesh.journal.slice(3, 8)).toEqual(["up one t2, two t3, three t1", LOOK, "pause", LOOK, "pause"]);
});

const SILENT: StatusFinding = { id: "clusterSilent", severity: "error", cluster: "two", peer: "", said: "no route" };
const shown = (finding: StatusFinding) => `  - ${asLines([finding], catalogue.en)[0]}`;

test("does not start if a part that it needs is broken", async () => {
  const mesh = await existingMesh();
  mesh.state.findings = () => [SILENT, BROKEN];
  const { code, stderr } = await mesh.run("rotate-tokens --yes --wait 0");
  expect([code, stderr]).toEqual([1, `${texts.notWhole(shown(SILENT))}\n`]);
  expect(mesh.journal).toEqual([LOOK]);
});

test("an unrelated fault neither prevents the operation nor affects a gate", async () => {
  const mesh = await existingMesh();
  const other: StatusFinding = {
    id: "noAnswer",
    severity: "error",
    cluster: "one",
    peer: "two",
    requests: 8,
    said: "",
  };
  mesh.state.findings = () => [other];
  mesh.state.killAt = 5;
  expect(await mesh.run("rotate-tokens three --yes --wait 0")).toMatchObject({ code: 2 });
  expect(mesh.config().operation).toMatchObject({ known: ["noAnswer one two"], reached: 0 });
  mesh.state.killAt = Number.POSITIVE_INFINITY;
  // The known faults come from the record, not from this run's first look.
  mesh.state.findings = () => [other, { ...other, peer: "three" }];
  const { code, stderr } = await mesh.run("rotate-tokens three --yes --wait 0");
  expect(code).toBe(1);
  expect(stderr).toContain(shown({ ...other, peer: "three" }));
  expect(stderr).not.toContain(shown(other));
  mesh.state.findings = () => [other];
  expect(await mesh.run("rotate-tokens three --yes --wait 0")).toMatchObject({ code: 0, stderr: "" });
  expect(mesh.clusters()[2]).toMatchObject({ tokenGeneration: 2 });
});

test("reports faults before the question, and ignores them with --force", async () => {
  const mesh = await existingMesh();
  const lost: StatusFinding = {
    id: "gatewayUnregistered",
    severity: "error",
    cluster: "one",
    peer: "two",
    pods: [],
    network: "n",
  };
  mesh.state.findings = () => [lost];
  expect(await mesh.run("rotate-tokens two --yes --wait 0")).toMatchObject({ code: 1 });
  expect(mesh.config()).not.toHaveProperty("operation");
  const { code, stderr } = await mesh.run("rotate-tokens two --yes --wait 0 --force");
  expect([code, stderr]).toEqual([0, `${texts.tolerated(shown(lost))}\n`]);
});

test("a dry run prints all states, and changes nothing", async () => {
  const mesh = await existingMesh();
  for (const messages of [catalogue.en, catalogue.ko]) {
    const lang = messages === catalogue.ko ? " --lang ko" : "";
    const { code, stdout, stderr, questions } = await mesh.run(`rotate-tokens --dry-run${lang}`);
    expect([code, stderr, questions]).toEqual([0, "", []]);
    for (const [name, generation] of [
      ["one", "2"],
      ["two", "4"],
      ["three", "2"],
    ] as const) {
      expect(stdout).toContain(messages.operations.states.token(name, generation));
    }
    expect(stdout).toContain(messages.operations.sets("csp-mesh:clusters[1].tokenGeneration"));
  }
  expect(mesh.journal).toEqual([]);
});

test("stops if the answer is no", async () => {
  const mesh = await existingMesh();
  mesh.state.answer = "n";
  expect(await mesh.run("rotate-tokens")).toMatchObject({ code: 1, stderr: `${texts.declined}\n` });
  expect(mesh.journal).toEqual([LOOK]);
});

test("rejects the command during another operation, and names that", async () => {
  const operation = { kind: "rotate-tokens", cluster: "two", tokens: [{ cluster: "two", generation: 4 }], reached: 0 };
  const mesh = await livingMesh({ "csp-mesh:operation": operation });
  for (const command of ["rotate-tokens", "rotate-tokens one", "remove two"]) {
    const { code, stderr } = await mesh.run(`${command} --yes`);
    expect([code, stderr]).toEqual([1, `${texts.running(`${COMMAND} two`, "0", "1")}\n`]);
  }
  expect(mesh.journal).toEqual([]);
});

test("changes nothing if another run begins an operation meanwhile", async () => {
  const mesh = await existingMesh();
  mesh.state.asked = () =>
    mesh.write((config) => {
      config["csp-mesh:operation"] = { kind: "remove", cluster: "two", reached: 0 };
    });
  const { code, stderr } = await mesh.run("rotate-tokens");
  expect([code, stderr]).toEqual([1, `${texts.otherMeanwhile("npm run mesh -- remove two")}\n`]);
  expect(mesh.journal).toEqual([LOOK]);
});

test("stops if the record of the operation is deleted meanwhile", async () => {
  const mesh = await existingMesh();
  mesh.state.findings = (look) => {
    if (look === 1) mesh.write((config) => delete config["csp-mesh:operation"]);
    return [];
  };
  const { code, stderr } = await mesh.run("rotate-tokens --yes");
  expect([code, stderr]).toEqual([1, `${texts.noneMeanwhile}\n`]);
  expect(mesh.clusters().map(({ tokenGeneration }) => tokenGeneration)).toEqual([2, 3, undefined]);
});

test("prints one JSON document, and progress on stderr", async () => {
  const mesh = await existingMesh();
  const { stdout, stderr } = await mesh.run("rotate-tokens two --yes --output json");
  expect(JSON.parse(stdout)).toEqual({
    kind: "rotate-tokens",
    cluster: "two",
    result: "done",
    reached: 1,
    states: [
      {
        id: "token",
        cluster: "two",
        generation: 4,
        fields: [{ is: "set", key: "csp-mesh:clusters[1].tokenGeneration" }],
        reached: true,
      },
    ],
    obstacles: [],
  });
  expect(stderr).toContain("[1/1]");
});

test("stops after a failed pulumi up, with its message and how to continue", async () => {
  const mesh = await existingMesh();
  mesh.state.failUp = "the stack is locked";
  const { code, stderr } = await mesh.run("rotate-tokens --yes");
  expect([code, stderr]).toEqual([2, `mesh: ${texts.failed("the stack is locked", COMMAND)}\n`]);
});

test("fails if the proof fails", async () => {
  const mesh = await existingMesh();
  mesh.state.passes = false;
  expect(await mesh.run("rotate-tokens --yes")).toMatchObject({ code: 1, stderr: `${texts.notProved}\n` });
  const without = await livingMesh({ "csp-mesh:sample": { enabled: false } });
  without.state.passes = false;
  expect(await without.run("rotate-tokens --yes")).toMatchObject({ code: 0, stderr: "" });
});

test("can be completed without a cluster that is lost meanwhile", async () => {
  const mesh = await existingMesh();
  mesh.state.killAt = 8;
  await mesh.run("rotate-tokens --yes");
  mesh.state.killAt = Number.POSITIVE_INFINITY;
  mesh.write((config) => Object.assign((config["csp-mesh:clusters"] as object[])[1] ?? {}, { state: "gone" }));
  expect(await mesh.run("rotate-tokens --yes")).toMatchObject({ code: 0, stderr: "" });
  expect(mesh.clusters().map(({ tokenGeneration }) => tokenGeneration)).toEqual([2, 4, 2]);
});

test.each([
  ["rotate-tokens four", catalogue.en.forget.unknown("four", NAMES.join(", "))],
  ["rotate-tokens --wait soon", texts.badSeconds("--wait", "soon")],
  ["rotate-tokens --output csv", catalogue.en.optionValue("--output", "csv", "table, json")],
  ["remove", catalogue.en.noArgument("NAME")],
])("rejects %s", async (command, message) => {
  const mesh = await existingMesh();
  expect(await mesh.run(`${command} --yes`)).toMatchObject({ code: 2, stdout: "", stderr: `mesh: ${message}\n` });
  expect(mesh.journal).toEqual([]);
});

test.each([
  [{ kind: "upgrade" }, "operation"],
  [{ kind: "rotate-tokens", tokens: [{ cluster: "four", generation: 2 }] }, '"four" is not a cluster of the mesh'],
  [{ kind: "rotate-tokens", tokens: [{ cluster: "one", generation: 2 }], reached: 2 }, "must be at most 1"],
  [{ kind: "remove", cluster: "four" }, '"four" is not a cluster of the mesh'],
])("rejects an invalid record %j", async (operation, message) => {
  const mesh = await livingMesh({ "csp-mesh:operation": operation });
  const { code, stderr } = await mesh.run("preflight");
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});

test("--back ends a rotation without a declared state, and is rejected after a token was replaced", async () => {
  const mesh = await existingMesh();
  mesh.state.killAt = 2;
  await mesh.run("rotate-tokens --yes");
  mesh.state.killAt = 4;
  const stopped = await mesh.run("rotate-tokens --yes");
  expect(stopped.code).toBe(2);
  mesh.state.killAt = Number.POSITIVE_INFINITY;
  mesh.journal.splice(0);
  const { code, stderr } = await mesh.run("rotate-tokens --back --yes");
  expect([code, stderr]).toEqual([1, `${texts.noWayBack(COMMAND, texts.instead["rotate-tokens"])}\n`]);
  expect(mesh.journal).toEqual([]);

  const other = await existingMesh();
  other.state.killAt = 2;
  await other.run("rotate-tokens --yes");
  other.state.killAt = Number.POSITIVE_INFINITY;
  other.journal.splice(0);
  expect(await other.run("rotate-tokens --back --yes")).toMatchObject({ code: 0, stderr: "" });
  expect(other.config()).not.toHaveProperty("operation");
  expect(other.journal.filter((line) => line.startsWith("up"))).toEqual(["up one t1, two t3, three t1"]);
});
