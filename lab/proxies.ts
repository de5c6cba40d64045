// Where this machine reaches the internet through a proxy, no proxy leads into the lab, nor out of it.

const PROXIES = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];

/** For the lab's machines, whose networks have no route to a proxy. */
export function withoutProxies(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const names = [...PROXIES, "NO_PROXY"];
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !names.includes(name.toUpperCase())));
}

/** Has this process, and all that it starts, ask the lab's network directly; downloads still go through the proxy. */
export function exemptFromProxies(range: string, environment: NodeJS.ProcessEnv = process.env): void {
  if (!PROXIES.some((name) => environment[name] || environment[name.toLowerCase()])) return;
  const { NO_PROXY, no_proxy } = environment;
  // Of two that differ, programs in Go read the first and curl the second.
  environment.NO_PROXY = withRange(NO_PROXY || no_proxy, range);
  environment.no_proxy = withRange(no_proxy || NO_PROXY, range);
}

function withRange(list: string | undefined, range: string): string {
  const entries = (list ?? "").split(",").filter((entry) => entry !== "" && entry !== range);
  return [...entries, range].join(",");
}

/** The same for the shell of a person, as lines of sh. */
export function shellExemption(range: string): string {
  return `export NO_PROXY="\${NO_PROXY:-\${no_proxy-}},${range}" no_proxy="\${no_proxy:-\${NO_PROXY-}},${range}"\n`;
}
