/**
 * Name of the resources that make one cluster visible to another: `a-to-b`. If the clusters' names would make it
 * ambiguous (`a` to `b-to-c` and `a-to-b` to `c`), the separator is `_`, which no cluster's name contains.
 */
export function linkName(source: string, target: string): string {
  const name = `${source}-to-${target}`;
  // Matches may overlap, as in a-to-to-b.
  return name.match(/-to(?=-)/g)?.length === 1 ? name : `${source}_to_${target}`;
}
