// A hook's `create` as `pulumi up` runs it, against an API server that knows a few paths and nothing else.
import { onTestFinished } from "vitest";
import { startHook } from "../../e2e/hookProcess.ts";
import { kubeconfigOf, serve } from "../net/secureServer.ts";

/** What a path answers; a path without an answer does not exist. */
export type Answers = Readonly<Record<string, () => object | undefined>>;

/** Discovery of an API group's version: kinds by their names in paths, all of them in namespaces. */
export const kinds = (named: Readonly<Record<string, string>>) => () => ({
  resources: Object.entries(named).map(([name, kind]) => ({ name, kind, namespaced: true })),
});

export async function hookAgainst(answers: Answers, hook: string, settings: unknown) {
  const server = await serve(({ url = "" }, response) => {
    const answer = answers[url]?.();
    response.statusCode = answer ? 200 : 404;
    response.end(JSON.stringify(answer ?? {}));
  });
  onTestFinished(() => server.close());
  const run = { kubeconfig: kubeconfigOf(server), context: "x", settings };
  const { exitCode, stdout, stderr } = await startHook(hook, "create", run);
  return { exitCode, stdout, stderr };
}
