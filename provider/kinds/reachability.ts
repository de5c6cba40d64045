// Tests whether the clusters reach each other, before any part of the mesh is created.
import * as z from "zod";
import type { ProbeFinding } from "../../mesh/probeFindings.ts";
import type { Kind, Step } from "../kind.ts";
import { placement } from "../placement.ts";

/** Kubernetes quantities by resource. */
const amounts = z.strictObject({ cpu: z.string().exactOptional(), memory: z.string().exactOptional() });

const inputs = z.strictObject({
  /** `organization/project/stack`: identifies the leftovers of a killed probe of this stack. */
  owner: z.string(),
  clusters: z.array(
    z.strictObject({
      name: z.string(),
      position: z.number().optional(),
      kubeconfig: z.string(),
      context: z.string(),
      server: z.string(),
      tlsServerName: z.string().optional(),
      caBundle: z.string().optional(),
      proxyUrl: z.string().optional(),
      egressCidrs: z.array(z.string()).optional(),
      accessList: z.string().optional(),
      gatewayAddresses: z.array(z.string()).optional(),
      /** Only in states of former releases. */
      gatewayAddress: z.string().optional(),
      pods: placement.optional(),
    }),
  ),
  image: z.string(),
  pullSecrets: z.array(
    z.strictObject({
      name: z.string(),
      login: z.strictObject({ server: z.string(), username: z.string(), password: z.string() }).optional(),
    }),
  ),
  awaitSeconds: z.number(),
  resources: z.strictObject({ requests: amounts.exactOptional(), limits: amounts.exactOptional() }).optional(),
});
type Inputs = z.output<typeof inputs>;
/** Clusters that were probed, as `name server`. */
type Outputs = { readonly probed: readonly string[] };

const probed = ({ clusters }: Inputs) => clusters.map(({ name, server }) => `${name} ${server}`);

export const reachability: Kind<Inputs, Outputs> = {
  inputs,
  identity: probed,
  tidies: true,

  create: (step) => run(step),

  async update(step, outputs) {
    // An existing mesh is probed again only if the list has a new cluster or address, so a fault in one cluster does
    // not block updates.
    const now = probed(step.inputs);
    return now.every((cluster) => outputs.probed.includes(cluster)) ? { probed: now } : run(step);
  },

  delete: async () => {},
};

async function run({ inputs: settings, signal, say, tidying }: Step<Inputs>): Promise<Outputs> {
  // Load these modules only when a probe runs, because most runs do not probe.
  const [{ probe }, { catalogue, languageOf }, { probeReport }] = await Promise.all([
    import("../../probe/probe.ts"),
    import("../../i18n/language.ts"),
    import("../../i18n/probeReport.ts"),
  ]);
  const messages = catalogue[languageOf(process.env)];
  const { clusters, ...options } = settings;
  const found = Promise.withResolvers<readonly ProbeFinding[]>();
  // The next step need not wait for the probe's cleanup, which continues after the findings are known.
  tidying(
    probe(clusters, { ...options, by: "up", gateways: false, signal, found: found.resolve }).catch((error: Error) => {
      found.reject(error);
      return [];
    }),
  );
  const findings = await found.promise;
  const report = probeReport(findings, messages);
  if (findings.some(({ severity }) => severity === "error")) throw new Error(`${messages.probe.refused}:\n${report}`);
  if (report !== "") say(report);
  return { probed: probed(settings) };
}
