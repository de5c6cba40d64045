/**
 * Name of the resources that show one cluster to another: `a-to-b`. Where the clusters' own names would make that ambiguous (`a` to
 * `b-to-c` and `a-to-b` to `c`), `_` separates them, which no cluster's name contains.
 */
export function linkName(source: string, target: string): string {
  const name = `${source}-to-${target}`;
  // Separators may overlap, as in a-to-to-b.
  return name.match(/-to(?=-)/g)?.length === 1 ? name : `${source}_to_${target}`;
}
