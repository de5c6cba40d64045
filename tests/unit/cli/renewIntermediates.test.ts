import { expect, test } from "vitest";
import { catalogue } from "../../../i18n/language.ts";
import { livingMesh, NAMES } from "./livingMesh.ts";

const texts = catalogue.en.operations;
const ALL = [
  "look at one, two, three",
  `set-all ${["kind=renew-intermediates", "intermediates[0].cluster=one", "intermediates[0].generation=2", "intermediates[1].cluster=two", "intermediates[1].generation=4", "intermediates[2].cluster=three", "intermediates[2].generation=2", "reached=0"].map((part) => `csp-mesh:operation.${part}`).join(" ")}`,
  "set-all csp-mesh:clusters[0].caGeneration=2",
  "up one t1 c2, two t1 c3, three t1",
  "look at one, two, three, issuer of one",
  "set-all csp-mesh:operation.reached=1",
  "set-all csp-mesh:clusters[1].caGeneration=4",
  "up one t1 c2, two t1 c4, three t1",
  "look at one, two, three, issuer of two",
  "set-all csp-mesh:operation.reached=2",
  "set-all csp-mesh:clusters[2].caGeneration=2",
  "up one t1 c2, two t1 c4, three t1 c2",
  "look at one, two, three, issuer of three",
  "set-all csp-mesh:operation.reached=3",
  "rm csp-mesh:operation",
  "prove prod",
];
const existingMesh = () => livingMesh({}, { two: { caGeneration: 3 } });

test("renews the intermediate of each cluster in turn, and checks that istiods sign with it", async () => {
  const mesh = await existingMesh();
  const { code, stdout, stderr } = await mesh.run("renew-intermediates");
  expect([code, stderr]).toEqual([0, ""]);
  expect(mesh.journal).toEqual(ALL);
  expect(mesh.state.refreshed).toEqual(Array(3).fill("one, two, three"));
  expect(stdout).toContain(`[2/3] ${texts.states.intermediate("two", "4")}`);
});

test.each(ALL.slice(0, -1).map((line, index) => [index, line] as const))(
  "killed before step %i (%s), is completed by the same command",
  async (index) => {
    const mesh = await existingMesh();
    mesh.state.killAt = index;
    await mesh.run("renew-intermediates --yes");
    mesh.state.killAt = Number.POSITIVE_INFINITY;
    expect(await mesh.run("renew-intermediates --yes")).toMatchObject({ code: 0, stderr: "" });
    expect(mesh.clusters().map(({ caGeneration }) => caGeneration)).toEqual([2, 4, 2]);
    expect(mesh.config()).not.toHaveProperty("operation");
  },
);

test("renews only the named cluster's intermediate", async () => {
  const mesh = await existingMesh();
  expect(await mesh.run("renew-intermediates three --yes")).toMatchObject({ code: 0 });
  expect(mesh.clusters().map(({ caGeneration }) => caGeneration)).toEqual([undefined, 3, 2]);
});

test("the gate stays closed while an istiod signs with the former intermediate", async () => {
  const mesh = await existingMesh();
  const late = {
    id: "intermediateNotLoaded",
    severity: "error",
    cluster: "one",
    peer: "",
    pods: ["istiod-1"],
  } as const;
  mesh.state.findings = (look) => (look === 0 ? [] : [late]);
  const { code, stderr } = await mesh.run("renew-intermediates one --yes --wait 0");
  expect(code).toBe(1);
  expect(stderr).toContain("istiod-1 does not sign with the intermediate of Secret cacerts");
  expect(mesh.config().operation).toMatchObject({ reached: 0 });
});

test("rejects an unknown cluster", async () => {
  const mesh = await existingMesh();
  const message = catalogue.en.forget.unknown("four", NAMES.join(", "));
  expect(await mesh.run("renew-intermediates four --yes")).toMatchObject({ code: 2, stderr: `mesh: ${message}\n` });
  expect(mesh.journal).toEqual([]);
});
