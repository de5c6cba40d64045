// Which domains of Services a CoreDNS serves, by its Corefile (coredns.io/manual/configuration, coredns.io/plugins/kubernetes).

/** Domains of the plugin `kubernetes`, without zones for reverse look-ups. Empty where a Corefile does not say. */
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
    // A server block's zones hold for a plugin without zones of its own.
    if (depth === 0 && opens) server = [first ?? "", ...rest];
    if (depth === 1 && first === "kubernetes") zones.push(...(rest.length > 0 ? rest : server));
    depth += opens ? 1 : first === "}" ? -1 : 0;
  }
  return domainsIn(zones);
}

/** Domains that a node's cache asks the cluster's DNS for: its server blocks but the root's and reverse look-ups'. */
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
  // Neither networks, such as 10.96.0.0/12, nor values of CoreDNS' environment, `{$DOMAIN}`.
  return [...new Set(names.filter((name) => /^[a-z0-9.-]*[a-z][a-z0-9.-]*$/.test(name) && !/(^|\.)arpa$/.test(name)))];
}
