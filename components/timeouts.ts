import type { CustomTimeouts } from "@pulumi/pulumi";

/** A timeout for each operation on a resource; the plugin's default is ten minutes. */
export function within(seconds: number): CustomTimeouts {
  const limit = `${seconds}s`;
  return { create: limit, update: limit, delete: limit };
}
