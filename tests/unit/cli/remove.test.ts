import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { catalogue } from "../../../i18n/language.ts";
import { livingMesh, NAMES } from "./livingMesh.ts";

const texts = catalogue.en.operations;
const COMMAND = "npm run mesh -- remove";

/** The effects when the first cluster is removed. */
const FIRST = [
  "look at two, three",
  "set-all csp-mesh:operation.kind=remove csp-mesh:operation.cluster=one csp-mesh:operation.reached=0",
  "set-all csp-mesh:clusters[0].state=leaving",
  "up one leaving t1, two t1, three t1",
  "look at two, three",
  "set-all csp-mesh:operation.reached=1",
  "set-all csp-mesh:clusters[1].sampleVersion=2 csp-mesh:clusters[2].sampleVersion=3",
  "rm csp-mesh:clusters[0]",
  "up two t1 v2, three t1 v3",
  "look at two, three",
  "set-all csp-mesh:operation.reached=2",
  "rm csp-mesh:operation",
  "prove prod",
];

test("lets the peers forget the cluster before it is deleted, and keeps their samples' versions", async () => {
  const mesh = await livingMesh();
  const { code, stdout, stderr, questions } = await mesh.run("remove one");
  expect([code, stderr, questions]).toEqual([0, "", [`${texts.ask(`${COMMAND} one`)} `]]);
  expect(mesh.journal).toEqual(FIRST);
  expect(mesh.clusters().map(({ name, sampleVersion }) => [name, sampleVersion])).toEqual([
    ["two", 2],
    ["three", 3],
  ]);
  expect(stdout).toContain(texts.removed("one").trimEnd());
});

test.each(FIRST.map((line, index) => [index, line] as const))(
  "killed before step %i (%s), is completed by the same command",
  async (index) => {
    const mesh = await livingMesh();
    mesh.state.killAt = index;
    expect(await mesh.run("remove one --yes")).toMatchObject({ code: 2 });
    expect(mesh.journal).toEqual(FIRST.slice(0, index));
    mesh.state.killAt = Number.POSITIVE_INFINITY;
    if (index === FIRST.length - 1) return;
    const { code, stderr } = await mesh.run("remove one --yes");
    expect([code, stderr]).toEqual([0, ""]);
    expect(mesh.clusters().map(({ name, sampleVersion }) => `${name} ${sampleVersion}`)).toEqual(["two 2", "three 3"]);
    expect(mesh.config()).not.toHaveProperty("operation");
    const ups = mesh.journal.filter((line) => line.startsWith("up"));
    expect([...new Set(ups)]).toEqual(FIRST.filter((line) => line.startsWith("up")));
  },
);

test("does not rewrite sample versions in the config, and writes none when the last cluster is removed", async () => {
  const mesh = await livingMesh();
  await mesh.run("remove one --yes");
  mesh.journal.splice(0);
  expect(await mesh.run("remove three --yes")).toMatchObject({ code: 0 });
  expect(mesh.journal.filter((line) => line.includes("sampleVersion"))).toEqual([]);
  expect(mesh.clusters()).toMatchObject([{ name: "two", sampleVersion: 2 }]);
});

test("the gate stays closed while a peer's istiod has endpoints of the cluster", async () => {
  const mesh = await livingMesh();
  mesh.state.endpoints = { two: 3 };
  const { code, stderr } = await mesh.run("remove two --yes --wait 0");
  const lines = ["one", "three"].map((name) => `  - ${texts.obstacles.notForgotten(name, "two")}`).join("\n");
  expect([code, stderr]).toEqual([1, `${texts.stopped("0", lines, `${COMMAND} two`)}\n`]);
  expect(mesh.clusters()[1]).toMatchObject({ name: "two", state: "leaving" });
  mesh.state.endpoints = { two: 0, one: 3 };
  expect(await mesh.run("remove two --yes")).toMatchObject({ code: 0, stderr: "" });
  expect(mesh.clusters().map(({ name }) => name)).toEqual(["one", "three"]);
});

test("suggests forget for a cluster that does not answer, and removes it once it is gone", async () => {
  const mesh = await livingMesh({}, { two: { kubeconfig: "kubeconfig" } });
  mesh.write((config) => Object.assign((config["csp-mesh:clusters"] as object[])[1] ?? {}, { context: "none" }));
  const { code, stderr } = await mesh.run("remove two --yes");
  expect(code).toBe(2);
  expect(stderr).toContain("clusters[1]");
  const silent = await livingMesh({}, { two: { kubeconfig: "other" } });
  silent.copyKubeconfig("other", "http://127.0.0.1:1");
  const answer = await silent.run("remove two --yes");
  expect(answer.code).toBe(1);
  expect(answer.stderr).toMatch(
    /^two does not answer.*ECONNREFUSED.*npm run mesh -- forget two, then this command again\n$/s,
  );
  expect(silent.journal).toEqual([]);

  silent.write((config) => Object.assign((config["csp-mesh:clusters"] as object[])[1] ?? {}, { state: "gone" }));
  rmSync(join(silent.root, "other"));
  expect(await silent.run("remove two --yes")).toMatchObject({ code: 0, stderr: "" });
  expect(silent.journal.filter((line) => line.startsWith("up"))).toEqual([
    "up one t1, two gone t1, three t1",
    "up one t1, three t1 v3",
  ]);
});

test("can be completed if the cluster is lost during its removal", async () => {
  const mesh = await livingMesh();
  mesh.state.killAt = 4;
  await mesh.run("remove one --yes");
  mesh.state.killAt = Number.POSITIVE_INFINITY;
  mesh.write((config) => Object.assign((config["csp-mesh:clusters"] as object[])[0] ?? {}, { state: "gone" }));
  expect(await mesh.run("remove one --yes")).toMatchObject({ code: 0, stderr: "" });
  expect(mesh.clusters().map(({ name }) => name)).toEqual(["two", "three"]);
});

test("rejects a removal that would make the config invalid, before any change", async () => {
  const traffic = { kind: "weights", weights: { v1: 50, v2: 50 } };
  const mesh = await livingMesh({ "csp-mesh:sample": { traffic } });
  const { code, stderr } = await mesh.run("remove two --yes");
  expect(code).toBe(2);
  expect(stderr).toContain("sample.traffic.weights.v2: runs in no cluster; this mesh has v1, v3");
  expect(mesh.journal).toEqual([]);
  const text = await livingMesh();
  text.write((config) => {
    config["csp-mesh:clusters"] = JSON.stringify(config["csp-mesh:clusters"]);
  });
  expect((await text.run("remove two --yes")).stderr).toBe(`mesh: ${texts.notSettable("csp-mesh:clusters")}\n`);
});

test("removes one of two clusters, but not the last one", async () => {
  const mesh = await livingMesh();
  await mesh.run("remove one --yes");
  await mesh.run("remove two --yes");
  mesh.journal.splice(0);
  const { code, stderr } = await mesh.run("remove three --yes");
  expect(code).toBe(2);
  expect(stderr).toContain('every cluster is "leaving" or "gone"');
  expect(mesh.journal).toEqual([]);
});

test("rejects a cluster that is not in the list", async () => {
  const mesh = await livingMesh();
  const message = catalogue.en.forget.unknown("four", NAMES.join(", "));
  expect(await mesh.run("remove four --yes")).toMatchObject({ code: 2, stderr: `mesh: ${message}\n` });
});

/** The effects of --back after the first state. */
const BACK = [
  "set-all csp-mesh:operation.kind=remove csp-mesh:operation.cluster=one csp-mesh:operation.reached=1 csp-mesh:operation.back=true",
  "rm csp-mesh:clusters[0].state",
  "up one t1, two t1, three t1",
  "look at one, two, three",
  "set-all csp-mesh:operation.reached=0",
  "rm csp-mesh:operation",
  "prove prod",
];
/** Steps of FIRST after which the peers have forgotten the cluster, or are about to. */
const declared = async (steps: number) => {
  const mesh = await livingMesh();
  mesh.state.killAt = steps;
  await mesh.run("remove one --yes");
  mesh.state.killAt = Number.POSITIVE_INFINITY;
  mesh.journal.splice(0);
  return mesh;
};

describe("remove --back", () => {
  test.each([
    [2, "before a state is declared", BACK.filter((_, index) => index !== 1)],
    [3, "once the state is declared", BACK],
    [5, "once the gate is open", BACK],
    [6, "once the state is reached", BACK],
  ])("after %i steps, %s, restores the cluster", async (steps, _, journal) => {
    const mesh = await declared(steps);
    const { code, stdout, stderr, questions } = await mesh.run("remove one --back");
    expect([code, stderr, questions]).toEqual([0, "", [`${texts.ask(`${COMMAND} one --back`)} `]]);
    expect(mesh.journal).toEqual(journal);
    expect(mesh.clusters()).toEqual([
      expect.not.objectContaining({ state: "leaving" }),
      expect.anything(),
      expect.anything(),
    ]);
    expect(stdout).toContain(`[1/1] ${texts.takenBack(texts.states.leaving("one"))}\n`);
    expect(stdout).not.toContain(texts.removed("one").trim());
  });

  test("does not wait for the returning cluster's endpoints to disappear", async () => {
    const mesh = await declared(6);
    mesh.state.endpoints = { one: 3 };
    expect(await mesh.run("remove one --back --yes --wait 0")).toMatchObject({ code: 0, stderr: "" });
  });

  test.each(BACK.slice(0, -1).map((line, index) => [index, line] as const))(
    "killed before step %i (%s), is completed by the same command",
    async (index) => {
      const mesh = await declared(6);
      mesh.state.effects = 0;
      mesh.state.killAt = index;
      expect(await mesh.run("remove one --back --yes")).toMatchObject({ code: 2 });
      mesh.state.killAt = Number.POSITIVE_INFINITY;
      if (index > 0) {
        const { code, stderr } = await mesh.run("remove one --yes");
        expect([code, stderr]).toEqual([1, `${texts.goesBack(`${COMMAND} one`, `${COMMAND} one --back`)}\n`]);
      }
      expect(await mesh.run("remove one --back --yes")).toMatchObject({ code: 0, stderr: "" });
      expect(mesh.clusters()[0]).not.toHaveProperty("state");
      expect(mesh.config()).not.toHaveProperty("operation");
      // Checked in the mesh after the last write of the declared state.
      expect(mesh.journal.slice(-4)).toEqual(BACK.slice(-4));
    },
  );

  test("stops at a closed gate, and continues there", async () => {
    const mesh = await declared(6);
    mesh.state.findings = () => [{ id: "webhookMissing", severity: "error", cluster: "two", peer: "" }];
    const stopped = await mesh.run("remove one --back --yes --wait 0");
    expect(stopped.code).toBe(1);
    expect(stopped.stderr).toContain(`run it again: ${COMMAND} one --back\n`);
    expect(mesh.config().operation).toEqual({ kind: "remove", cluster: "one", reached: 1, back: true });
    mesh.state.findings = () => [];
    expect(await mesh.run("remove one --back --yes")).toMatchObject({ code: 0, stderr: "" });
  });

  test.each([8, 9])("is rejected after %i steps, when the entry is gone", async (steps) => {
    const mesh = await declared(steps);
    const { code, stderr } = await mesh.run("remove one --back --yes");
    expect([code, stderr]).toEqual([1, `${texts.noWayBack(`${COMMAND} one`, texts.instead.remove)}\n`]);
    expect(mesh.journal).toEqual([]);
  });

  test("is rejected if no operation is recorded, in both languages", async () => {
    const mesh = await livingMesh();
    for (const messages of [catalogue.en, catalogue.ko]) {
      const { notUnderWay, instead } = messages.operations;
      const lang = messages === catalogue.ko ? " --lang ko" : "";
      expect(await mesh.run(`remove one --back --yes${lang}`)).toMatchObject({
        code: 1,
        stderr: `${notUnderWay(`${COMMAND} one`, instead.remove)}\n`,
      });
      const { stderr } = await mesh.run(`rotate-tokens --back --yes${lang}`);
      expect(stderr).toBe(`${notUnderWay("npm run mesh -- rotate-tokens", instead["rotate-tokens"])}\n`);
    }
    expect(mesh.journal).toEqual([]);
  });

  test("changes nothing if another run has continued the operation meanwhile", async () => {
    const mesh = await declared(3);
    mesh.state.asked = () =>
      mesh.write((config) => Object.assign(config["csp-mesh:operation"] as object, { reached: 1 }));
    const { code, stderr } = await mesh.run("remove one --back");
    expect([code, stderr]).toEqual([1, `${texts.otherMeanwhile(`${COMMAND} one`)}\n`]);
    expect(mesh.journal).toEqual([]);
  });

  test("prints the next steps, as a table and as JSON", async () => {
    const mesh = await declared(6);
    const { stdout } = await mesh.run("remove one --back --dry-run");
    expect(stdout).toContain(`  1. ${texts.takenBack(texts.states.leaving("one"))}\n`);
    expect(stdout).toContain(texts.removes("csp-mesh:clusters[0].state"));
    const json = JSON.parse((await mesh.run("remove one --back --dry-run --output json")).stdout);
    expect(json).toMatchObject({ kind: "remove", cluster: "one", back: true, result: "planned", reached: 1 });
    expect(json.states[0].fields).toEqual([{ is: "remove", key: "csp-mesh:clusters[0].state" }]);
    expect(mesh.journal).toEqual([]);
  });
});

test("a run forward stops if another run goes back meanwhile", async () => {
  const mesh = await livingMesh();
  mesh.state.findings = (look) => {
    if (look === 1) mesh.write((config) => Object.assign(config["csp-mesh:operation"] as object, { back: true }));
    return [];
  };
  const { code, stderr } = await mesh.run("remove one --yes");
  expect([code, stderr]).toEqual([1, `${texts.otherMeanwhile(`${COMMAND} one --back`)}\n`]);
});
