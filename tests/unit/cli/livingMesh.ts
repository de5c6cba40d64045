// A mesh of three clusters with a fake stack file, `pulumi up` and status check. A test can kill the command after any
// of their effects.
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { parse, stringify } from "yaml";
import type { World } from "../../../cli/command.ts";
import type { StatusFinding } from "../../../mesh/statusFindings.ts";
import type { ExpectedTrust } from "../../../operations/rootGate.ts";
import type { ClusterFacts } from "../../../status/facts.ts";
import { folder } from "../config/fixtures.ts";
import { answered } from "./runOn.ts";
import { configCommand } from "./stackFile.ts";

export const NAMES = ["one", "two", "three"];

async function answering(): Promise<string> {
  const server = createServer(({ url }, response) => {
    response.statusCode = url === "/version" ? 200 : 404;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ gitVersion: "v1.32.0" }));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export interface Entry {
  readonly name: string;
  readonly state?: string;
  readonly tokenGeneration?: number;
  readonly caGeneration?: number;
  readonly sampleVersion?: number;
  readonly istio?: {
    readonly version?: string;
    readonly next?: { readonly version: string; readonly serves?: string };
  };
}

const istioOf = ({ version, next }: Entry["istio"] = {}) =>
  [version && `istio ${version}`, next && `next ${next.version} for ${next.serves ?? "nothing"}`]
    .filter(Boolean)
    .join(" ");

/**
 * @param config additional keys of the stack file
 * @param entries additional keys of each cluster's entry, by name
 */
export async function livingMesh(config: Record<string, unknown> = {}, entries: Record<string, object> = {}) {
  const server = await answering();
  const kubeconfig = (url: string) =>
    stringify({
      clusters: [{ name: "all", cluster: { server: url } }],
      contexts: NAMES.map((name) => ({ name, context: { cluster: "all", user: "all" } })),
      users: [{ name: "all", user: { token: "token-of-the-kubeconfig" } }],
    });
  const root = folder({
    kubeconfig: kubeconfig(server),
    "Pulumi.prod.yaml": stringify({
      config: {
        "csp-mesh:clusters": NAMES.map((name) => ({
          name,
          kubeconfig: "kubeconfig",
          context: name,
          apiServer: `https://${name}.example`,
          ...entries[name],
        })),
        ...config,
      },
    }),
  });
  /** The effects in order. */
  const journal: string[] = [];
  const state = {
    /** Number of effects after which it is killed. */
    killAt: Number.POSITIVE_INFINITY,
    effects: 0,
    answer: "y",
    failUp: undefined as string | undefined,
    beforeUp: (): unknown => undefined,
    /** Findings of each status check. */
    findings: (_: number): readonly StatusFinding[] => [],
    /** Number of a cluster's endpoints that its peers' istiods still have. */
    endpoints: {} as Record<string, number>,
    /** Additional facts about a cluster. */
    facts: (_: Entry): object => ({}),
    /** The roots and intermediates that the stack has created. */
    trust: (): ExpectedTrust => ({ trusted: [], issuer: "", rootEnd: 0, ends: {} }),
    looks: 0,
    /** The clusters whose kubelets refreshed Secrets, for each time. */
    refreshed: [] as string[],
    /** The stack's output `mesh`. */
    output: {} as object,
    passes: true,
    /** Called with each question. */
    asked: () => {},
  };
  const effect = (line: string) => {
    if (++state.effects > state.killAt) throw new Error("killed");
    journal.push(line);
  };
  const file = join(root, "Pulumi.prod.yaml");
  const { pulumi: configured, config: read } = configCommand(file, effect);
  const pulumi: World["pulumi"] = async (args, input) =>
    args[0] === "stack" && args[2] === "mesh" ? JSON.stringify(state.output) : configured(args, input);
  const clusters = () => (read().clusters ?? []) as readonly Entry[];
  const effects: World["effects"] = {
    up: async (target, { say }) => {
      state.beforeUp();
      const shown = clusters().map(({ name, state: of, tokenGeneration = 1, caGeneration, sampleVersion, istio }) =>
        [
          name,
          of ?? "",
          `t${tokenGeneration}`,
          caGeneration ? `c${caGeneration}` : "",
          sampleVersion ? `v${sampleVersion}` : "",
          istioOf(istio),
        ]
          .filter(Boolean)
          .join(" "),
      );
      const rotation = read().rootRotation as { phase?: string } | undefined;
      if (rotation) shown.push(`root ${rotation.phase ?? "prepared"}`);
      if (state.failUp !== undefined) throw new Error(state.failUp);
      effect(`up ${shown.join(", ")}`);
      say(`update Secret of ${target.stack}`);
    },
    look: async ({ clusters: looked }, { issuers = [] } = {}) => {
      const issuer = issuers.length === 0 ? "" : `, issuer of ${issuers.join(", ")}`;
      effect(`look at ${looked.map(({ name }) => name).join(", ")}${issuer}`);
      const looks = looked.map(({ name }) => ({
        name,
        istiods: [{ watched: {}, endpoints: state.endpoints, proxies: [], rootEnds: 0 }],
        notReady: { istiod: [] },
        ...state.facts(clusters().find((entry) => entry.name === name) as Entry),
      }));
      return { findings: state.findings(state.looks++), looks: looks as unknown as ClusterFacts[], sampleAnswers: [] };
    },
    refresh: async ({ clusters: refreshed }) => {
      state.refreshed.push(refreshed.map(({ name }) => name).join(", "));
    },
    trust: async () => state.trust(),
    pause: async () => {
      effect("pause");
    },
    examine: async () => [],
    crossClusterProxies: async ({ name: cluster }) => ({ cluster, connected: [], silent: [] }),
    restart: async ({ name }, pods) => {
      effect(`restart ${pods.join(", ")} of ${name}`);
      return { workloads: ["Deployment shop/web"], left: [] };
    },
    prove: async (stack, say) => {
      effect(`prove ${stack}`);
      say("every cluster answers");
      return state.passes;
    },
  };

  const run = (command: string) =>
    answered(command, "prod", { root, pulumi, effects }, () => {
      state.asked();
      return state.answer;
    });
  /** Changes the stack file independently of the commands. */
  function write(change: (config: Record<string, unknown>) => unknown) {
    const { config: whole } = parse(readFileSync(file, "utf8"));
    change(whole);
    writeFileSync(file, stringify({ config: whole }));
  }
  const copyKubeconfig = (name: string, url: string) => writeFileSync(join(root, name), kubeconfig(url));
  return { root, server, copyKubeconfig, journal, state, run, write, config: read, clusters };
}
