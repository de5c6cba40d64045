// Finds the Service domains that a CoreDNS serves, from its Corefile (coredns.io/manual/configuration,
// coredns.io/plugins/kubernetes).

/** Domains of the plugin `kubernetes`, without zones for reverse lookups. Empty if the Corefile does not show them. */
export function serviceDomains(corefile: string): string[] {
  const zones: string[] = [];
  let depth = 0;
  let server: readonly string[] = [];
  for (const line of corefile.split("\n")) {
    const words = line
      .replace(/(^|\s)#.*/, "")
      .split(/\s+/)
      .filter(Boolean);
    const opens = words.at(-1) === "{";
    const [first, ...rest] = opens ? words.slice(0, -1) : words;
    // A plugin without zones uses those of its server block.
    if (depth === 0 && opens) server = [first ?? "", ...rest];
    if (depth === 1 && first === "kubernetes") zones.push(...(rest.length > 0 ? rest : server));
    depth += opens ? 1 : first === "}" ? -1 : 0;
  }
  return domainsIn(zones);
}

/**
 * Domains that NodeLocal DNSCache forwards to the cluster's DNS: its server blocks, except the root's and those for
 * reverse lookups.
 */
export function cachedDomains(corefile: string): string[] {
  const blocks = corefile.split("\n").filter((line) => /^[^\s#(].*\{\s*$/.test(line));
  return domainsIn(blocks.flatMap((line) => line.replace("{", "").split(/[\s,]+/)));
}

function domainsIn(zones: readonly string[]): string[] {
  const names = zones.map((zone) =>
    zone
      .replace(/,$/, "")
      .replace(/^[a-z]+:\/\//, "")
      .replace(/:\d+$/, "")
      .replace(/\.$/, "")
      .toLowerCase(),
  );
  // Drop networks, such as 10.96.0.0/12, and environment variables, such as `{$DOMAIN}`.
  return [...new Set(names.filter((name) => /^[a-z0-9.-]*[a-z][a-z0-9.-]*$/.test(name) && !/(^|\.)arpa$/.test(name)))];
}
