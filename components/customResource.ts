import {
  CustomResource as AnyCustomResource,
  type CustomResourceArgs,
} from "@pulumi/kubernetes/apiextensions/customResource.js";
import * as pulumi from "@pulumi/pulumi";
import { MANAGED_BY, PROGRAM } from "../hooks/ownership.ts";

/** A custom resource with the label by which the program knows its own from other people's. */
export class CustomResource extends AnyCustomResource {
  constructor(name: string, args: CustomResourceArgs, opts?: pulumi.CustomResourceOptions) {
    const metadata = pulumi
      .output(args.metadata)
      .apply((own) => ({ ...own, labels: { ...own?.labels, [MANAGED_BY]: PROGRAM } }));
    super(name, { ...args, metadata }, opts);
  }
}
