// The provider's requests to a cluster with other clients.
import { expect, onTestFinished, test } from "vitest";
import { interruptedReleases } from "../../../provider/kinds/interruptedReleases.ts";
import { kubeconfigOf, serve } from "../kube/secureServer.ts";
import { stepOn } from "./stepOn.ts";

/** Reads a cluster that gives these answers in turn, and then empty lists. */
async function look(...answers: readonly (readonly [status: number, body: string])[]) {
  const left = [...answers];
  const server = await serve((_, response) => {
    const [status, body] = left.shift() ?? [200, '{"items":null}'];
    response.writeHead(status, { "retry-after": "0" }).end(body);
  });
  onTestFinished(() => server.close());
  return interruptedReleases.look?.(await stepOn(kubeconfigOf(server), {}), {});
}

test("repeats a request after 429", async () => {
  expect(await look([429, '{"message":"too many requests"}'], [429, ""])).toEqual([]);
});

test("reports the status of a proxy that answers instead of the cluster", async () => {
  const answers = Array.from({ length: 10 }, () => [502, "<html>"] as const);
  await expect(look(...answers)).rejects.toThrow(/ cannot be listed: HTTP 502$/);
});

test("reports the message of a cluster that rejects the request", async () => {
  await expect(look([403, '{"message":"it is forbidden"}'])).rejects.toThrow(/ cannot be listed: it is forbidden$/);
});
