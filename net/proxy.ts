// The proxy for a URL from HTTPS_PROXY, HTTP_PROXY and NO_PROXY, parsed as Go programs do
// (golang.org/x/net/http/httpproxy), so that hooks and checks use the same proxy as Pulumi's plugins.

import { BlockList, isIP } from "node:net";

type Environment = Readonly<Record<string, string | undefined>>;

/** URL of the proxy; undefined for a direct connection. */
export function proxyFor(url: URL, environment: Environment = process.env): string | undefined {
  const read = (name: string) => environment[name] || environment[name.toLowerCase()];
  const proxy = read(url.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY");
  if (!proxy || isExempt(url, read("NO_PROXY") ?? "")) return undefined;
  return /^[a-z0-9]+:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
}

function isExempt({ hostname, port, protocol }: URL, list: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, "").toLowerCase();
  if (host === "localhost" || (isIP(host) && contains("127.0.0.0/8", host)) || host === "::1") return true;
  const number = port || (protocol === "https:" ? "443" : "80");
  return list
    .split(",")
    .map((entry) => entry.trim().toLowerCase())
    .some((entry) => covers(entry, host, number));
}

function covers(entry: string, host: string, port: string): boolean {
  if (entry === "*") return true;
  if (entry.includes("/")) return isIP(host) !== 0 && contains(entry, host);
  const [, name = "", only] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(isIP(entry) === 6 ? `[${entry}]` : entry) ?? [];
  if (name === "" || (only !== undefined && only !== port)) return false;
  if (isIP(name)) return name === host;
  const domain = name.replace(/^\*\./, ".");
  return domain.startsWith(".") ? host.endsWith(domain) : host === domain || host.endsWith(`.${domain}`);
}

function contains(range: string, address: string): boolean {
  const [network = "", bits = ""] = range.split("/");
  const family = (ip: string) => (isIP(ip) === 6 ? "ipv6" : "ipv4");
  try {
    const list = new BlockList();
    list.addSubnet(network, Number(bits), family(network));
    return list.check(address, family(address));
  } catch {
    return false; // Not a CIDR.
  }
}
