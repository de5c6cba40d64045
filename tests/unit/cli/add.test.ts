import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { catalogue } from "../../../i18n/language.ts";
import { authorities } from "./existingMesh.ts";
import { livingMesh } from "./livingMesh.ts";
import { captured } from "./runOn.ts";

const texts = catalogue.en.operations;
const COMMAND = "npm run mesh -- add";
const GIVEN =
  "--kubeconfig fourth --context four --csp kt --network net-4 --api-server https://four.example --external-address 203.0.113.20";

/** A mesh of three clusters, and a fourth cluster that answers. */
async function existingMesh(...args: Parameters<typeof livingMesh>) {
  const mesh = await livingMesh(...args);
  const fourth = (url: string) =>
    writeFileSync(
      join(mesh.root, "fourth"),
      stringify({
        clusters: [{ name: "fourth", cluster: { server: url } }],
        contexts: ["four", "123"].map((name) => ({ name, context: { cluster: "fourth", user: "fourth" } })),
        users: [{ name: "fourth", user: { token: "token-of-the-kubeconfig" } }],
      }),
    );
  fourth(mesh.server);
  return { ...mesh, fourth };
}

const RECORD =
  "kind=add cluster=four position=1 entry.context=four entry.kubeconfig=fourth entry.csp=kt entry.network=net-4 entry.apiServer=https://four.example entry.externalAddress=203.0.113.20 samples[0].cluster=two samples[0].version=2 samples[1].cluster=three samples[1].version=3 reached=0";
const SECOND = [
  "look at one, two, three",
  `set-all ${RECORD.split(" ")
    .map((part) => `csp-mesh:operation.${part}`)
    .join(" ")}`,
  "set-all csp-mesh:clusters[1].sampleVersion=2 csp-mesh:clusters[2].sampleVersion=3",
  "up one t1, four t1, two t1 v2, three t1 v3",
  "look at one, four, two, three",
  "set-all csp-mesh:operation.reached=1",
  "rm csp-mesh:operation",
  "prove prod",
];

test("adds a cluster in the middle, keeps the samples of later clusters, and checks all directions", async () => {
  const mesh = await existingMesh();
  const { code, stdout, stderr, questions } = await mesh.run(`add four --at 2 ${GIVEN}`);
  expect([code, stderr, questions]).toEqual([0, "", [`${texts.ask(`${COMMAND} four`)} `]]);
  expect(mesh.journal).toEqual(SECOND);
  expect(mesh.clusters()[1]).toEqual({
    name: "four",
    context: "four",
    kubeconfig: "fourth",
    csp: "kt",
    network: "net-4",
    apiServer: "https://four.example",
    gateway: { externalAddress: "203.0.113.20" },
  });
  expect(stdout).toContain(`  ${texts.inserts("csp-mesh:clusters[1]")}\n`);
  expect(stdout).toContain(texts.add.added("four").trimEnd());
});

test.each([
  ["", "one, two, three, four"],
  ["--at 1", "four, one, two, three"],
  ["--at 4", "one, two, three, four"],
])("inserts the cluster at the place %j", async (at, names) => {
  const mesh = await existingMesh();
  expect(await mesh.run(`add four ${at} ${GIVEN} --yes`.replaceAll("  ", " "))).toMatchObject({ code: 0, stderr: "" });
  expect(
    mesh
      .clusters()
      .map(({ name }) => name)
      .join(", "),
  ).toBe(names);
  const versions = mesh.clusters().map(({ sampleVersion }) => sampleVersion);
  expect(versions).toEqual(at === "--at 1" ? [undefined, 1, 2, 3] : [undefined, undefined, undefined, undefined]);
});

test.each(SECOND.slice(0, -1).map((line, index) => [index, line] as const))(
  "killed before step %i (%s), is completed by the same command, and by the name alone",
  async (index) => {
    for (const again of [`add four --at 2 ${GIVEN} --yes`, "add four --yes"]) {
      const mesh = await existingMesh();
      mesh.state.killAt = index;
      expect(await mesh.run(`add four --at 2 ${GIVEN} --yes`)).toMatchObject({ code: 2 });
      mesh.state.killAt = Number.POSITIVE_INFINITY;
      // The operation has no record yet, so the name alone is not enough.
      const command = index < 2 ? `add four --at 2 ${GIVEN} --yes` : again;
      expect(await mesh.run(command)).toMatchObject({ code: 0, stderr: "" });
      expect(mesh.clusters().map(({ name, sampleVersion = "" }) => `${name} ${sampleVersion}`)).toEqual([
        "one ",
        "four ",
        "two 2",
        "three 3",
      ]);
      expect(mesh.config()).not.toHaveProperty("operation");
    }
  },
);

test("keeps comments and encrypted values in the stack file unchanged", async () => {
  const mesh = await existingMesh({}, { two: { proxyUrl: { secure: "v1:abc:def" } } });
  const file = join(mesh.root, "Pulumi.prod.yaml");
  const { insertEntry } = await import("../../../cli/insertEntry.ts");
  writeFileSync(
    file,
    `# who to ask: platform team\n${readFileSync(file, "utf8").replace("    - name: two", "    # at the other provider\n    - name: two")}`,
  );
  insertEntry(file, { is: "insert", path: ["clusters", 1], value: { name: "four", context: "007" } });
  const text = readFileSync(file, "utf8");
  expect(text).toMatch(/^# who to ask: platform team\n/);
  expect(text).toContain("# at the other provider\n    - name: two");
  expect(text).toContain("secure: v1:abc:def");
  expect(mesh.clusters().map(({ name }) => name)).toEqual(["one", "four", "two", "three"]);
  expect(mesh.clusters()[1]).toEqual({ name: "four", context: "007" });
});

test("uses an existing entry unchanged, and changes no sample's version", async () => {
  const mesh = await existingMesh();
  mesh.state.output = {
    clusters: ["one", "two", "three"].map((name) => ({ name })),
    sample: { versions: { one: "v1", two: "v2", three: "v3" } },
  };
  mesh.write((config) => {
    (config["csp-mesh:clusters"] as object[]).splice(1, 0, {
      name: "four",
      kubeconfig: "fourth",
      context: "four",
      apiServer: "https://four.example",
    });
  });
  expect(await mesh.run("add four --yes")).toMatchObject({ code: 0, stderr: "" });
  // The new cluster is not part of the mesh yet.
  expect(mesh.journal[0]).toBe("look at one, two, three");
  expect(mesh.journal.filter((line) => line.startsWith("up"))).toEqual(["up one t1, four t1, two t1 v2, three t1 v3"]);
});

test("rejects a cluster that is in the mesh already", async () => {
  const mesh = await existingMesh();
  mesh.state.output = { clusters: [{ name: "two" }], sample: null };
  expect(await mesh.run("add two --yes")).toMatchObject({ code: 1, stderr: `${texts.add.member("two")}\n` });
  expect(await mesh.run("add two --at 1 --csp kt --yes")).toMatchObject({
    code: 2,
    stderr: `mesh: ${texts.add.exists("two", "csp-mesh:clusters[1]", "--csp, --at")}\n`,
  });
  expect(mesh.journal).toEqual([]);
});

test("rejects a cluster that is leaving", async () => {
  const mesh = await existingMesh({}, { two: { state: "leaving" } });
  const message = texts.add.leaves("two", "csp-mesh:clusters[1].state");
  expect(await mesh.run("add two --yes")).toMatchObject({ code: 1, stderr: `${message}\n` });
});

test("a dry run writes nothing", async () => {
  const mesh = await existingMesh();
  for (const messages of [catalogue.en, catalogue.ko]) {
    const lang = messages === catalogue.ko ? "--lang ko" : "--lang en";
    const { code, stdout } = await mesh.run(`add four --at 2 ${GIVEN} --dry-run ${lang}`);
    expect(code).toBe(0);
    expect(stdout).toContain(messages.operations.states.joined("four"));
    expect(stdout).toContain(messages.operations.inserts("csp-mesh:clusters[1]"));
  }
  expect(mesh.journal).toEqual([]);
  expect(mesh.clusters()).toHaveLength(3);
});

test("prints one JSON document with --output json", async () => {
  const mesh = await existingMesh();
  const { stdout } = await mesh.run(`add four ${GIVEN} --yes --output json`);
  expect(JSON.parse(stdout)).toMatchObject({
    kind: "add",
    cluster: "four",
    result: "done",
    reached: 1,
    states: [{ id: "joined", fields: [{ is: "insert", key: "csp-mesh:clusters[3]" }], reached: true }],
  });
});

test("the gate checks each direction, and ignores earlier faults between other clusters", async () => {
  const mesh = await existingMesh();
  const fault = { id: "noAnswer", severity: "error", cluster: "one", peer: "two", requests: 8, said: "" } as const;
  mesh.state.findings = (look) => (look === 0 ? [fault] : [fault, { ...fault, cluster: "three", peer: "four" }]);
  const { code, stderr } = await mesh.run(`add four ${GIVEN} --yes --wait 0`);
  expect(code).toBe(1);
  expect(stderr.split("did not open")[1]).toContain("three -> four");
  expect(stderr.split("did not open")[1]).not.toContain("one -> two");
  expect(mesh.config().operation).toMatchObject({ reached: 0, known: ["noAnswer one two"] });
});

test("keeps a context that looks like a number a string", async () => {
  const mesh = await existingMesh();
  const command = "add four --context 123 --kubeconfig fourth --api-server https://four.example --yes";
  mesh.state.killAt = 2;
  await mesh.run(command);
  mesh.state.killAt = Number.POSITIVE_INFINITY;
  expect(await mesh.run("add four --yes")).toMatchObject({ code: 0, stderr: "" });
  expect(mesh.clusters()[3]).toMatchObject({ context: "123" });
});

test.each([
  ["add four --kubeconfig fourth", texts.add.needs("--context")],
  [`add four ${GIVEN} --at 5`, texts.add.badPosition("5", "4")],
  [`add four ${GIVEN} --at 0`, texts.add.badPosition("0", "4")],
  [`add four ${GIVEN} --at first`, texts.add.badPosition("first", "4")],
  [`add Four ${GIVEN}`, 'clusters[3].name: "Four" is not a DNS-1123 label'],
  [
    `add four ${GIVEN.replace("--csp kt", "--csp aws")}`,
    'clusters[3].csp: must be one of "ncloud", "nhn", "kt", "generic", got "aws"',
  ],
  [
    `add four ${GIVEN.replace("https://four", "https://two")}`,
    'the others would watch the same cluster as "two" and "four"',
  ],
  [`add four ${GIVEN.replace("net-4", "two")}`, 'clusters[3].network: "two" is already that of clusters[1]'],
])("rejects %s before anything is written", async (command, message) => {
  const mesh = await existingMesh();
  const { code, stderr } = await mesh.run(`${command} --yes`);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
  expect(mesh.journal).toEqual([]);
  expect(mesh.clusters()).toHaveLength(3);
});

test("requires an intermediate for the new cluster if the config gives intermediates, and generates none", async () => {
  const { root, one } = authorities();
  const caWith = (key: unknown) => {
    const names = ["one", "two", "three"];
    const intermediates = Object.fromEntries(names.map((name) => [name, { certificate: one.certificate, key }]));
    return { source: "intermediates", root: root.certificate, intermediates };
  };
  const mesh = await existingMesh({ "csp-mesh:ca": caWith({ secure: "v1:abc:def" }) });
  const decrypted = { ...mesh.config(), ca: caWith(one.key) };
  const pulumi = async () =>
    JSON.stringify(
      Object.fromEntries(
        Object.entries(decrypted).map(([key, value]) => [`csp-mesh:${key}`, { value: "", objectValue: value }]),
      ),
    );
  const run = (command: string) =>
    captured([...command.split(" "), "--yes", "--stack", "prod"], { root: mesh.root, pulumi });
  expect(await run(`add four ${GIVEN}`)).toMatchObject({ code: 1, stderr: `${texts.add.intermediate("four")}\n` });
  expect(await run("renew-intermediates two")).toMatchObject({ code: 1, stderr: `${texts.ownIntermediates("two")}\n` });
});

test("rejects a cluster that does not answer", async () => {
  const mesh = await existingMesh();
  mesh.fourth("http://127.0.0.1:1");
  const { code, stderr } = await mesh.run(`add four ${GIVEN} --yes`);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^four does not answer: .*ECONNREFUSED/s);
  expect(await mesh.run(`add four ${GIVEN.replace("context four", "context none")} --yes`)).toMatchObject({ code: 1 });
  expect(mesh.journal).toEqual([]);
});
