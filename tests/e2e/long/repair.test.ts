// A mesh of which istiod and other objects were deleted by hand.
import type { KubernetesObject } from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Named, nameOf } from "../../../kube/objects.ts";
import { labDown } from "../../../lab/down.ts";
import { meshOutput, pulumiUp } from "../../../lab/pulumi.ts";
import { labSpec } from "../../../lab/spec.ts";
import { type Lab, labUp } from "../../../lab/up.ts";
import { parseMesh } from "../../../proof/mesh.ts";
import { prove } from "../../../proof/prove.ts";
import { type ApiSnapshot, apiSnapshot } from "../apiSnapshot.ts";
import { failure } from "../failure.ts";
import { type Api, apiOf, providerObjects } from "../kubectl.ts";
import { options } from "../testLab.ts";

let lab: Lab;
let api: Api;
let before: ApiSnapshot;

beforeAll(async () => {
  await labDown(labSpec(options));
  lab = await labUp(options);
  const [, second] = lab.clusters;
  if (second === undefined) throw new Error("the lab has only one cluster");
  api = apiOf(lab, second);
  before = await apiSnapshot(api.config);
  await pulumiUp(lab, "--skip-preview");
});

afterAll(() => labDown(labSpec(options)));

async function repair(): Promise<void> {
  await pulumiUp(lab, "--refresh", "--skip-preview");
  const results = await prove(parseMesh(await meshOutput(lab)));
  expect(results.filter(({ passed }) => !passed)).toEqual([]);
  expect(await pulumiUp(lab, "--skip-preview")).toMatch(/Resources:\n {4}\d+ unchanged\n/);
}

const system = { namespace: "istio-system" };
const object = (apiVersion: string, kind: string, name: string) =>
  ({ apiVersion, kind, metadata: { name, ...system } }) as KubernetesObject & { metadata: { name: string } };

/** Objects that controllers create by themselves, and namespaces, which another test deletes. */
const CONTROLLERS_OWN =
  /^\S*(Lease|Endpoints|EndpointSlice|GatewayClass|APIService|IPAddress|Namespace) |^ServiceAccount .*\/default$|^ConfigMap .*(root-cert|root-ca|ca-crl|leader|election)/;

/** The first object of each kind that the mesh brought to the cluster, and the accounts of istiod. */
async function oneOfEachKind(): Promise<Named[]> {
  const names = [...(await apiSnapshot(api.config)).keys()]
    .filter((key) => !before.has(key) && !CONTROLLERS_OWN.test(key))
    .toSorted();
  const firsts = [...Map.groupBy(names, (name) => name.split(" ")[0]).values()].map(([name = ""]) => name);
  const accounts = names.filter((name) => /^ServiceAccount istio-system\/istio/.test(name));
  const objects = await providerObjects(api);
  return Promise.all(
    [...new Set([...firsts, ...accounts])].map((key) => {
      const [, group, kind = "", namespace, name = ""] = /^(.*\/)?(\S+) (?:(.*)\/)?(.*)$/.exec(key) ?? [];
      return objects.existing(`${group ?? ""}v1`, kind, name, namespace);
    }),
  );
}

test("is repaired without a preview, which names this way, if istiod and an object that it validates are missing", async () => {
  await (await providerObjects(api)).remove([
    object("apps/v1", "Deployment", "istiod"),
    object("security.istio.io/v1", "PeerAuthentication", "default"),
  ]);
  // The dry run of the missing object calls the webhook of the missing istiod.
  const refused = await failure(pulumiUp(lab, "--refresh"));
  expect(refused).toContain("failed calling webhook");
  expect(refused).toContain("pulumi up --refresh --skip-preview");
  await repair();
});

test("is repaired after one object of each kind was deleted", async () => {
  const objects = await providerObjects(api);
  const deleted = await oneOfEachKind();
  console.log(deleted.map(nameOf).join("\n"));
  await objects.remove(deleted);
  await repair();
  for (const { apiVersion = "", kind = "", metadata } of deleted) {
    expect(await objects.existing(apiVersion, kind, metadata.name, metadata.namespace)).toBeDefined();
  }
});
