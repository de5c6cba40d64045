import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { KubeConfig } from "@kubernetes/client-node";
import { expect, onTestFinished, test } from "vitest";
import { objectsOf } from "../../../hooks/objects.ts";

/** An API server with one Deployment, that first asks to be asked later. */
async function busyServer(refusals: number): Promise<{ cluster: KubeConfig; asked: () => number }> {
  let asked = 0;
  const server = createServer(({ url = "" }, response) => {
    const resources = [{ name: "deployments", namespaced: true, kind: "Deployment", verbs: ["list"] }];
    const refused = url.includes("deployments") && ++asked <= refusals;
    response.writeHead(refused ? 429 : 200, { "content-type": "application/json", "retry-after": "0" });
    if (refused) response.end(JSON.stringify({ kind: "Status", message: "storage is (re)initializing", code: 429 }));
    else if (url.includes("deployments")) response.end(JSON.stringify({ items: [{ metadata: { name: "istiod" } }] }));
    else response.end(JSON.stringify({ kind: "APIResourceList", groupVersion: "apps/v1", resources }));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => void server.close());
  const cluster = new KubeConfig();
  const { port } = server.address() as AddressInfo;
  cluster.loadFromClusterAndUser(
    { name: "c", server: `http://127.0.0.1:${port}`, skipTLSVerify: true },
    { name: "u", token: "t" },
  );
  return { cluster, asked: () => asked };
}

test("an API server that asks for patience gets it", async () => {
  const { cluster, asked } = await busyServer(3);
  const found = await objectsOf(cluster).list("apps/v1", "Deployment");
  expect(found.map(({ metadata }) => metadata.name)).toEqual(["istiod"]);
  expect(asked()).toBe(4);
});

test("but not for ever", async () => {
  const { cluster, asked } = await busyServer(100);
  await expect(objectsOf(cluster).list("apps/v1", "Deployment")).rejects.toMatchObject({ code: 429 });
  expect(asked()).toBe(10);
});
