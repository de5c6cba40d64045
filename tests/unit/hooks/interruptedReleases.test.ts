import { json } from "node:stream/consumers";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { GIVEN_UP, giveUpInterrupted, verdictsOn } from "../../../hooks/interruptedReleases.ts";
import { kubeconfigOf, serve } from "../net/secureServer.ts";

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
  expect(verdictsOn([only], isRecorded)).toEqual([{ secret: "v1", status, givenUp }]);
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
  const token = "istio-reader-service-account-istio-remote-secret-token-0a1b2c3d";
  const packed = Buffer.from(
    gzipSync(JSON.stringify({ manifest: "", info: { status: "deployed" } })).toString("base64"),
  ).toString("base64");
  const secret = (release: string) => ({
    metadata: {
      name: `sh.helm.release.v1.${release}.v1`,
      labels: { owner: "helm", name: release, status: "deployed", version: "1" },
    },
    data: { release: packed },
  });

  /** What is written of releases that are deployed. @param others names of what else is there; none: no Gateway is known */
  async function written(others: { readonly secrets: string[]; readonly gateways?: string[] }) {
    const written: { metadata: { name: string; labels: Record<string, string> }; data: { release: string } }[] = [];
    const secrets = [secret("istio-base"), secret("istiod"), ...others.secrets.map((name) => ({ metadata: { name } }))];
    const lists: Record<string, unknown[] | undefined> = {
      "/api/v1/namespaces/istio-system/secrets": secrets,
      "/apis/networking.istio.io/v1/namespaces/istio-system/gateways": others.gateways?.map((name) => ({
        metadata: { name },
      })),
    };
    const server = await serve(async (request, response) => {
      const [path = ""] = (request.url ?? "").split("?");
      const items = lists[path];
      const one = secrets.find(({ metadata }) => path.endsWith(`/secrets/${metadata.name}`));
      response.setHeader("content-type", "application/json");
      if (request.method === "PUT") written.push((await json(request)) as (typeof written)[0]);
      // As an API server does.
      const isOfLists = request.headers.accept?.includes("PartialObjectMetadataList") ?? false;
      response.statusCode = items ? 200 : isOfLists && !path.endsWith("s") ? 406 : one ? 200 : 404;
      if (path === "/api/v1") {
        response.statusCode = 200;
        return response.end(JSON.stringify({ resources: [{ name: "secrets", kind: "Secret", namespaced: true }] }));
      }
      response.end(
        JSON.stringify(items ? { items } : one ? { apiVersion: "v1", kind: "Secret", ...one } : { message: "no" }),
      );
    });
    await giveUpInterrupted(kubeconfigOf(server), "x").finally(() => server.close());
    return written.map(({ metadata: { labels }, data }) => [
      labels.name,
      labels.status,
      JSON.parse(gunzipSync(Buffer.from(Buffer.from(data.release, "base64").toString(), "base64")).toString()).info
        .status,
      labels[GIVEN_UP],
    ]);
  }

  test("releases that were recorded stay as they are in every later run", async () => {
    expect(await written({ secrets: [token], gateways: ["cross-network-gateway"] })).toEqual([]);
  });

  test("releases after which nothing was made are given up", async () => {
    expect(await written({ secrets: [] })).toEqual([
      ["istio-base", "failed", "failed", "true"],
      ["istiod", "failed", "failed", "true"],
    ]);
    expect(await written({ secrets: [token], gateways: ["somebodys"] })).toEqual([
      ["istiod", "failed", "failed", "true"],
    ]);
  });
});
