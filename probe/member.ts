import type { Api } from "./api.ts";
import type { ProbeCluster } from "./probe.ts";
import type { Site } from "./site.ts";
import type { ProbePod } from "./tunnel.ts";

/** A cluster in which the probe has a namespace. */
export interface Member {
  readonly cluster: ProbeCluster;
  /** Path of its entry in the stack file: `clusters[0]`. */
  readonly field: string;
  readonly api: Api;
  readonly site: Site;
}

export const probePodOf = ({ api, site }: Member): ProbePod => ({ api, namespace: site.namespace });
