import { canonicalHost } from "../mesh/hostPort.ts";
import { isGone } from "./gone.ts";
import { problem, quote } from "./problems.ts";
import { accessSchema } from "./schema.ts";

interface Identity {
  readonly path: readonly string[];
  /**
   * Whether the value of a gone cluster stays reserved, because others still know the cluster by it.
   * @default it may be used again
   */
  readonly outlives?: true;
  /** The parts whose combination must be unique. Non-string parts are left to the schema. */
  readonly of: (cluster: Entry) => readonly unknown[];
  /** The same for an entry with several values. @default the single value of `of` */
  readonly each?: (cluster: Entry) => readonly (readonly unknown[])[];
  /** @param names names of both clusters, quoted */
  readonly why: (names: string) => string;
}

/** An entry of a raw `clusters` list, which may contain anything. */
type Entry = Readonly<Record<string, unknown>>;

const identities: readonly Identity[] = [
  { path: ["name"], outlives: true, of: ({ name }) => [name], why: () => "istiod would treat both as one cluster" },
  {
    path: ["network"],
    outlives: true,
    of: ({ network, name }) => [network ?? name],
    why: () => "istiod would send requests directly to pods that it cannot reach through a gateway",
  },
  {
    path: ["context"],
    of: ({ kubeconfig, context }) => [
      JSON.stringify(accessSchema.shape.kubeconfig.safeParse(kubeconfig).data),
      context,
    ],
    why: () => "both entries would be the same cluster",
  },
  {
    path: ["gateway", "externalAddress"],
    of: () => [],
    each: ({ gateway }) =>
      [(gateway as Entry | undefined)?.externalAddress]
        .flat()
        .map((address) => [typeof address === "string" ? canonicalHost(address) : address]),
    why: (names) => `requests for ${names} would reach only one gateway; give each gateway its own address`,
  },
];

/**
 * Problems for entries of a raw `clusters` list that share a value that must be unique, even if the entries are
 * otherwise invalid.
 */
export function duplicateProblems(clusters: readonly unknown[]): string[] {
  return identities.flatMap((identity) => duplicates(clusters as readonly Entry[], identity));
}

/**
 * Problems for clusters that share an API server from the others' point of view. A proxy may distinguish two servers
 * behind one URL by their TLS server names.
 *
 * @param clusters with the URLs by which the others reach them
 */
export function duplicateServers(
  clusters: readonly {
    readonly name: string;
    readonly state: string;
    readonly server: string;
    readonly tlsServerName?: string | undefined;
  }[],
): string[] {
  const entries = clusters.map(({ name, state, tlsServerName = "", server }) => ({
    name,
    state,
    tlsServerName,
    server: URL.parse(server)?.href,
  }));
  return duplicates(entries, {
    path: ["apiServer"],
    of: ({ tlsServerName, server }) => [tlsServerName, server],
    why: (names) =>
      `the others would watch the same cluster as ${names}; give each as "apiServer" the address at which they reach it`,
  });
}

function duplicates(clusters: readonly Entry[], { path, outlives, of, each, why }: Identity): string[] {
  const first = new Map<string, number>();
  const nameOf = (index: number) => quote(clusters[index]?.name);
  const all = clusters.flatMap((cluster, index) =>
    (each ?? ((entry) => [of(entry)]))(cluster ?? {}).map((identity) => ({ cluster, index, identity })),
  );
  return all.flatMap(({ cluster, index, identity }) => {
    if (identity.some((part) => typeof part !== "string") || (isGone(cluster) && !outlives)) return [];
    const key = JSON.stringify(identity);
    const other = first.get(key);
    if (other === undefined) {
      first.set(key, index);
      return [];
    }
    // The schema reports this.
    if (other === index) return [];
    return problem(
      ["clusters", index, ...path],
      `${quote(identity.at(-1))} is already that of clusters[${other}]; ${why(`${nameOf(other)} and ${nameOf(index)}`)}`,
    );
  });
}
