import * as pulumi from "@pulumi/pulumi";

/** `organization/project/stack`: whose clusters and probes are. */
export const stackOwner = () => `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
