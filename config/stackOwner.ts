import * as pulumi from "@pulumi/pulumi";

/** `organization/project/stack`: the owner in claims and probes. */
export const stackOwner = () => `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
