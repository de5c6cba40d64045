// The DNS domain of Services: it must be the same in all clusters, and match the config.
import { DEFAULT_DOMAIN } from "../../mesh/clusterDomain.ts";
import { cachedDomains, serviceDomains } from "../../mesh/corefile.ts";
import type { PreflightFinding } from "../../mesh/preflightFindings.ts";
import type { ObservedCluster } from "../cluster.ts";
import { nodesOf } from "./nodes.ts";

/** Domains of a cluster's Services, and the object or API from which they were read. */
export interface LiveDomains {
  readonly domains: readonly string[];
  readonly source: string;
}

/** ConfigMaps with a Corefile: CoreDNS in most distributions, in RKE2 and in OpenShift; last, NodeLocal DNSCache. */
const COREFILES = [
  { namespace: "kube-system", name: "coredns", domainsIn: serviceDomains },
  { namespace: "kube-system", name: "rke2-coredns-rke2-coredns", domainsIn: serviceDomains },
  { namespace: "openshift-dns", name: "dns-default", domainsIn: serviceDomains },
  { namespace: "kube-system", name: "node-local-dns", domainsIn: cachedDomains },
] as const;

/** Undefined if no source shows them. */
export async function liveDomains(observed: ObservedCluster): Promise<LiveDomains | undefined> {
  const answers = await Promise.all(
    COREFILES.map(async ({ namespace, name, domainsIn }) => {
      const { status, body } = await observed.ask(`/api/v1/namespaces/${namespace}/configmaps/${name}`);
      const corefile = status === 200 ? (body as { data?: { Corefile?: string } } | null)?.data?.Corefile : undefined;
      return { domains: domainsIn(corefile ?? ""), source: `ConfigMap ${namespace}/${name}` };
    }),
  );
  return answers.find(({ domains }) => domains.length > 0) ?? kubeletsDomain(observed);
}

/** Needs the right `get nodes/proxy`. The program does not require it, because few accounts have it. */
async function kubeletsDomain(observed: ObservedCluster): Promise<LiveDomains | undefined> {
  const name = (await nodesOf(observed))[0]?.metadata.name;
  if (name === undefined) return undefined;
  const { status, body } = await observed.ask(`/api/v1/nodes/${name}/proxy/configz`);
  const kubelet = status === 200 ? (body as { kubeletconfig?: { clusterDomain?: string } } | null) : undefined;
  const domain = kubelet?.kubeletconfig?.clusterDomain?.replace(/\.$/, "").toLowerCase();
  return domain ? { domains: [domain], source: `kubelet of node ${name}` } : undefined;
}

/** @param all clusters that were checked; `live` is undefined if the domains are unknown */
export function domainFindings(
  all: readonly { readonly name: string; readonly live?: LiveDomains | undefined }[],
  configured: string,
): PreflightFinding[] {
  const known = all.flatMap(({ name, live }) => (live ? [{ name, ...live }] : []));
  // The domain to suggest: one that every cluster with known domains serves.
  const shared = known[0]?.domains.find((domain) => known.every(({ domains }) => domains.includes(domain)));
  return all.map(({ name: cluster, live }): PreflightFinding => {
    if (!live) {
      // Managed DNS services do not show it, and nearly all clusters use the default. A warning in every run would be
      // useless.
      const severity = configured === DEFAULT_DOMAIN ? "ok" : "warning";
      return { id: "clusterDomainUnknown", severity, cluster, domain: configured };
    }
    const { domains, source } = live;
    if (domains.includes(configured)) return { id: "clusterDomain", severity: "ok", cluster, domain: configured };
    const about = { severity: "error", cluster, domains, source, configured } as const;
    if (shared !== undefined) return { id: "clusterDomainDiffers", ...about, shared };
    const peer = known.find((other) => other.name !== cluster && !other.domains.some((each) => domains.includes(each)));
    return { id: "clusterDomainsDiffer", ...about, peer: peer?.name ?? "", peerDomains: peer?.domains ?? [] };
  });
}
