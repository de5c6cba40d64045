import { isIPv6 } from "node:net";

/** A host name or IP without brackets, which IPv6 addresses have in URLs. */
export function bareHost(host: string): string {
  return host.replace(/^\[(.*)\]$/, "$1");
}

/** Host in the form for a URL or a `Host` header: IPv6 addresses get brackets. */
export function urlHost(host: string): string {
  const bare = bareHost(host);
  return bare.includes(":") ? `[${bare}]` : bare;
}

/** `host:port`; for an IPv6 address `[2001:db8::5]:15443`. */
export function hostPort(host: string, port: number | string): string {
  return `${urlHost(host)}:${port}`;
}

/** A host in canonical form for comparisons: lower case, no brackets, IPv6 in its shortest form. */
export function canonicalHost(host: string): string {
  const bare = bareHost(host).toLowerCase();
  return isIPv6(bare) ? bareHost(URL.parse(`http://[${bare}]`)?.hostname ?? bare) : bare;
}
