import {
  CustomResource as AnyCustomResource,
  type CustomResourceArgs,
} from "@pulumi/kubernetes/apiextensions/customResource.js";
import * as pulumi from "@pulumi/pulumi";
import { ours } from "./ours.ts";

/**
 * Background deletion deletes the object at once. With the plugin's default the garbage collector deletes it. For a new
 * kind, the collector first has to discover the kind, which it does every 30 s (kube-controller-manager,
 * garbageCollector.Sync).
 */
const AT_ONCE = { "pulumi.com/deletionPropagationPolicy": "background" };

/** A custom resource with the label that marks the program's own objects. */
export class CustomResource extends AnyCustomResource {
  constructor(name: string, args: CustomResourceArgs, opts?: pulumi.CustomResourceOptions) {
    const metadata = pulumi
      .output(args.metadata)
      .apply((own) => ours({ ...own, annotations: { ...own?.annotations, ...AT_ONCE } }));
    super(name, { ...args, metadata }, opts);
  }
}
