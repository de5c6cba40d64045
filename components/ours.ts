import { MANAGED_BY, PROGRAM } from "../mesh/ownership.ts";

type Labels = Readonly<Record<string, string>>;

/**
 * Adds the label that marks the program's own objects to metadata. Do not use it for selectors and pod templates,
 * because a selector cannot be changed later.
 */
export function ours<Metadata extends object>(metadata: Metadata & { readonly labels?: Labels }) {
  return { ...metadata, labels: { ...metadata.labels, [MANAGED_BY]: PROGRAM } };
}
