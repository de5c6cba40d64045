// Name constraints of a CA (RFC 5280, section 4.2.1.10) as Go and BoringSSL evaluate them. Without a leading dot, a URI
// constraint means a single host for BoringSSL, but also its subdomains for Go. A DNS constraint includes subdomains for
// both.
import { elements, inside } from "./der.ts";

/** istiod's certificate has this name, which proxies and the API server verify. */
const ISTIOD = "istiod.istio-system.svc";

const EMAIL = 0x81;
const DNS = 0x82;
const URI = 0x86;
const IP = 0x87;
const KNOWN = new Set([EMAIL, DNS, URI, IP]);

/**
 * Why the CA may not name the mesh's workloads or istiod; undefined if it may.
 * @param value of the extension, in DER
 */
export function constraintFault(value: Buffer, trustDomain: string | undefined): string | undefined {
  const parts = inside(value);
  const subtrees = (tag: number) =>
    elements(parts.find((part) => part.tag === tag)?.content ?? Buffer.alloc(0)).flatMap(({ content }) => {
      const [base] = elements(content);
      return base ? [{ kind: base.tag, name: base.content.toString("latin1").toLowerCase() }] : [];
    });
  const [permitted, excluded] = [subtrees(0xa0), subtrees(0xa1)];
  const names = (trees: typeof permitted, kind: number) =>
    trees.filter((tree) => tree.kind === kind).map(({ name }) => name);
  if ([...permitted, ...excluded].some(({ kind }) => !KNOWN.has(kind)))
    return "has a name constraint of a kind that Go cannot read";
  for (const [kind, title, name] of [
    [URI, "URIs", trustDomain?.toLowerCase()],
    [DNS, "DNS names", ISTIOD],
  ] as const) {
    if (name === undefined) continue;
    const [allowed, banned] = [names(permitted, kind), names(excluded, kind)];
    const listed = (list: readonly string[]) => list.map((each) => JSON.stringify(each)).join(", ");
    const matches = kind === URI ? isHostAlone : isWithin;
    if (allowed.length > 0 && !allowed.some((constraint) => matches(name, constraint)))
      return `permits ${title} of ${listed(allowed)} only, and not ${name}`;
    if (banned.some((constraint) => isWithin(name, constraint)))
      return `excludes ${title} of ${listed(banned)}, and so ${name}`;
  }
  return undefined;
}

/** BoringSSL's rule, which is stricter than Go's. */
const isHostAlone = (name: string, constraint: string) =>
  constraint.startsWith(".") ? name.endsWith(constraint) : name === constraint;

/** Go's rule. An empty constraint matches all names. */
const isWithin = (name: string, constraint: string) =>
  constraint === "" || isHostAlone(name, constraint) || name.endsWith(`.${constraint}`);
