import * as pulumi from "@pulumi/pulumi";
import { type KindName, MODULE } from "../provider/kindNames.ts";

/** How the program itself reaches a cluster: a component's Kubernetes provider does not say. */
export interface ClusterAccess {
  /** The cluster's name in the mesh, for messages. */
  readonly cluster: string;
  /** Path of a kubeconfig as the config has it, or its text as a secret. */
  readonly kubeconfig: pulumi.Input<string>;
  readonly context: pulumi.Input<string>;
  /** Whose the cluster is: a resource of another claim touches nothing there. @default nobody's yet */
  readonly claim?: pulumi.Input<string> | undefined;
}

/**
 * A resource of this program's own provider (`provider/kinds/`): what no resource of Kubernetes' can express.
 *
 * @template Outputs what the provider finds
 */
export class MeshResource<Outputs extends object = object> extends pulumi.CustomResource {
  /** What the provider found, by name. */
  readonly found: { readonly [Name in keyof Outputs]: pulumi.Output<Outputs[Name]> };

  /** @param outputs names of what the provider finds beside the inputs */
  constructor(
    kind: KindName,
    name: string,
    access: ClusterAccess | undefined,
    inputs: pulumi.Inputs,
    opts: pulumi.CustomResourceOptions,
    outputs: readonly (keyof Outputs & string)[] = [],
  ) {
    const where = access && {
      cluster: access.cluster,
      access: { kubeconfig: access.kubeconfig, context: access.context },
      ...(access.claim !== undefined && { claim: access.claim }),
    };
    const unknown = Object.fromEntries(outputs.map((output) => [output, undefined]));
    super(`${MODULE}${kind}`, name, { ...where, ...unknown, ...inputs }, opts);
    const properties = this as unknown as Record<string, pulumi.Output<never>>;
    this.found = Object.fromEntries(outputs.map((output) => [output, properties[output]])) as never;
  }
}
