import { expect, test } from "vitest";
import { catalogue } from "../../../i18n/language.ts";
import { type Entry, livingMesh, NAMES } from "./livingMesh.ts";

const texts = catalogue.en.operations;
const [FROM, TO] = ["1.30.4", "1.31.0"];
const COMMAND = `npm run mesh -- upgrade --to ${TO}`;
const istio = (version: string, more: object = {}) => ({ "csp-mesh:istio": { version, ...more } });

/** A mesh with the versions in the stack file, and one pod in the namespace shop, which a restart replaces. */
async function upgraded(from = FROM, more: object = {}) {
  const mesh = await livingMesh(istio(from, more));
  const version = () => (mesh.config()["csp-mesh:istio"] ?? mesh.config().istio) as { version: string };
  /** Whether that pod was restarted and has the new version. */
  const shop = { restarted: false };
  mesh.state.facts = ({ istio: own, name }: Entry) => {
    const first = own?.version ?? version().version;
    const { next } = own ?? {};
    const ofNext = (what: string) => next !== undefined && (next.serves === "gateways" || next.serves === what);
    const proxies = [
      { pod: "sample/sleep-1", by: ofNext("sample"), version: ofNext("sample") ? next?.version : first },
      {
        pod: "istio-system/istio-ingressgateway-5d8f7-x2kl9",
        by: ofNext("gateways"),
        version: ofNext("gateways") ? next?.version : first,
      },
      ...(name === "two" ? [{ pod: "shop/web-1", by: false, version: shop.restarted ? TO : from }] : []),
    ];
    const served = (by: boolean) => proxies.filter((proxy) => proxy.by === by);
    const istiod = (pod: string, of: string, by: boolean) => ({
      ...{ pod, version: of, watched: {}, endpoints: {} },
      proxies: served(by),
    });
    return {
      istiods: [istiod("istiod-5d8f", first, false), ...(next ? [istiod("istiod-next-6c7d", next.version, true)] : [])],
    };
  };
  return { ...mesh, shop };
}

const ups = (journal: readonly string[]) => journal.filter((line) => line.startsWith("up "));
const UPS = [
  "one t1 next 1.31.0 for nothing, two t1, three t1",
  "one t1 next 1.31.0 for sample, two t1, three t1",
  "one t1 next 1.31.0 for gateways, two t1, three t1",
  "one t1 istio 1.31.0 next 1.31.0 for gateways, two t1, three t1",
  "one t1 istio 1.31.0 next 1.31.0 for nothing, two t1, three t1",
  "one t1 istio 1.31.0, two t1, three t1",
  "one t1 istio 1.31.0, two t1 next 1.31.0 for nothing, three t1",
];

test("installs a minor release with a second istiod, cluster by cluster, and leaves only the new version", async () => {
  const mesh = await upgraded();
  const { code, stdout, stderr, questions } = await mesh.run(`upgrade --to ${TO}`);
  expect([code, stderr, questions]).toEqual([0, "", [`${texts.ask(COMMAND)} `]]);
  const all = ups(mesh.journal);
  expect(all).toHaveLength(3 * 6 + 1);
  expect(all.slice(0, UPS.length)).toEqual(UPS.map((line) => `up ${line}`));
  expect(all.at(-2)).toBe("up one t1 istio 1.31.0, two t1 istio 1.31.0, three t1 istio 1.31.0");
  expect(all.at(-1)).toBe("up one t1, two t1, three t1");
  expect(mesh.config().istio).toEqual({ version: TO });
  expect(mesh.config()).not.toHaveProperty("operation");
  expect(mesh.clusters().map((entry) => "istio" in entry)).toEqual([false, false, false]);
  expect(mesh.journal.at(-1)).toBe("prove prod");
  expect(stdout).toContain(texts.oldProxies("  - two: shop/web-1").trimEnd());
});

test("installs a patch release in place, cluster by cluster", async () => {
  const mesh = await upgraded("1.31.0");
  expect(await mesh.run("upgrade --to 1.31.4 --yes")).toMatchObject({ code: 0, stderr: "" });
  expect(ups(mesh.journal)).toEqual([
    "up one t1 istio 1.31.4, two t1, three t1",
    "up one t1 istio 1.31.4, two t1 istio 1.31.4, three t1",
    "up one t1 istio 1.31.4, two t1 istio 1.31.4, three t1 istio 1.31.4",
    "up one t1, two t1, three t1",
  ]);
  expect(mesh.config().istio).toEqual({ version: "1.31.4" });
});

// Runs the command about eighty times.
test("killed before any step, is completed by the same command, and declares no state twice", {
  timeout: 240_000,
}, async () => {
  const whole = await upgraded();
  await whole.run(`upgrade --to ${TO} --yes`);
  const steps = whole.journal.slice();
  // Tests each kind of step once: the second and third cluster repeat those of the first.
  for (const index of [...Array(26).keys(), steps.length - 5, steps.length - 4, steps.length - 3, steps.length - 2]) {
    const mesh = await upgraded();
    mesh.state.killAt = index;
    expect(await mesh.run(`upgrade --to ${TO} --yes`), steps[index]).toMatchObject({ code: 2 });
    mesh.state.killAt = Number.POSITIVE_INFINITY;
    expect(await mesh.run(`upgrade --to ${TO} --yes`), steps[index]).toMatchObject({ code: 0, stderr: "" });
    expect(mesh.config().istio).toEqual({ version: TO });
    expect(mesh.config()).not.toHaveProperty("operation");
    expect([...new Set(ups(mesh.journal))], steps[index]).toEqual([...new Set(ups(steps))]);
  }
});

test("restarts workloads with old proxies with --restart-workloads before it removes the second istiod", async () => {
  const mesh = await upgraded();
  const { code, stdout } = await mesh.run(`upgrade --to ${TO} --restart-workloads --yes`);
  expect(code).toBe(0);
  const at = mesh.journal.indexOf("restart shop/web-1 of two");
  const [before, after] = [ups(mesh.journal.slice(0, at)), ups(mesh.journal.slice(at))];
  expect(before.at(-1)).toContain("two t1 istio 1.31.0 next 1.31.0 for gateways");
  expect(after[0]).toContain("two t1 istio 1.31.0 next 1.31.0 for nothing");
  expect(stdout).toContain(texts.restarts("Deployment shop/web"));
  expect(mesh.journal.filter((line) => line.startsWith("restart"))).toHaveLength(1);
});

const gates: [string, (entry: Entry) => object, string][] = [
  [
    "while the second istiod is missing",
    () => ({ istiods: [{ pod: "istiod-5d8f", version: FROM, watched: {}, endpoints: {}, proxies: [] }] }),
    texts.obstacles.nextMissing("one"),
  ],
  [
    "while the first istiod has another version",
    () => ({
      istiods: [
        { pod: "istiod-5d8f", version: "1.29.1", watched: {}, endpoints: {}, proxies: [] },
        { pod: "istiod-next-6c7d", version: TO, watched: {}, endpoints: {}, proxies: [] },
      ],
    }),
    texts.obstacles.istiodVersion("one", FROM, "1.29.1"),
  ],
];

test.each(gates)("the gate stays closed %s", async (_, facts, line) => {
  const mesh = await upgraded();
  mesh.state.facts = facts;
  const { code, stderr } = await mesh.run(`upgrade --to ${TO} --yes --wait 0`);
  expect([code, stderr]).toEqual([1, `${texts.stopped("0", `  - ${line}`, COMMAND)}\n`]);
  expect(mesh.config().operation).toMatchObject({ kind: "upgrade", from: FROM, to: TO, reached: 0 });
});

test.each([
  ["the same version", TO, TO, texts.alreadyThere(TO)],
  ["an older version", "1.31.1", TO, texts.cannotFollow.older("1.31.1", TO)],
  ["a version that skips too many releases", "1.28.2", TO, texts.cannotFollow.tooFar("1.28.2", TO)],
  // The fake clusters have Kubernetes 1.32.
  [
    "a version that does not support a cluster's Kubernetes",
    "1.24.0",
    "1.24.1",
    NAMES.map((name) => texts.unsupported(name, "v1.32.0", "1.31, 1.30, 1.29, 1.28, 1.27, 1.26, 1.25")).join("\n"),
  ],
])("rejects %s, and changes nothing", async (_, from, to, message) => {
  const mesh = await upgraded(from);
  const before = mesh.config();
  expect(await mesh.run(`upgrade --to ${to} --yes`)).toMatchObject({ code: 1, stderr: `${message}\n` });
  expect(mesh.config()).toEqual(before);
  expect(mesh.journal).toEqual([]);
});

test("requires a valid version", async () => {
  const mesh = await upgraded();
  expect(await mesh.run("upgrade --yes")).toMatchObject({ code: 2, stderr: `mesh: ${texts.noVersion}\n` });
  expect(await mesh.run("upgrade --to v1.31 --yes")).toMatchObject({
    code: 2,
    stderr: `mesh: ${texts.badVersion("v1.31")}\n`,
  });
});

test("rejects another version than the recorded one", async () => {
  const mesh = await upgraded();
  mesh.state.killAt = 4;
  await mesh.run(`upgrade --to ${TO} --yes`);
  mesh.state.killAt = Number.POSITIVE_INFINITY;
  const { code, stderr } = await mesh.run("upgrade --to 1.31.4 --yes");
  expect([code, stderr]).toEqual([1, `${texts.running(COMMAND, "0", "19")}\n`]);
});

test("updates an image tag that contains the version, and rejects another one before any change", async () => {
  const mesh = await upgraded(FROM, { tag: `${FROM}-distroless` });
  expect(await mesh.run(`upgrade --to ${TO} --yes`)).toMatchObject({ code: 0, stderr: "" });
  expect(mesh.config().istio).toEqual({ version: TO, tag: `${TO}-distroless` });
  const other = await upgraded(FROM, { tag: "stable" });
  const { code, stderr } = await other.run(`upgrade --to ${TO} --yes`);
  expect(code).toBe(2);
  expect(stderr).toContain('istio.tag "stable" does not contain istio.version 1.30.4');
  expect(other.journal.filter((line) => line.startsWith("set") || line.startsWith("up"))).toEqual([]);
});

/** Kills an upgrade after the first cluster and some states of the second. */
async function midway(more = "", until = "two t1 istio 1.31.0 next 1.31.0 for gateways") {
  const command = ["upgrade", "--to", TO, more, "--yes"].filter(Boolean).join(" ");
  const whole = await upgraded();
  await whole.run(command);
  const mesh = await upgraded();
  mesh.state.killAt = whole.journal.findIndex((line) => line.startsWith("up ") && line.includes(until)) + 2;
  await mesh.run(command);
  mesh.state.killAt = Number.POSITIVE_INFINITY;
  mesh.journal.splice(0);
  return mesh;
}

test("--back reverts the states in reverse order, and leaves nothing in the config", async () => {
  const mesh = await midway();
  expect(await mesh.run(`upgrade --to ${TO} --back --yes`)).toMatchObject({ code: 0, stderr: "" });
  const moved = "one t1 istio 1.31.0";
  expect(ups(mesh.journal)).toEqual(
    [
      `${moved}, two t1 next 1.31.0 for gateways, three t1`,
      `${moved}, two t1 next 1.31.0 for sample, three t1`,
      `${moved}, two t1 next 1.31.0 for nothing, three t1`,
      `${moved}, two t1, three t1`,
      `${moved} next 1.31.0 for nothing, two t1, three t1`,
      `${moved} next 1.31.0 for gateways, two t1, three t1`,
      "one t1 next 1.31.0 for gateways, two t1, three t1",
      "one t1 next 1.31.0 for sample, two t1, three t1",
      "one t1 next 1.31.0 for nothing, two t1, three t1",
      "one t1, two t1, three t1",
    ].map((line) => `up ${line}`),
  );
  expect(mesh.config().istio).toEqual({ version: FROM });
  expect(mesh.clusters().map((entry) => "istio" in entry)).toEqual([false, false, false]);
  expect(mesh.config()).not.toHaveProperty("operation");
});

test("--back restarts workloads again, once their istiod has its former version", async () => {
  const mesh = await midway("--restart-workloads");
  mesh.shop.restarted = true;
  const { code } = await mesh.run(`upgrade --to ${TO} --back --yes`);
  expect(code).toBe(0);
  const at = mesh.journal.indexOf("restart shop/web-1 of two");
  expect(ups(mesh.journal.slice(0, at)).at(-1)).toContain("two t1 next 1.31.0 for gateways");
});

test("--back is rejected once the mesh's own version is the new one", async () => {
  const mesh = await midway("", "up one t1, two t1, three t1");
  const before = mesh.config();
  const { code, stderr } = await mesh.run(`upgrade --to ${TO} --back --yes`);
  expect([code, stderr]).toEqual([1, `${texts.noWayBack(COMMAND, texts.instead.upgrade)}\n`]);
  expect(mesh.config()).toEqual(before);
});

test("skips a cluster that is lost meanwhile, and completes the others", async () => {
  const mesh = await midway();
  mesh.write((config) => Object.assign((config["csp-mesh:clusters"] as object[])[1] ?? {}, { state: "gone" }));
  expect(await mesh.run(`upgrade --to ${TO} --yes`)).toMatchObject({ code: 0, stderr: "" });
  expect(mesh.config().istio).toEqual({ version: TO });
  expect(mesh.clusters().map((entry) => [entry.name, "istio" in entry])).toEqual(NAMES.map((name) => [name, false]));
});
