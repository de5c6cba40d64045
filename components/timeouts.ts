import type { CustomTimeouts } from "@pulumi/pulumi";

/** A limit for each operation on a resource that is awaited; the Kubernetes provider's own is ten minutes. */
export function within(seconds: number): CustomTimeouts {
  const limit = `${seconds}s`;
  return { create: limit, update: limit, delete: limit };
}
