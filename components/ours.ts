import { MANAGED_BY, PROGRAM } from "../mesh/ownership.ts";

type Labels = Readonly<Record<string, string>>;

/**
 * Metadata of an object, with the label by which the program knows its own from other people's. Never for selectors and pod
 * templates: a selector cannot be changed later.
 */
export function ours<Metadata extends object>(metadata: Metadata & { readonly labels?: Labels }) {
  return { ...metadata, labels: { ...metadata.labels, [MANAGED_BY]: PROGRAM } };
}
