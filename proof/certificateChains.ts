import { X509Certificate } from "node:crypto";
import type { Cluster, Pod } from "../kube/cluster.ts";
import { fingerprint } from "../mesh/caIdentity.ts";
import { type ChainReport, inspectChain } from "./certificates.ts";
import type { Check, CheckContext, Verdict } from "./check.ts";
import { accounts, callee, caller, readyPods, sidecar } from "./sample.ts";
import { type LiveSecrets, parseSecretDump, secretDumpCommand } from "./secretDump.ts";

export interface WorkloadChain {
  readonly cluster: string;
  readonly pod: string;
  readonly report: ChainReport;
}

/** Checks that the certificates in use by the sample's proxies (not those in Secrets) chain to the mesh's one root. */
export const certificateChains: Check = {
  name: "live certificates chain to the one root",
  disruptive: false,
  async run(context: CheckContext): Promise<Verdict> {
    const root = new X509Certificate(context.mesh.rootCertificate);
    const chains = await Promise.all(
      context.clusters.flatMap((cluster) =>
        ([caller, callee] as const).map((app) => chainsOf(context, cluster, app, root)),
      ),
    );
    return judgeChains(chains.flat(), root);
  },
};

async function chainsOf(
  context: CheckContext,
  cluster: Cluster,
  app: keyof typeof accounts,
  root: X509Certificate,
): Promise<readonly WorkloadChain[]> {
  const { namespace } = context;
  const pods = await readyPods(cluster, namespace, app);
  return Promise.all(
    pods.map(async (pod): Promise<WorkloadChain> => {
      const secrets = await liveSecrets(context, cluster, pod);
      const report = inspectChain(secrets, { root, namespace, serviceAccount: accounts[app], now: Date.now() });
      return { cluster: cluster.name, pod: pod.name, report };
    }),
  );
}

async function liveSecrets({ signal }: CheckContext, cluster: Cluster, pod: Pod): Promise<LiveSecrets> {
  const options = { timeout: 10_000, signal };
  const { stdout, stderr, exitCode } = await cluster.exec(pod, sidecar, secretDumpCommand, options);
  if (exitCode === 0) return parseSecretDump(stdout);
  throw new Error(`cluster ${cluster.name}: ${pod.name}'s proxy gave no config dump: ${stderr.trim()}`);
}

export function judgeChains(chains: readonly WorkloadChain[], root: X509Certificate): Verdict {
  const wrong = chains.filter(({ report }) => report.problems.length > 0);
  if (wrong.length > 0) {
    return {
      passed: false,
      seen: wrong.map(({ cluster, pod, report }) => `${pod} in ${cluster}: ${report.problems.join(", ")}`).join("; "),
      hint: "the Secret cacerts must exist before istiod starts; after a change restart istiod, then the workloads",
    };
  }
  const least = (of: keyof ChainReport["daysLeft"]) =>
    days(Math.min(...chains.map(({ report }) => report.daysLeft[of])));
  return {
    passed: true,
    seen:
      `${chains.length} workloads, root ${fingerprint(root)}…; days left: ` +
      `leaf ${least("leaf")}, intermediate ${least("intermediate")}, root ${least("root")}`,
  };
}

function days(value: number): string {
  return value < 10 ? value.toFixed(1) : String(Math.floor(value));
}
