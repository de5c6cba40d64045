// Creates a step of a kind, on a fake cluster.
import { onTestFinished } from "vitest";
import { apiServer } from "../../../kube/apiServer.ts";
import { objectsOf } from "../../../kube/objects.ts";
import type { Step } from "../../../provider/kind.ts";
import { kubeconfigOf, serve } from "../kube/secureServer.ts";

export interface PlayedStep<Inputs> extends Step<Inputs> {
  /** Log lines beside the resource; a warning begins with `warning: `. */
  readonly lines: string[];
}

/** @param kubeconfig text, whose context is `x` */
export async function stepOn<Inputs>(
  kubeconfig: string,
  inputs: Inputs,
  signal: AbortSignal = new AbortController().signal,
): Promise<PlayedStep<Inputs>> {
  const server = await apiServer(kubeconfig, "x");
  onTestFinished(() => server.close());
  const lines: string[] = [];
  return {
    cluster: { name: "one", kubeconfig, context: "x", server, objects: objectsOf(server) },
    inputs,
    signal,
    lines,
    say: (line) => void lines.push(line),
    warn: (line) => void lines.push(`warning: ${line}`),
    tidying: () => {},
  };
}

/** Answers by path; a path without an answer does not exist. */
export type Answers = Readonly<Record<string, () => object | undefined>>;

/** Discovery of an API group's version, with namespaced kinds by plural name. */
export const kinds = (named: Readonly<Record<string, string>>) => () => ({
  resources: Object.entries(named).map(([name, kind]) => ({ name, kind, namespaced: true })),
});

/** A step on a cluster with a few paths. */
export async function stepAgainst<Inputs>(answers: Answers, inputs: Inputs): Promise<PlayedStep<Inputs>> {
  const server = await serve(({ url = "" }, response) => {
    const answer = answers[url.replace(/\?.*/, "")]?.();
    response.statusCode = answer ? 200 : 404;
    response.end(JSON.stringify(answer ?? {}));
  });
  onTestFinished(() => server.close());
  return stepOn(kubeconfigOf(server), inputs);
}
