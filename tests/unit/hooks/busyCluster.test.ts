// What the program itself asks a cluster while others are at work there.
import * as pulumi from "@pulumi/pulumi";
import { expect, onTestFinished, test } from "vitest";
import { askedOf } from "../../../components/clusterHook.ts";
import { othersDefaults } from "../../../hooks/defaultClass.ts";
import { giveUpInterrupted } from "../../../hooks/interruptedReleases.ts";
import { kubeconfigOf, serve } from "../net/secureServer.ts";

/** A cluster that gives these answers, one after the other, and then empty lists. */
async function answering(...answers: readonly (readonly [status: number, body: string])[]): Promise<string> {
  const left = [...answers];
  const server = await serve((_, response) => {
    const [status, body] = left.shift() ?? [200, '{"items":[]}'];
    response.writeHead(status, { "retry-after": "0" }).end(body);
  });
  onTestFinished(() => server.close());
  return kubeconfigOf(server);
}

const questions = [
  ["releases", giveUpInterrupted],
  ["StorageClasses", othersDefaults],
] as const;

test.each(questions)("a cluster that is busy is asked again for its %s", async (_, ask) => {
  const kubeconfig = await answering([429, '{"message":"too many requests"}'], [429, ""]);
  await expect(ask(kubeconfig, "x")).resolves.not.toThrow();
});

test.each(questions)("a proxy that answers for a cluster asked for its %s is told by its status", async (_, ask) => {
  await expect(ask(await answering([502, "<html>"]), "x")).rejects.toThrow(/ cannot be listed: HTTP 502$/);
});

test.each(questions)("a cluster that refuses its %s is named, without a stack trace", async (_, ask) => {
  const refused = ask(await answering([403, '{"message":"it is forbidden"}']), "x");
  const error = await askedOf<unknown>("one", refused).catch((error: unknown) => error);
  // Pulumi prints a RunError without one.
  expect(pulumi.RunError.isInstance(error)).toBe(true);
  expect((error as Error).message).toMatch(/^cluster one: .* cannot be listed: it is forbidden$/);
});
