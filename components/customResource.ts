import {
  CustomResource as AnyCustomResource,
  type CustomResourceArgs,
} from "@pulumi/kubernetes/apiextensions/customResource.js";
import * as pulumi from "@pulumi/pulumi";
import { ours } from "./ours.ts";

/**
 * Deleted at once. The provider's default leaves it to the garbage collector, which for a kind that is new waits until it next asks
 * what kinds there are, every 30 s (kube-controller-manager, garbageCollector.Sync).
 */
const AT_ONCE = { "pulumi.com/deletionPropagationPolicy": "background" };

/** A custom resource with the label by which the program knows its own from other people's. */
export class CustomResource extends AnyCustomResource {
  constructor(name: string, args: CustomResourceArgs, opts?: pulumi.CustomResourceOptions) {
    const metadata = pulumi
      .output(args.metadata)
      .apply((own) => ours({ ...own, annotations: { ...own?.annotations, ...AT_ONCE } }));
    super(name, { ...args, metadata }, opts);
  }
}
