// Checks, after a remote secret has changed and before the former token is revoked, that istiod uses the new content.
import type { V1Secret } from "@kubernetes/client-node";
import * as z from "zod";
import { remoteSecretInUse as inUse } from "../../istiod/remoteSecretInUse.ts";
import { open } from "../../kube/cluster.ts";
import { remoteSecretName } from "../../mesh/remoteSecretName.ts";
import type { Kind, Step } from "../kind.ts";

const inputs = z.strictObject({
  /** The cluster that is watched. */
  source: z.string(),
  /** Namespace of the istiods that watch it. */
  namespace: z.string(),
  /** Changes with the remote secret's content, without revealing it. */
  secret: z.string(),
});

type Inputs = z.output<typeof inputs>;

/** Start of this run, and the assumed largest difference between a cluster's clock and this machine's, in ms. */
const STARTED = Date.now() - process.uptime() * 1_000;
const CLOCKS_DIFFER = 30_000;

const wait = ({ cluster: { name, server }, inputs: { source, namespace } }: Step<Inputs>) =>
  inUse(open(name, server), { source, namespace });

export const remoteSecretInUse: Kind<Inputs, Record<string, never>> = {
  inputs,
  async create(step) {
    const {
      cluster,
      inputs: { source, namespace },
    } = step;
    const secret = await cluster.objects.read<V1Secret>("v1", "Secret", remoteSecretName(source), namespace);
    // A remote secret that is older than this run comes from an earlier state: istiod may still use its former content,
    // so wait. istiod does not know a new one yet.
    const made = new Date(secret?.metadata.creationTimestamp ?? Date.now()).getTime();
    if (made < STARTED - CLOCKS_DIFFER) await wait(step);
    return {};
  },

  async update(step) {
    await wait(step);
    return {};
  },

  delete: async () => {},
};
