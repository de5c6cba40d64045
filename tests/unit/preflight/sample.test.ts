import { afterEach, beforeEach, expect, test } from "vitest";
import { parseConfig } from "../../../config/parse.ts";
import { examine } from "../../../preflight/examine.ts";
import { claimedBy, entriesOf, type FakeCluster, fakeCluster } from "./fakeCluster.ts";

let one: FakeCluster;
let two: FakeCluster;
beforeEach(async () => {
  [one, two] = await Promise.all([fakeCluster("first"), fakeCluster("second")]);
});
afterEach(() => {
  one.close();
  two.close();
});

const PATH = "/apis/apps/v1/namespaces/sample/deployments";
const deployments = (names: readonly string[], manager = "csp-mesh") => ({
  items: names.map((name) => ({ metadata: { name, labels: { "app.kubernetes.io/managed-by": manager } } })),
});

async function moves(settings: object = {}): Promise<readonly object[]> {
  const [first, second] = entriesOf([one, two]);
  const config = parseConfig({ clusters: [first, { ...second, ...settings }] }, "/");
  return (await examine(config)).filter(({ id }) => id === "sampleMoves");
}

test("a sample whose cluster has another place in the list is named, with the field that keeps it", async () => {
  claimedBy(two);
  two.answers[PATH] = deployments(["reviews-v1", "sleep"]);
  expect(await moves()).toEqual([
    {
      id: "sampleMoves",
      severity: "warning",
      cluster: "two",
      version: 1,
      wanted: 2,
      field: "clusters[1].sampleVersion",
    },
  ]);
  expect(await moves({ sampleVersion: 1 })).toEqual([]);
});

test.each([
  ["the version that it has", deployments(["reviews-v2", "sleep"])],
  ["both, half way through an update", deployments(["reviews-v1", "reviews-v2"])],
  ["nothing", deployments([])],
  ["what others have made", deployments(["reviews-v1"], "Helm")],
])("%s is not", async (_, found) => {
  claimedBy(two);
  two.answers[PATH] = found;
  expect(await moves()).toEqual([]);
});

test("in a cluster where no mesh stands, nothing is", async () => {
  two.answers[PATH] = deployments(["reviews-v1"]);
  expect(await moves()).toEqual([]);
});
