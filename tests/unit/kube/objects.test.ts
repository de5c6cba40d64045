import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { stringify } from "yaml";
import { apiServer } from "../../../kube/apiServer.ts";
import { type Objects, objectsOf } from "../../../kube/objects.ts";

/** An API server with one Deployment, which answers 429 first. */
async function busyServer(refusals: number): Promise<{ objects: Objects; asked: () => number }> {
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
  return { objects: await objectsBy(server.address() as AddressInfo), asked: () => asked };
}

async function objectsBy({ port }: AddressInfo, goneWithin?: number): Promise<Objects> {
  const kubeconfig = stringify({
    clusters: [{ name: "c", cluster: { server: `http://127.0.0.1:${port}` } }],
    users: [{ name: "u", user: { token: "t" } }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
  });
  return objectsOf(await apiServer(kubeconfig, "x", { within: 1_000 }), goneWithin);
}

test("retries when the API server answers 429", async () => {
  const { objects, asked } = await busyServer(3);
  const found = await objects.list("apps/v1", "Deployment");
  expect(found.map(({ metadata }) => metadata.name)).toEqual(["istiod"]);
  expect(asked()).toBe(4);
});

test("gives up after ten attempts", async () => {
  const { objects, asked } = await busyServer(100);
  await expect(objects.list("apps/v1", "Deployment")).rejects.toMatchObject({ status: 429 });
  expect(asked()).toBe(10);
});

/** An API server that knows Deployments and Namespaces, and records requests. */
async function notingServer(answers: (request: string) => readonly [number, object], goneWithin?: number) {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const said = await text(request);
    const type = request.headers["content-type"]?.replace("application/", "");
    const line = [request.method, request.url, ...(said ? [type, said] : [])].join(" ");
    const resources = [
      { name: "namespaces", namespaced: false, kind: "Namespace" },
      { name: "pods", namespaced: true, kind: "Pod" },
      { name: "deployments/scale", namespaced: true, kind: "Deployment" },
      { name: "deployments", namespaced: true, kind: "Deployment" },
    ];
    const isKnown = ["/api/v1", "/apis/apps/v1"].includes(request.url ?? "");
    const isRoot = /^\/apis?\/[a-z0-9./]*v1$/.test(request.url ?? "");
    if (!isRoot) asked.push(line);
    const [status, body] = isKnown ? [200, { resources }] : isRoot ? [404, { message: "no" }] : answers(line);
    response.writeHead(status).end(JSON.stringify(body));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => void server.close());
  return { objects: await objectsBy(server.address() as AddressInfo, goneWithin), asked };
}

const deployment = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "d", namespace: "n" } };
const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "n" } };
const unknown = { apiVersion: "example.com/v1", kind: "Thing", metadata: { name: "t" } };

test("builds each path from the API server's discovery", async () => {
  const { objects, asked } = await notingServer(() => [200, {}]);
  await objects.read("apps/v1", "Deployment", "d", "n");
  await objects.read("v1", "Namespace", "n");
  await objects.list("apps/v1", "Deployment");
  await objects.list("apps/v1", "Deployment", { namespace: "n", labels: "a in (b,c)" });
  await objects.create(deployment);
  await objects.merge(namespace, { metadata: { labels: { a: null } } });
  await objects.delete({ ...deployment, metadata: { ...deployment.metadata, uid: "u" } });
  expect(asked).toEqual([
    "GET /apis/apps/v1/namespaces/n/deployments/d",
    "GET /api/v1/namespaces/n",
    "GET /apis/apps/v1/deployments",
    "GET /apis/apps/v1/namespaces/n/deployments?labelSelector=a+in+%28b%2Cc%29",
    `POST /apis/apps/v1/namespaces/n/deployments?fieldManager=csp-mesh json ${JSON.stringify(deployment)}`,
    'PATCH /api/v1/namespaces/n?fieldManager=csp-mesh merge-patch+json {"metadata":{"labels":{"a":null}}}',
    'DELETE /apis/apps/v1/namespaces/n/deployments/d json {"preconditions":{"uid":"u"}}',
  ]);
});

test("treats a missing object or kind as absent when reading or deleting", async () => {
  const { objects } = await notingServer(() => [404, { message: "not found" }]);
  expect(await objects.read("v1", "Namespace", "n")).toBeUndefined();
  expect(await objects.read(unknown.apiVersion, unknown.kind, "t")).toBeUndefined();
  expect(await objects.list("apps/v1", "Deployment")).toEqual([]);
  expect(await objects.list(unknown.apiVersion, unknown.kind)).toEqual([]);
  await objects.patchMetadata(namespace, {});
  await objects.patchMetadata(unknown, {});
  await objects.remove([deployment, unknown]);
  await expect(objects.existing("apps/v1", "Deployment", "d", "n")).rejects.toThrow("there is no Deployment n/d");
  await expect(objects.create(unknown)).rejects.toThrow("the cluster does not know Thing of example.com/v1");
});

test("waits for a namespace as long as its pods may take to terminate", async () => {
  const removed = async (terminationGracePeriodSeconds: number) => {
    let looks = 0;
    const { objects } = await notingServer((request) => {
      if (request.startsWith("GET /api/v1/namespaces/n/pods"))
        return [200, { items: [{ spec: {} }, { spec: { terminationGracePeriodSeconds } }] }];
      return request.startsWith("GET") && ++looks > 3 ? [404, {}] : [200, namespace];
    }, 0.1);
    await objects.remove([namespace]);
  };
  await expect(removed(0)).rejects.toThrow("still there after 0.1 s: Namespace n");
  await removed(30);
});

test("treats an object as deleted if another one with a new UID has replaced it", async () => {
  const of = (uid: string) => ({ ...deployment, metadata: { ...deployment.metadata, uid } });
  const { objects } = await notingServer(() => [200, of("second")], 0.1);
  await objects.remove([of("first")]);
  await expect(objects.remove([of("second")])).rejects.toThrow("still there after 0.1 s: Deployment n/d");
  await expect(objects.remove([deployment])).rejects.toThrow("still there after 0.1 s: Deployment n/d");
});

test("deletes only the object with the given UID, never another one with the same name", async () => {
  const of = (uid: string) => ({ ...deployment, metadata: { ...deployment.metadata, uid } });
  const { objects, asked } = await notingServer((request) =>
    request.startsWith("DELETE") ? [409, { message: "the UID in the precondition differs" }] : [200, of("second")],
  );
  await objects.remove([of("first")]);
  await objects.delete(of("first"));
  expect(asked.filter((line) => line.startsWith("DELETE"))).toEqual(
    [{ propagationPolicy: "Foreground", preconditions: { uid: "first" } }, { preconditions: { uid: "first" } }].map(
      (body) => `DELETE /apis/apps/v1/namespaces/n/deployments/d json ${JSON.stringify(body)}`,
    ),
  );
  await expect(objects.delete(of("second"))).rejects.toMatchObject({ status: 409 });
});

test("reports other errors with the API server's message", async () => {
  const { objects } = await notingServer(() => [403, { message: 'namespaces "n" is forbidden' }]);
  const refused = { status: 403, message: 'namespaces "n" is forbidden' };
  await expect(objects.read("v1", "Namespace", "n")).rejects.toMatchObject(refused);
  await expect(objects.list("v1", "Namespace")).rejects.toMatchObject(refused);
  await expect(objects.create(namespace)).rejects.toMatchObject(refused);
  await expect(objects.patchMetadata(namespace, {})).rejects.toMatchObject(refused);
  await expect(objects.remove([namespace])).rejects.toMatchObject(refused);
});

test("repeats discovery after it failed", async () => {
  let isDown = true;
  const server = createServer(({ url }, response) => {
    const resources = [{ name: "namespaces", namespaced: false, kind: "Namespace" }];
    response.writeHead(isDown ? 503 : 200).end(JSON.stringify(url === "/api/v1" ? { resources } : namespace));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => void server.close());
  const objects = await objectsBy(server.address() as AddressInfo);
  await expect(objects.read("v1", "Namespace", "n")).rejects.toMatchObject({ status: 503 });
  isDown = false;
  expect(await objects.read("v1", "Namespace", "n")).toEqual(namespace);
});

test.each([
  ["a login page", 200, "<html>Log in</html>", /answered HTTP 200 with a page that is not from the Kubernetes API/],
  ["a 404 page of a gateway", 404, "<html>no such backend</html>", /answered HTTP 404 with a page/],
])("rejects %s instead of treating it as an empty list or a deleted object", async (_, status, page, said) => {
  const server = createServer(({ url }, response) => {
    const resources = [{ name: "namespaces", namespaced: false, kind: "Namespace" }];
    if (url === "/api/v1") response.end(JSON.stringify({ resources }));
    else response.writeHead(status).end(page);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => void server.close());
  const objects = await objectsBy(server.address() as AddressInfo);
  await expect(objects.list("v1", "Namespace")).rejects.toThrow(said);
  await expect(objects.names("v1", "Namespace")).rejects.toThrow(said);
  await expect(objects.read("v1", "Namespace", "n")).rejects.toThrow(said);
  await expect(objects.remove([namespace])).rejects.toThrow(said);
});

test("treats a 404 of discovery as a missing kind", async () => {
  const server = createServer((_, response) => response.writeHead(404).end("404 page not found\n"));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => void server.close());
  const objects = await objectsBy(server.address() as AddressInfo);
  expect(await objects.list("example.com/v1", "Thing")).toEqual([]);
});
