import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { catalogue } from "../../../i18n/language.ts";
import { authorities, existingMesh, FORMER } from "./existingMesh.ts";

// Runs openssl several times.
beforeAll(() => {
  authorities();
}, 60_000);

const texts = catalogue.en.forget;
const SET = "set csp-mesh:clusters[1].state";

test("rejects a cluster that answers, and names its owner", async () => {
  const mesh = await existingMesh();
  const { code, stderr } = await mesh.run("forget two");
  expect(code).toBe(1);
  expect(stderr).toMatch(
    new RegExp(
      `^two still answers \\(http://127\\.0\\.0\\.1:\\d+, Kubernetes v1\\.32\\.0, cluster "two" of ${FORMER}\\)`,
    ),
  );
  expect((await mesh.run("forget two --lang ko")).stderr).toContain("two가 아직 응답합니다");
  expect(mesh.journal).toEqual([]);
});

test.each([
  ["that answers", (kubeconfig: string) => kubeconfig, "http://***@127.0.0.1:"],
  ["that does not", (kubeconfig: string) => kubeconfig.replaceAll(/:\d+$/gm, ":1"), "ECONNREFUSED"],
])("hides the login in the URL of a cluster %s", async (_, change, said) => {
  const mesh = await existingMesh();
  const file = join(mesh.root, "kubeconfig");
  writeFileSync(file, change(readFileSync(file, "utf8").replaceAll("http://", "http://me:secret@")));
  const { stdout, stderr } = await mesh.run("forget two");
  expect(stdout + stderr).toContain(said);
  expect(stdout + stderr).not.toContain("secret");
});

test("does not contact the cluster with --force", async () => {
  const mesh = await existingMesh();
  expect(await mesh.run("forget two --force")).toMatchObject({ code: 0, stderr: "" });
  expect(mesh.journal).toEqual([SET]);
});

test("declares a cluster that does not answer as gone, once", async () => {
  const ca = { intermediates: { two: {} } };
  const mesh = await existingMesh({ "csp-mesh:ca": ca, "csp-mesh:rootRotation": { ca } });
  rmSync(join(mesh.root, "kubeconfig"));
  const { code, stdout } = await mesh.run("forget two");
  expect(code).toBe(0);
  expect(stdout).toContain(texts.written("csp-mesh:clusters[1].state"));
  expect(stdout).toContain(
    texts.next("csp-mesh:clusters[1], csp-mesh:ca.intermediates.two, csp-mesh:rootRotation.ca.intermediates.two"),
  );
  expect(mesh.config()).toMatchObject({ "csp-mesh:clusters": [{ name: "one" }, { name: "two", state: "gone" }] });
  expect((mesh.config()["csp-mesh:clusters"] as object[])[0]).not.toHaveProperty("state");
  expect((await mesh.run("forget two")).stdout).toContain(texts.already("two"));
  expect(mesh.journal).toEqual([SET]);
});

test.each(["en", "ko"])(
  "tells to run pulumi up before pulumi destroy, in its output and its help: %s",
  async (lang) => {
    const mesh = await existingMesh();
    const { stdout } = await mesh.run(`forget two --force --lang ${lang}`);
    expect(stdout).toMatch(/1\. .*pulumi up[\s\S]*2\. .*pulumi destroy[\s\S]*3\. .*npm run mesh -- remove/);
    const help = await mesh.run(`forget --help --lang ${lang}`);
    expect(help.stdout).toMatch(/pulumi destroy/);
  },
);

test.each([
  ["forget", catalogue.en.noArgument("NAME")],
  ["forget three", texts.unknown("three", "one, two")],
  ["forget one two", catalogue.en.unexpectedArgument("two")],
])("rejects %s", async (command, message) => {
  const mesh = await existingMesh();
  expect(await mesh.run(command)).toMatchObject({ code: 2, stdout: "", stderr: `mesh: ${message}\n` });
});
