import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { MeshCA, type OwnIntermediatesArgs } from "../../../components/meshCA.ts";
import { catalogue } from "../../../i18n/language.ts";
import { authorities, cacerts, existingMesh, FORMER, OWNER } from "./existingMesh.ts";

// Runs openssl several times.
beforeAll(() => {
  authorities();
}, 60_000);

const ORDER = [
  "set csp-mesh:ca.intermediates.one.certificate",
  "set csp-mesh:ca.intermediates.one.key",
  "set csp-mesh:ca.intermediates.two.certificate",
  "set csp-mesh:ca.intermediates.two.key",
  "set csp-mesh:ca.intermediates.two.chain",
  "set csp-mesh:ca.root",
  "set csp-mesh:ca.source",
];

test("writes the CA into the config, then hands over the claims", async () => {
  const mesh = await existingMesh();
  const { code, stdout, stderr, questions } = await mesh.run("adopt");
  expect([code, stderr]).toEqual([0, ""]);
  expect(mesh.journal.slice(0, -2)).toEqual(ORDER);
  expect(mesh.journal.slice(-2).toSorted()).toEqual(["claim one", "claim two"]);
  expect(mesh.clusters.one.claim).toEqual({
    id: "",
    owner: OWNER,
    cluster: "one",
    network: "one-net",
    mesh: "mesh1",
    trustDomain: "cluster.local",
    uid: "uid-one",
  });
  expect(questions).toEqual([`${catalogue.en.adopt.ask(FORMER)} `]);
  expect(stdout).toContain(catalogue.en.adopt.next);
  expect(stdout).toContain(`one: claim of ${FORMER} -> ${OWNER}`);
});

test("writes a config that generates exactly the existing Secrets", async () => {
  const mesh = await existingMesh();
  await mesh.run("adopt");
  await pulumi.runtime.setMocks({
    call: ({ inputs }) => inputs,
    newResource: ({ name, inputs }) => ({ id: name, state: inputs }),
  });
  const given = mesh.decrypted()["csp-mesh:ca"] as Omit<OwnIntermediatesArgs, "clusters">;
  const ca = new MeshCA("ca", { clusters: ["one", "two"], ...given });
  for (const name of ["one", "two"] as const) {
    const { caCert, caKey, certChain, rootCert } = ca.intermediate(name);
    const [certificate, key, chain, root] = await new Promise<string[]>((resolve) => {
      pulumi.all([caCert, caKey, certChain, rootCert]).apply(resolve);
    });
    expect(mesh.clusters[name].ca).toEqual({
      "ca-cert.pem": certificate,
      "ca-key.pem": key,
      "cert-chain.pem": chain,
      "root-cert.pem": root,
    });
  }
});

test("exposes no key in its output, arguments or the stack file", async () => {
  const mesh = await existingMesh();
  const { stdout, stderr } = await mesh.run("adopt");
  const seen = [stdout, stderr, ...mesh.argv].join("\n");
  expect(seen).not.toMatch(/BEGIN|MHcC|MIG|token-of/);
  expect(mesh.config()).toMatchObject({
    "csp-mesh:ca": { intermediates: { one: { key: { secure: expect.any(String) } } }, source: "intermediates" },
  });
  expect(mesh.argv.filter((line) => line.includes(".key"))).toEqual(
    ["one", "two"].map(
      (name) =>
        `config set --path --secret csp-mesh:ca.intermediates.${name}.key --stack new --config-file ${mesh.file} --non-interactive`,
    ),
  );
});

test("removes settings of another CA source from the config", async () => {
  const ca = { source: "generated", organization: "Agency", protect: true };
  const mesh = await existingMesh({ "csp-mesh:ca": ca });
  expect(await mesh.run("adopt")).toMatchObject({ code: 0 });
  expect(Object.keys(mesh.config()["csp-mesh:ca"] as object).sort()).toEqual(["intermediates", "root", "source"]);
  expect(mesh.journal.slice(7, 9)).toEqual(["rm csp-mesh:ca.organization", "rm csp-mesh:ca.protect"]);
});

test("replaces a CA that is a single string in the config", async () => {
  const mesh = await existingMesh({ "csp-mesh:ca": JSON.stringify({ organization: "Agency" }) });
  expect(await mesh.run("adopt")).toMatchObject({ code: 0, stderr: "" });
  expect(mesh.journal.slice(0, 2)).toEqual(["rm csp-mesh:ca", ORDER[0]]);
  expect(mesh.decrypted()).toMatchObject({ "csp-mesh:ca": { root: authorities().root.certificate } });
});

test("does nothing in a second run", async () => {
  const mesh = await existingMesh();
  await mesh.run("adopt");
  mesh.journal.splice(0);
  const { code, stdout, questions } = await mesh.run("adopt");
  expect([code, mesh.journal, questions]).toEqual([0, [], []]);
  expect(stdout).toBe(`${catalogue.en.adopt.done(OWNER)}\n${catalogue.en.adopt.next}`);
});

test.each(Array.from({ length: 8 }, (_, writes) => writes))(
  "killed after %i writes of the config, has changed no claim, and the next run completes it",
  async (writes) => {
    const mesh = await existingMesh({ "csp-mesh:ca": { organization: "Agency" } });
    mesh.state.failAt = writes;
    expect(await mesh.run("adopt")).toMatchObject({ code: 2 });
    expect([mesh.clusters.one.claim?.owner, mesh.clusters.two.claim?.owner]).toEqual([FORMER, FORMER]);
    mesh.state.failAt = Number.POSITIVE_INFINITY;
    expect(await mesh.run("adopt")).toMatchObject({ code: 0 });
    expect(mesh.journal.filter((line) => line.startsWith("set"))).toEqual(ORDER);
    expect(mesh.clusters.two.claim).toMatchObject({ owner: OWNER, id: "" });
  },
);

test("killed between two claims, hands over the other one in the next run", async () => {
  const mesh = await existingMesh();
  await mesh.run("adopt");
  mesh.clusters.two.claim = { ...(mesh.clusters.two.claim as never as object), owner: FORMER, id: "id-two" } as never;
  mesh.journal.splice(0);
  expect(await mesh.run("adopt")).toMatchObject({ code: 0 });
  expect(mesh.journal).toEqual(["claim two"]);
});

test("retries after a conflict, and keeps a claim that another stack has changed", async () => {
  const mesh = await existingMesh();
  const { one, two } = mesh.clusters;
  let tries = 0;
  one.onPatch = () => {
    if (tries++ === 0) one.version++;
  };
  two.onPatch = () => {
    two.version++;
    two.claim = { ...(two.claim as NonNullable<typeof two.claim>), owner: "acme/csp-mesh/third" };
  };
  const { code, stderr } = await mesh.run("adopt");
  expect([code, tries]).toEqual([2, 2]);
  expect(stderr).toBe(
    "mesh: two: the claim was not handed over: its claim (ClusterRole csp-mesh-claim) was changed meanwhile; run this again. " +
      "Run the same command again\n",
  );
  expect([one.claim?.owner, two.claim?.owner]).toEqual([OWNER, "acme/csp-mesh/third"]);
});

test("reports all problems at once, and changes nothing", async () => {
  const mesh = await existingMesh({ "csp-mesh:istio": { meshId: "other" } });
  const { one, two } = mesh.clusters;
  one.claim = { ...(one.claim as NonNullable<typeof one.claim>), cluster: "uno", network: "net-1", uid: "uid-old" };
  two.claim = { ...(two.claim as NonNullable<typeof two.claim>), owner: "acme/csp-mesh/third", trustDomain: "td" };
  one.secrets.push("istio-remote-secret-three");
  two.secrets.push("istio-remote-secret-uno");
  two.ca = cacerts(authorities().two, authorities().other);
  for (const [language, flag] of [
    ["en", ""],
    ["ko", " --lang ko"],
  ] as const) {
    const { refused, problems } = catalogue[language].adopt;
    expect(await mesh.run(`adopt${flag}`)).toEqual({
      code: 1,
      stdout: "",
      questions: [],
      stderr: `${[
        refused,
        problems.name("one", "uno", "csp-mesh:clusters[0].name"),
        problems.network("one", "net-1", "csp-mesh:clusters[0].network"),
        problems.uid("one", "uid-old", "uid-one"),
        problems.member("one", "three"),
        problems.setting("csp-mesh:istio.meshId", "mesh1", "other"),
        problems.trustDomains("one: cluster.local, two: td"),
        problems.owners(`one: ${FORMER}, two: acme/csp-mesh/third`),
        problems.roots("one / two"),
      ].join("\n  - ")}\n`,
    });
  }
  expect(mesh.journal).toEqual([]);
});

test.each<[string, (mesh: Awaited<ReturnType<typeof existingMesh>>) => void, string]>([
  ["has no claim", ({ clusters }) => (clusters.one.claim = undefined), catalogue.en.adopt.problems.noClaim("one")],
  [
    "has an unreadable claim",
    ({ clusters }) => (clusters.one.claim = "?" as never),
    catalogue.en.adopt.problems.unreadable("one"),
  ],
  ["has no CA", ({ clusters }) => (clusters.two.ca = undefined), catalogue.en.adopt.problems.noCa("two")],
  [
    "has a chain to another root",
    ({ clusters }) => (clusters.two.ca = { ...clusters.two.ca, "cert-chain.pem": "x" }),
    catalogue.en.adopt.problems.otherCa("two", "cert-chain.pem"),
  ],
  [
    "signs with another cluster's key",
    ({ clusters }) => (clusters.one.ca = { ...clusters.one.ca, "ca-key.pem": authorities().two.key }),
    'the CA of the clusters is invalid in the config: ca.intermediates.one.key: is not the key of its certificate, "CN=one"',
  ],
])("rejects a cluster that %s", async (_, breakIt, line) => {
  const mesh = await existingMesh();
  breakIt(mesh);
  const { code, stderr } = await mesh.run("adopt --yes");
  expect(code).toBe(1);
  expect(stderr).toContain(`\n  - ${line}`);
  expect(stderr).not.toMatch(/BEGIN/);
  expect(mesh.journal).toEqual([]);
});

test("rejects a cluster that does not answer", async () => {
  const mesh = await existingMesh();
  const names = ["one", "two"];
  writeFileSync(
    join(mesh.root, "kubeconfig"),
    stringify({
      clusters: names.map((name, port) => ({ name, cluster: { server: `http://127.0.0.1:${port + 1}` } })),
      contexts: names.map((name) => ({ name, context: { cluster: name, user: name } })),
      users: names.map((name) => ({ name, user: { token: "t" } })),
    }),
  );
  const { code, stderr } = await mesh.run("adopt --yes");
  expect(code).toBe(1);
  expect(stderr).toMatch(/one: cannot be read: .*ECONNREFUSED.*\n.*two: cannot be read/);
});

test("does not delete a private key from the config that no cluster has", async () => {
  const { root, one } = authorities();
  const mesh = await existingMesh({ "csp-mesh:ca": { source: "root", ...root } });
  expect((await mesh.run("adopt --yes")).stderr).toContain(catalogue.en.adopt.problems.lostKey("ca.key"));
  const other = await existingMesh({ "csp-mesh:ca": { intermediates: { two: { key: one.key } } } });
  expect((await other.run("adopt --yes")).stderr).toContain(
    catalogue.en.adopt.problems.lostKey("ca.intermediates.two.key"),
  );
  expect([...mesh.journal, ...other.journal]).toEqual([]);
});

test("rejects a mesh that this state already owns", async () => {
  const mesh = await existingMesh({ "csp-mesh:ca": { organization: "Agency" } });
  for (const cluster of Object.values(mesh.clusters)) {
    cluster.claim = { ...(cluster.claim as NonNullable<typeof cluster.claim>), owner: OWNER };
  }
  mesh.state.resources = ["one", "two"].map((name) => ({
    type: "random:index/randomId:RandomId",
    outputs: { hex: `id-${name}` },
  }));
  expect(await mesh.run("adopt")).toMatchObject({ code: 0, stdout: `${catalogue.en.adopt.notLost(OWNER)}\n` });
  expect(mesh.journal).toEqual([]);
  // Without the claims' ids, this is another state of the same stack.
  mesh.state.resources = [];
  expect(await mesh.run("adopt")).toMatchObject({ code: 0, questions: [`${catalogue.en.adopt.ask(OWNER)} `] });
  expect(mesh.clusters.one.claim).toMatchObject({ owner: OWNER, id: "" });
});

test("uses the program's stack name with a backend without projects", async () => {
  const mesh = await existingMesh();
  mesh.state.fullName = "new";
  await mesh.run("adopt");
  expect(mesh.clusters.one.claim?.owner).toBe("organization/csp-mesh/new");
});

test("asks before any change", async () => {
  const mesh = await existingMesh();
  mesh.state.answer = "";
  expect(await mesh.run("adopt")).toMatchObject({ code: 1, stderr: `${catalogue.en.adopt.declined}\n` });
  expect(await mesh.run("adopt --dry-run")).toMatchObject({ code: 0, questions: [] });
  expect(mesh.journal).toEqual([]);
  mesh.state.answer = "ㅛ";
  expect(await mesh.run("adopt --lang ko")).toMatchObject({
    code: 0,
    questions: [`${catalogue.ko.adopt.ask(FORMER)} `],
  });
  expect(mesh.journal).toHaveLength(9);
});

test("removes control characters of a claim from its output", async () => {
  const mesh = await existingMesh();
  const { one } = mesh.clusters;
  one.claim = { ...(one.claim as NonNullable<typeof one.claim>), cluster: "\u001b[2Jx" };
  expect((await mesh.run("adopt")).stderr).not.toContain("\u001b");
});
