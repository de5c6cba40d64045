import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { interruptedReleases } from "../../../provider/kinds/interruptedReleases.ts";
import { GIVEN_UP, verdictsOn } from "../../../provider/releaseVerdicts.ts";
import { type MemoryApi, memoryApi } from "../kube/memoryApi.ts";
import { stepOn } from "./stepOn.ts";

const revision = (version: number, status: string, more: Record<string, string> = {}) => ({
  name: `v${version}`,
  labels: { version: `${version}`, status, ...more },
});
const given = { [GIVEN_UP]: "true" };

test.each([
  ["an installed release that the state may not contain", false, revision(1, "deployed"), ["failed", true]],
  ["a pending install", false, revision(1, "pending-install"), ["failed", false]],
  ["a pending upgrade", true, revision(1, "pending-upgrade"), ["failed", false]],
  ["an abandoned release that the state contains", true, revision(1, "failed", given), ["deployed", false]],
])("changes the status of %s", (_, isRecorded, only, [status, givenUp]) => {
  const helmStatus = only.labels.status;
  expect(verdictsOn([only], isRecorded)).toEqual([{ secret: "v1", helmStatus, status, givenUp }]);
});

test.each([
  ["an installed release in the state", true, revision(1, "deployed")],
  ["a release that Helm marked as failed", true, revision(1, "failed")],
  ["a failed release that the state may not contain", false, revision(1, "failed")],
  ["an abandoned release that the state does not contain", false, revision(1, "failed", given)],
  ["a superseded revision", true, revision(1, "superseded")],
])("keeps the status of %s", (_, isRecorded, only) => {
  expect(verdictsOn([only], isRecorded)).toEqual([]);
});

test("keeps an abandoned revision after a later one was installed, also from revision 10 on", () => {
  expect(verdictsOn([revision(9, "failed", given), revision(10, "deployed")], true)).toEqual([]);
});

describe("in a cluster", () => {
  let api: MemoryApi;
  beforeEach(async () => {
    api = await memoryApi();
  });
  afterEach(() => api.close());

  const namespace = "istio-system";
  const secret = (release: string, status: string) => {
    const revision = gzipSync(JSON.stringify({ manifest: "", info: { status } })).toString("base64");
    const labels = { owner: "helm", name: release, status, version: "1" };
    const metadata = { name: `sh.helm.release.v1.${release}.v1`, namespace, labels, uid: `uid of ${release}` };
    return { apiVersion: "v1", kind: "Secret", metadata, data: { release: Buffer.from(revision).toString("base64") } };
  };
  const has = (...objects: Parameters<MemoryApi["put"]>[0][]) => objects.forEach(api.put);

  /** The claim with the recorded revisions' UIDs, by release. */
  const claimed = (...recorded: (readonly [string, string])[]) => ({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: {
      name: "csp-mesh-claim",
      annotations: Object.fromEntries([
        ["csp-mesh.io/claim", "{}"],
        ...recorded.map(([release, uid]) => [`csp-mesh.io/recorded-${release}`, uid]),
      ]),
    },
  });

  /** Releases with their labels, their content's status, and whether this program abandoned them. */
  const releases = () =>
    [...api.objects.values()]
      .filter(({ metadata: { labels } }) => labels?.owner === "helm")
      .map(({ metadata: { labels }, ...object }) => {
        const { data } = object as unknown as { data: { release: string } };
        const packed = Buffer.from(Buffer.from(data.release, "base64").toString(), "base64");
        return [
          labels?.name,
          labels?.status,
          JSON.parse(gunzipSync(packed).toString()).info.status,
          labels?.[GIVEN_UP],
        ];
      });

  const looked = async () => interruptedReleases.look?.(await stepOn(api.kubeconfig, {}), {});
  const updated = async () => interruptedReleases.update?.(await stepOn(api.kubeconfig, {}), {});
  const created = async () => interruptedReleases.create(await stepOn(api.kubeconfig, {}));

  test("recorded releases are unchanged by every later run", async () => {
    has(secret("istio-base", "deployed"), secret("istiod", "deployed"));
    has(claimed(["istio-base", "uid of istio-base"], ["istiod", "uid of istiod"]));
    expect(await looked()).toEqual([]);
    await updated();
    expect(api.writes()).toEqual([]);
  });

  test("releases of an interrupted run are marked as failed, which a preview announces", async () => {
    has(secret("istio-base", "deployed"), secret("istiod", "deployed"));
    const words = (name: string) =>
      `Helm's sh.helm.release.v1.${name}.v1 says deployed, because a run was interrupted: set to failed`;
    expect(await looked()).toEqual([
      { property: "releases", words: words("istiod") },
      { property: "releases", words: words("istio-base") },
    ]);
    expect(api.writes()).toEqual([]);
    await updated();
    expect(releases()).toEqual([
      ["istio-base", "failed", "failed", "true"],
      ["istiod", "failed", "failed", "true"],
    ]);
    expect(await looked()).toEqual([]);
  });

  test("a release that the claim records with another revision's UID is marked as failed", async () => {
    has(secret("istiod", "deployed"), claimed(["istiod", "of a namespace that was deleted"]));
    await updated();
    expect(releases()).toEqual([["istiod", "failed", "failed", "true"]]);
  });

  test("in a newly claimed cluster, every existing release is marked as failed", async () => {
    has(secret("istio-base", "deployed"));
    await created();
    expect(releases()).toEqual([["istio-base", "failed", "failed", "true"]]);
  });

  test("a pending operation of Helm is marked as failed", async () => {
    has(secret("istiod", "pending-upgrade"));
    await updated();
    expect(releases()).toEqual([["istiod", "failed", "failed", undefined]]);
  });
});
