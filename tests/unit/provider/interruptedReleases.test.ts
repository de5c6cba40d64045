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
  ["an installed one that the stack may not know", false, revision(1, "deployed"), ["failed", true]],
  ["one that is being installed", false, revision(1, "pending-install"), ["failed", false]],
  ["one that is being upgraded", true, revision(1, "pending-upgrade"), ["failed", false]],
  ["one that was given up and yet known", true, revision(1, "failed", given), ["deployed", false]],
])("%s is called something else", (_, isRecorded, only, [status, givenUp]) => {
  const helmStatus = only.labels.status;
  expect(verdictsOn([only], isRecorded)).toEqual([{ secret: "v1", helmStatus, status, givenUp }]);
});

test.each([
  ["an installed one that the stack knows", true, revision(1, "deployed")],
  ["one that Helm itself calls failed", true, revision(1, "failed")],
  ["one that Helm calls failed, of a release that the stack may not know", false, revision(1, "failed")],
  ["one that was given up and is still not known", false, revision(1, "failed", given)],
  ["a former one", true, revision(1, "superseded")],
])("%s stays what it is", (_, isRecorded, only) => {
  expect(verdictsOn([only], isRecorded)).toEqual([]);
});

test("one that was given up stays so after another was installed, also from the tenth revision on", () => {
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

  /** Releases with their labels, their content's status, and whether this program gave them up. */
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

  test("releases that were recorded stay as they are in every later run", async () => {
    has(secret("istio-base", "deployed"), secret("istiod", "deployed"));
    has(claimed(["istio-base", "uid of istio-base"], ["istiod", "uid of istiod"]));
    expect(await looked()).toEqual([]);
    await updated();
    expect(api.writes()).toEqual([]);
  });

  test("releases after which nothing was made are given up, which a preview says", async () => {
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

  test("a release that the claim knows by a revision of another installation is new to the state", async () => {
    has(secret("istiod", "deployed"), claimed(["istiod", "of a namespace that was deleted"]));
    await updated();
    expect(releases()).toEqual([["istiod", "failed", "failed", "true"]]);
  });

  test("of a cluster that was only claimed now the state knows no release", async () => {
    has(secret("istio-base", "deployed"));
    await created();
    expect(releases()).toEqual([["istio-base", "failed", "failed", "true"]]);
  });

  test("what Helm was at work on counts as failed", async () => {
    has(secret("istiod", "pending-upgrade"));
    await updated();
    expect(releases()).toEqual([["istiod", "failed", "failed", undefined]]);
  });
});
