import { chartVersion } from "../config/fields.ts";
import type { MeshConfig } from "../config/parse.ts";
import { istioLine, linesFor, supports } from "../mesh/istioLines.ts";
import { oldProxies, versionAfter } from "../operations/oldProxies.ts";
import { upgradeProblem } from "../operations/upgrade.ts";
import { openCluster } from "../status/lookAtMesh.ts";
import { operationCommand } from "./operation.ts";

/** `npm run mesh -- upgrade --to VERSION`: upgrades Istio in one cluster after the other. */
export const upgrade = operationCommand({
  kind: "upgrade",
  withoutArgument: true,
  options: { to: { type: "string" }, "restart-workloads": { type: "boolean" } },
  called(options, { operations: texts }) {
    const { to } = options;
    if (to === undefined) throw new Error(texts.noVersion);
    if (!chartVersion.safeParse(to).success) throw new Error(texts.badVersion(String(to)));
    return { to: String(to), restartWorkloads: options["restart-workloads"] === true };
  },
  async begin({ options, config, messages }) {
    const { operations: texts } = messages;
    const to = String(options.to);
    const from = config.istio.version;
    if (from === to) return { refused: texts.alreadyThere(to) };
    const problem = upgradeProblem(from, to);
    if (problem !== undefined) return { refused: texts.cannotFollow[problem](from, to) };
    // Left over from an upgrade that was abandoned.
    const other = config.clusters.find(({ istio }) =>
      [istio.version, istio.next?.version ?? to].some((version) => version !== from && version !== to),
    );
    if (other) return { refused: texts.otherUpgrade(other.name, other.istio.next?.version ?? other.istio.version) };
    const unsupported = config.istio.allowUnsupported ? [] : await unsupportedBy(to, config);
    if (unsupported.length > 0) {
      const lines = unsupported.map(({ cluster, kubernetes }) =>
        texts.unsupported(cluster, kubernetes, linesFor(kubernetes).join(", ")),
      );
      return { refused: lines.join("\n") };
    }
    return {
      ...{ kind: "upgrade", from, to, reached: 0 },
      clusters: config.clusters.map(({ name }) => name),
      restartWorkloads: options["restart-workloads"] === true,
    };
  },
  after(record, _, { operations: texts }, last) {
    const left = last && record.kind === "upgrade" ? oldProxies(last.status, last.config, versionAfter(record)) : [];
    return left.length === 0
      ? texts.noOldProxies
      : texts.oldProxies(left.map(({ cluster, pods }) => `  - ${cluster}: ${pods.join(", ")}`).join("\n"));
  },
});

/** Longest wait for a cluster's version, in ms. */
const ANSWERS_WITHIN = 10_000;

/** Clusters whose Kubernetes version an Istio does not support. Clusters that do not answer are left to the gate. */
async function unsupportedBy(istio: string, { clusters }: MeshConfig) {
  const line = istioLine(istio);
  if (line === undefined) return [];
  const opened = await Promise.all(clusters.map((cluster) => openCluster(cluster, ANSWERS_WITHIN)));
  const answering = opened.filter((one) => "server" in one);
  for (const { server } of answering) server.close();
  return answering
    .map(({ name: cluster, kubernetes }) => ({ cluster, kubernetes }))
    .filter(({ kubernetes }) => !supports(line, kubernetes));
}
