import { expect, test } from "vitest";
import { catalogue } from "../../../i18n/language.ts";
import { livingMesh, NAMES } from "./livingMesh.ts";

const texts = catalogue.en.operations;

test("replaces the root, so that a stolen intermediate is worthless", async () => {
  const mesh = await livingMesh();
  const { code, stdout, stderr, questions } = await mesh.run("distrust two");
  expect([code, stderr]).toEqual([0, ""]);
  expect(questions).toEqual([`${texts.ask("npm run mesh -- distrust two")} `]);
  expect(mesh.journal.filter((line) => line.startsWith("up")).map((line) => line.split(", ")[3])).toEqual([
    "root trust",
    "root issue",
    "root renew",
    "root drop",
    undefined,
  ]);
  expect(mesh.config()).toMatchObject({ ca: { rootGeneration: 2 } });
  expect(mesh.config()).not.toHaveProperty("operation");
  expect(stdout).toContain(texts.distrusted("two").trimEnd());
});

test("killed, is completed by the same command, and blocks other operations until then", async () => {
  const mesh = await livingMesh();
  mesh.state.killAt = 8;
  await mesh.run("distrust two --yes");
  mesh.state.killAt = Number.POSITIVE_INFINITY;
  expect(mesh.config().operation).toEqual({ kind: "distrust", cluster: "two", generation: 2, reached: 1 });
  for (const other of ["rotate-root", "distrust one"]) {
    const running = texts.running("npm run mesh -- distrust two", "1", "5");
    expect(await mesh.run(`${other} --yes`)).toMatchObject({ code: 1, stderr: `${running}\n` });
  }
  expect(await mesh.run("distrust two --yes")).toMatchObject({ code: 0, stderr: "" });
  expect(mesh.config()).toMatchObject({ ca: { rootGeneration: 2 } });
});

test("its gates check every istiod and proxy", async () => {
  const mesh = await livingMesh();
  mesh.state.facts = ({ name }) => (name === "one" ? { notRestarted: ["istiod-1"] } : {});
  const { code, stderr } = await mesh.run("distrust two --yes --wait 0");
  expect(code).toBe(1);
  expect(stderr).toContain(texts.obstacles.acceptsFormer("one", "istiod-1"));
});

test("rejects an unknown cluster, and a rotation that was started by hand", async () => {
  const mesh = await livingMesh();
  const message = texts.distrustUnknown("four", NAMES.join(", "));
  expect(await mesh.run("distrust four --yes")).toMatchObject({ code: 2, stderr: `mesh: ${message}\n` });
  expect(mesh.journal).toEqual([]);
  const byHand = await livingMesh({ "csp-mesh:rootRotation": { phase: "issue" } });
  expect(await byHand.run("distrust two --yes")).toMatchObject({ code: 1, stderr: `${texts.rootUnderWay("issue")}\n` });
});
