// Whether the clusters reach each other, before anything of the mesh is made in them.
import * as z from "zod";
import type { ProbeFinding } from "../../mesh/probeFindings.ts";
import type { Kind, Step } from "../kind.ts";
import { placement } from "../placement.ts";

/** Kubernetes quantities by resource. */
const amounts = z.strictObject({ cpu: z.string().exactOptional(), memory: z.string().exactOptional() });

const inputs = z.strictObject({
  /** `organization/project/stack`: what a killed probe of this stack left is known by it. */
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
      /** Of former releases, in states. */
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
    // A mesh that stands is not held up by what happens to its clusters, unless there is one more.
    const now = probed(step.inputs);
    return now.every((cluster) => outputs.probed.includes(cluster)) ? { probed: now } : run(step);
  },

  delete: async () => {},
};

async function run({ inputs: settings, signal, say, tidying }: Step<Inputs>): Promise<Outputs> {
  // A mesh that stands is not probed, and most runs change nothing.
  const [{ probe }, { catalogue, languageOf }, { probeReport }] = await Promise.all([
    import("../../probe/probe.ts"),
    import("../../i18n/language.ts"),
    import("../../i18n/probeReport.ts"),
  ]);
  const messages = catalogue[languageOf(process.env)];
  const { clusters, ...options } = settings;
  const found = Promise.withResolvers<readonly ProbeFinding[]>();
  // What it made goes by itself from the moment it is found: the next step need not wait for that.
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
