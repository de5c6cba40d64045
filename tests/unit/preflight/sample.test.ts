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

test("warns if the sample's version would change with the cluster's place, and names the field that keeps it", async () => {
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
  ["the present version", deployments(["reviews-v2", "sleep"])],
  ["both versions during an update", deployments(["reviews-v1", "reviews-v2"])],
  ["no Deployments", deployments([])],
  ["Deployments of another owner", deployments(["reviews-v1"], "Helm")],
])("does not warn about %s", async (_, found) => {
  claimedBy(two);
  two.answers[PATH] = found;
  expect(await moves()).toEqual([]);
});

test("does not warn in a cluster without a mesh", async () => {
  two.answers[PATH] = deployments(["reviews-v1"]);
  expect(await moves()).toEqual([]);
});
