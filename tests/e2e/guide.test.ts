// Runs the user's guide command by command: first for a new mesh, then for a mesh that the former script built.
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { labDown } from "../../lab/down.ts";
import { images } from "../../lab/images.ts";
import { labSpec } from "../../lab/spec.ts";
import { ensureIstioctl, ensureKubectl } from "../../lab/toolchain/index.ts";
import { type Lab, labUp } from "../../lab/up.ts";
import { waitFor } from "../../lab/wait.ts";
import { readyPods } from "../../proof/sample.ts";
import { type Block, readGuide } from "../guide.ts";
import { type ApiSnapshot, apiDifference, apiSnapshot } from "./apiSnapshot.ts";
import { askOn, type Requests, versionOf } from "./askOn.ts";
import { type Api, apiOf } from "./kubectl.ts";
import { buildOldMesh, type OldMeshArgs } from "./oldMesh.ts";
import { makeReader, type Reader } from "./reader.ts";
import { options } from "./testLab.ts";

const { blocks } = readGuide("ko");

/** Skipped blocks by mark and section: commands that the lab cannot run, and alternatives to other blocks. */
const NOT_RUN = { provider: ["3.1", "3.2", "3.3", "4.7", "6.5", "6.5"] };

const commands = blocks.filter(({ language, mark }) => language === "sh" && mark === undefined);

let lab: Lab;
let reader: Reader;
let old: OldMeshArgs;
let ncloud: Api;
let nhn: Api;
let before: readonly ApiSnapshot[];

beforeAll(async () => {
  await labDown(labSpec(options));
  lab = await labUp(options);
  [ncloud, nhn] = lab.clusters.map((cluster) => apiOf(lab, cluster)) as [Api, Api];
  const [kubectl, istioctl] = [await ensureKubectl(), await ensureIstioctl()];
  reader = await makeReader(lab, [dirname(kubectl), dirname(istioctl)]);
  const folder = join(reader.home, "workspace", "container-platform", "cp-portal-deployment", "istio_mc");
  old = { lab, folder, kubectl, istioctl };
  before = await snapshots();
});

afterAll(async () => {
  await reader?.remove();
  await labDown(labSpec(options));
});

const snapshots = () => Promise.all([ncloud, nhn].map(({ config }) => apiSnapshot(config)));

/** Runs a block and compares the output with the one in the guide. @returns the output */
async function follow(block: Block): Promise<string> {
  const said = await reader.run(block.text);
  const shown = blocks[blocks.indexOf(block) + 1];
  if (shown?.language === "text") expectShown(said, shown.text);
  return said;
}

/**
 * Each line in the guide must be in the output, in the same order. `…` matches any text, and one space matches any
 * number of spaces.
 */
function expectShown(said: string, shown: string): void {
  const lines = said.split("\n").map(spaced);
  let next = 0;
  for (const line of shown.split("\n")) {
    const expression = new RegExp(`^${spaced(line).split("…").map(literal).join(".*")}$`);
    const found = lines.findIndex((candidate, index) => index >= next && expression.test(candidate));
    expect(found, `${line}\nis not, or not in this place, in what was said:\n${said}`).toBeGreaterThanOrEqual(next);
    next = found + 1;
  }
}

/** Escapes a text for a regular expression. */
const literal = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&");
const spaced = (line: string) => line.trim().replace(/\s+/g, " ");

const titled = (listed: readonly Block[]) =>
  listed.map((block) => [`${block.section} ${block.text.split("\n")[0]}`, block] as const);
const inChapter = (...chapters: string[]) =>
  commands.filter(({ section }) => chapters.includes(section.split(".")[0] ?? ""));
const inSection = (wanted: string) => commands.filter(({ section }) => section === wanted);

/** Expects the clusters as before these tests, except for the given lines. */
async function expectAsBefore(expected: (line: string) => boolean): Promise<void> {
  await waitFor("both clusters as they were", 60_000, async () => {
    const after = await snapshots();
    const left = before.flatMap((snapshot, index) => apiDifference(snapshot, after[index] ?? new Map()));
    return left.every(expected) || left.join("\n");
  });
}

test("skips only a few blocks, and keeps the guide's order", () => {
  const left = blocks.filter(({ language, mark }) => language === "sh" && mark !== undefined);
  const listed = Object.entries(NOT_RUN).flatMap(([mark, sections]) => sections.map((section) => `${section} ${mark}`));
  expect(left.map(({ section, mark }) => `${section} ${mark}`).toSorted()).toEqual(listed.toSorted());
  expect(commands.length).toBeGreaterThanOrEqual(25);
  expect(commands.map(({ section }) => section)).toEqual(
    ["2", "3", "4", "5", "6", "7", "8"].flatMap((chapter) => inChapter(chapter).map(({ section }) => section)),
  );
});

describe("a new mesh", () => {
  test.each(titled(inChapter("2", "3", "4", "5", "6")))("%s", async (_, block) => {
    await follow(block);
  });

  test("signs with the renewed intermediate, without a restart of its istiod", async () => {
    // The kubelet updates the mounted Secret within about a minute.
    await waitFor("istiod's word on its new intermediate", 180_000, async () => {
      const [istiod] = await ncloud.cluster.pods("istio-system", "app=istiod");
      const log = istiod ? await ncloud.cluster.logs(istiod, "discovery", 600) : "";
      return log.includes("has detected the newly added intermediate CA") || "not yet";
    });
  });

  test.each(titled(inChapter("7")))("%s", async (_, block) => {
    await follow(block);
  });

  test("leaves the clusters as they were", () => expectAsBefore(() => false));
});

describe("an old mesh", () => {
  test("starts with rejected remote secrets, and is fixed manually", async () => {
    const refusals = await buildOldMesh(old);
    expect(refusals).toHaveLength(2);
    for (const refusal of refusals) expect(refusal).toContain("is not a valid DNS 1123 label");
  });

  test.each(titled([...inSection("8.1"), ...inSection("8.2")]))("%s", async (_, block) => {
    await follow(block);
  });

  test("is removed without a trace", () =>
    // kubectl's restart leaves its time in the template of Cilium's pods.
    expectAsBefore((line) => line === "~ apps/DaemonSet kube-system/cilium"));
});

describe("the takeover of an old mesh", () => {
  const [takeOver, restart, cleanUp] = inSection("8.3") as [Block, Block, Block];
  let requests: Requests;
  let sleep: string;

  beforeAll(async () => {
    await buildOldMesh(old);
    requests = askOn(ncloud.cluster);
    sleep = await podOf(ncloud, "sleep");
  });

  afterAll(() => requests?.stop());

  test("begins with a manually built mesh in which both clusters answer", () => requests.hear("v1", "v2"));

  test("lists the changes in a dry run, and changes nothing", async () => {
    const former = await snapshots();
    const [dryRun] = inSection("8.1") as [Block];
    await follow(dryRun);
    const now = await snapshots();
    const changed = former.flatMap((snapshot, index) => apiDifference(snapshot, now[index] ?? new Map()));
    expect(changed).toEqual([]);
    // Without the takeover, the program rejects the old control planes.
    await expect(reader.run("pulumi up --skip-preview")).rejects.toThrow(/이 프로그램이 설치하지 않은 Istio가/);
  });

  test("replaces the old mesh without a lost request, and names pods that start without a sidecar meanwhile", async () => {
    const running = follow(takeOver);
    running.catch(() => undefined);
    await Promise.race([
      running,
      waitFor("the removal of the old webhook", 600_000, async () => {
        const name = "istio-sidecar-injector";
        const left = await nhn.admission.readMutatingWebhookConfiguration({ name }).catch(({ code }) => code);
        return left === 404 || "there";
      }),
    ]);
    requests.mark("cut off");
    await reader.run(
      `kubectl --context "$NHN" -n sample create deployment late --image=${images.curl} -- sleep infinity
kubectl --context "$NHN" -n sample rollout status deployment late`,
    );
    expect(await running).toMatch(/sample\/late-/);
    // Old sidecars connect to the new istiod, which knows their clusters' old names.
    await requests.hear("v2");
    requests.mark("whole");
    expect(await podOf(ncloud, "sleep")).toBe(sleep);
    const answers = await requests.stop();
    console.log(requests.report());
    expect(answers.filter((answer) => "failure" in answer)).toEqual([]);
    expect(answers.length).toBeGreaterThan(100);
    // Once the mesh is taken apart, only the caller's own cluster answers.
    const heard = answers.map(versionOf).join(" ");
    expect(heard).toMatch(/(v1 ){50}/);
  });

  test("ends with workloads under their new names, without aliases, and without keys in files", async () => {
    await follow(restart);
    expect(await reader.run("pulumi config --json")).not.toContain("clusterAliases");
    const pods = await nhn.core.listNamespacedPod({ namespace: "sample", labelSelector: "app=late" });
    for (const { metadata } of pods.items.filter(({ metadata }) => metadata?.deletionTimestamp === undefined))
      expect(metadata?.annotations).toHaveProperty(["sidecar.istio.io/status"]);
    await follow(cleanUp);
    const files = await readdir(join(old.folder, "certs"), { recursive: true });
    expect(files.filter((name) => name.includes("key"))).toEqual([]);
    expect(files).toContain("root-cert.pem");
    await reader.run("npm run proof");
    const again = askOn(ncloud.cluster);
    await again.hear("v1", "v2");
    await again.stop();
  });

  test("leaves existing objects when the mesh is destroyed", async () => {
    await reader.run("pulumi destroy");
    const { items } = await ncloud.extensions.listCustomResourceDefinition();
    expect(items.map(({ spec }) => spec.group)).toContain("networking.istio.io");
    // The namespace existed before, and contains no traces of the program.
    const { metadata } = await ncloud.core.readNamespace({ name: "istio-system" });
    expect(Object.keys(metadata?.annotations ?? {}).filter((key) => key.startsWith("csp-mesh.io/"))).toEqual([]);
    expect((await ncloud.apps.listNamespacedDeployment({ namespace: "istio-system" })).items).toEqual([]);
    expect((await readyPods(ncloud.cluster, "sample", "reviews")).length).toBe(1);
  });
});

async function podOf({ cluster }: Api, app: string): Promise<string> {
  return (await readyPods(cluster, "sample", app))[0].name;
}
