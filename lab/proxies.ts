// If this machine uses a proxy for the internet, connections to, from and inside the lab must not use it.

const PROXIES = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];

/** Environment for the lab's machines, whose networks have no route to a proxy. */
export function withoutProxies(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const names = [...PROXIES, "NO_PROXY"];
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !names.includes(name.toUpperCase())));
}

/** Excludes the lab's network from proxies, for this process and its children. Downloads still use the proxy. */
export function exemptFromProxies(range: string, environment: NodeJS.ProcessEnv = process.env): void {
  if (!PROXIES.some((name) => environment[name] || environment[name.toLowerCase()])) return;
  const { NO_PROXY, no_proxy } = environment;
  // If both are set, Go programs read the first and curl the second.
  environment.NO_PROXY = withRange(NO_PROXY || no_proxy, range);
  environment.no_proxy = withRange(no_proxy || NO_PROXY, range);
}

function withRange(list: string | undefined, range: string): string {
  const entries = (list ?? "").split(",").filter((entry) => entry !== "" && entry !== range);
  return [...entries, range].join(",");
}

/** The same as lines of sh, for a person's shell. */
export function shellExemption(range: string): string {
  return `export NO_PROXY="\${NO_PROXY:-\${no_proxy-}},${range}" no_proxy="\${no_proxy:-\${NO_PROXY-}},${range}"\n`;
}
