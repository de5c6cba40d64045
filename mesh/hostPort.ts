import { isIPv6 } from "node:net";

/** A host name or an IP as people and URLs write it; an IPv6 address may have brackets. */
export function bareHost(host: string): string {
  return host.replace(/^\[(.*)\]$/, "$1");
}

/** As in a URL or a `Host` header: an IPv6 address has brackets. */
export function urlHost(host: string): string {
  const bare = bareHost(host);
  return bare.includes(":") ? `[${bare}]` : bare;
}

/** `host:port`, of an IPv6 address `[2001:db8::5]:15443`. */
export function hostPort(host: string, port: number | string): string {
  return `${urlHost(host)}:${port}`;
}

/** Host names and IPv6 addresses as they are compared: without capitals and brackets, IPv6 in its shortest form. */
export function canonicalHost(host: string): string {
  const bare = bareHost(host).toLowerCase();
  return isIPv6(bare) ? bareHost(URL.parse(`http://[${bare}]`)?.hostname ?? bare) : bare;
}
