import * as pulumi from "@pulumi/pulumi";
import type { ClusterAccess } from "./clusterHook.ts";
import { undoableHook } from "./undoableHook.ts";

export interface SampleNamespaceArgs {
  /** The cluster's name in the mesh, for messages. */
  readonly cluster: string;
  readonly namespace: string;
  readonly access: ClusterAccess;
  /** What it is made after. */
  readonly after: pulumi.Resource;
  /** All that the sample may put into it. */
  readonly parts: readonly { readonly apiVersion: string; readonly kind: string; readonly name: string }[];
}

/**
 * The sample's namespace: made where it is not there. Somebody's own keeps its labels and stays.
 *
 * A component, as `ClusterBaseline` is: Pulumi deletes level by level, and Kubernetes takes five seconds for each namespace. At the
 * same depth both go at the same time.
 */
export class SampleNamespace extends pulumi.ComponentResource {
  /** Its name: known in a preview, and yet not before the namespace is there. */
  readonly namespace: pulumi.Output<string>;

  constructor(
    name: string,
    args: SampleNamespaceArgs,
    opts: pulumi.ComponentResourceOptions & { parent: pulumi.Resource },
  ) {
    super("csp-mesh:index:SampleNamespace", name, {}, opts);
    const { cluster, namespace, access, parts, after } = args;
    const hook = undoableHook(
      // Another namespace is another resource.
      `${name}-namespace-${namespace}`,
      { ...access, hook: "sampleNamespace", settings: { cluster, namespace, parts } },
      // They were the sample's own once.
      { parent: this, aliases: [{ parent: opts.parent }] },
      [after],
    );
    this.namespace = hook.urn.apply(() => namespace);
    this.registerOutputs({ namespace: this.namespace });
  }
}
