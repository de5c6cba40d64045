// Whether the clusters reach each other, tried from inside each of them. What it makes there is gone when it returns.
import type { V1Service } from "@kubernetes/client-node";
import { ApiError, isTransient } from "../kube/apiServer.ts";
import { addressesOf } from "../kube/loadBalancer.ts";
import { CROSS_NETWORK_PORT } from "../mesh/gatewayOptions.ts";
import { STATUS_PORT } from "../mesh/gatewayPorts.ts";
import { GATEWAY, SYSTEM_NAMESPACE } from "../mesh/ownership.ts";
import type { Placement } from "../mesh/podParts.ts";
import type { ProbeFinding } from "../mesh/probeFindings.ts";
import { gatewayWithoutAddress, notProbed, podNotRunning, wordsOf } from "./aboutOne.ts";
import { type Api, apiOf } from "./api.ts";
import { tryApiServer } from "./apiServerPair.ts";
import { tryGateway } from "./gatewayPair.ts";
import type { PodOptions, ProbedBy } from "./manifests.ts";
import type { Member } from "./member.ts";
import { type Credentials, PodFailed, removeLeftovers, Site } from "./site.ts";
import { TRY_SECONDS } from "./tunnel.ts";

/** Time for all but the start of the pods, in seconds. */
const TIME_FOR_TRIES = 60 + 3 * TRY_SECONDS;

export type ProbeCluster = ProbeClusterOf<string>;

/** @template Text what may be secret */
export interface ProbeClusterOf<Text> {
  /** The cluster's name in the mesh. */
  readonly name: string;
  /** Of its entry in the stack file, from 0. @default its place among those probed */
  readonly position?: number | undefined;
  /** How this program reaches it: path of a kubeconfig, or its text. */
  readonly kubeconfig: Text;
  readonly context: string;
  /** URL of its API server as the peers reach it. */
  readonly server: string;
  /** Name in the certificate there. @default the URL's host */
  readonly tlsServerName?: string | undefined;
  /** PEM that the peers trust there. @default the cluster's own CA */
  readonly caBundle?: string | undefined;
  /** Proxy between the peers and it. @default none */
  readonly proxyUrl?: Text | undefined;
  /** Addresses from which its pods are seen. @default not known */
  readonly egressCidrs?: readonly string[] | undefined;
  /** What its provider calls the list of addresses that may reach its API servers. @default not known */
  readonly accessList?: string | undefined;
  /** Addresses that lead to its gateway where its Service does not tell. @default the Service's */
  readonly gatewayAddresses?: readonly string[] | undefined;
  /** On which of its nodes the pod runs; empty parts are left out. @default any */
  readonly pods?: Partial<Placement> | undefined;
}

export interface ProbeOptions extends PodOptions {
  /** Who probes. `up` removes what a killed `up` left, whatever its age. */
  readonly by: ProbedBy;
  /** `organization/project/stack`, of a stack's probe. */
  readonly owner?: string | undefined;
  /** Whether gateways are tried as well, in clusters that have one. */
  readonly gateways: boolean;
  /** Name by which gateways pass connections on to a workload that every cluster has. @default none, TLS is not tried */
  readonly sni?: string | undefined;
  /** Ends the probe early; what it made is removed even so. */
  readonly signal?: AbortSignal | undefined;
  /** Told what was found once all that was made is deleted, though not yet gone. Not where the probe was ended. */
  readonly found?: ((findings: readonly ProbeFinding[]) => void) | undefined;
}

/** @throws the signal's reason where that ends it, once all is removed */
export async function probe(
  clusters: readonly ProbeCluster[],
  { signal: given, found, ...options }: ProbeOptions,
): Promise<readonly ProbeFinding[]> {
  const { signal, end } = deadline(options.awaitSeconds + TIME_FOR_TRIES, given);
  const members: Member[] = [];
  const [attempt] = await Promise.allSettled([findAll(clusters, members, options, signal)]);
  // Whatever is still under way makes nothing more.
  end();
  const stuck = await removal(members, (site) => site.delete());
  if (attempt.status === "fulfilled") found?.([...attempt.value, ...stuck]);
  const going = members.filter(({ cluster }) => !stuck.some((finding) => finding.cluster === cluster.name));
  const left = await removal(going, (site) => site.gone());
  for (const { api } of members) api.close();
  if (attempt.status === "rejected") throw attempt.reason;
  return [...attempt.value, ...stuck, ...left];
}

/** @param members gets those in which something is made, before it is */
async function findAll(
  clusters: readonly ProbeCluster[],
  members: Member[],
  options: TryOptions,
  signal: AbortSignal,
): Promise<ProbeFinding[]> {
  const opened = await Promise.all(
    clusters.map(async (cluster, index): Promise<Member | ProbeFinding> => {
      const field = `clusters[${cluster.position ?? index}]`;
      try {
        const api = await apiOf(cluster.kubeconfig, cluster.context);
        const member = { cluster, field, api, site: new Site(api, options, signal) };
        members.push(member);
        await member.site.open();
        return member;
      } catch (error) {
        return notProbed(cluster.name, field, error, signal);
      }
    }),
  );
  const open = opened.filter((each) => "site" in each);
  const [tried] = await Promise.all([
    tryAll(open, options, signal),
    ...open.map(({ api, site }) => removeLeftovers(api, options, site.namespace).catch(() => {})),
  ]);
  return [...opened.filter((each) => "id" in each), ...tried];
}

type TryOptions = Omit<ProbeOptions, "signal" | "found">;

/** A signal that ends by itself after some seconds, or when `given` does. */
function deadline(seconds: number, given: AbortSignal | undefined): { signal: AbortSignal; end: () => void } {
  const controller = new AbortController();
  const giveUp = () => controller.abort(given?.reason);
  given?.addEventListener("abort", giveUp, { once: true });
  if (given?.aborted) giveUp();
  const late = new Error(`the probe did not come to its end within ${seconds} s`);
  const timer = setTimeout(() => controller.abort(late), seconds * 1_000);
  const end = () => {
    clearTimeout(timer);
    given?.removeEventListener("abort", giveUp);
    controller.abort(new Error("the probe has ended"));
  };
  return { signal: controller.signal, end };
}

async function tryAll(members: readonly Member[], options: TryOptions, signal: AbortSignal): Promise<ProbeFinding[]> {
  const started = members.map((member) => start(member, options, signal));
  const own = started.flatMap(({ pod, credentials }) => [
    pod.then((running) => (running === true ? [] : [running])),
    credentials.then((known) => ("id" in known ? [known] : [])),
  ]);
  const pairs = started.flatMap((from) =>
    started
      .filter((to) => to !== from)
      .map(async (to) => {
        const [running, known] = await Promise.all([from.pod, to.credentials]);
        if (running !== true || "id" in known) return [];
        const [server, gateway] = await Promise.all([
          tryApiServer(from.member, to.member, known, signal),
          to.gateway.then((found) => {
            if (found === undefined) return [];
            const { hasStatus, addresses } = found;
            const how = { sni: options.sni, signal, hasStatus };
            // Istiods use each of them.
            return Promise.all(addresses.map((address) => tryGateway(from.member, to.member, address, how)));
          }),
        ]);
        return [server, ...gateway.flat()];
      }),
  );
  const gateways = started.map(async ({ member: { cluster, field }, gateway }) =>
    (await gateway)?.addresses.length === 0 ? [gatewayWithoutAddress(cluster.name, field)] : [],
  );
  return (await Promise.all([...own, ...pairs, ...gateways])).flat();
}

interface Started {
  readonly member: Member;
  /** That it runs, or why not. */
  readonly pod: Promise<true | ProbeFinding>;
  readonly credentials: Promise<Credentials | ProbeFinding>;
  /** Undefined where there is no gateway to be tried. */
  readonly gateway: Promise<GatewayAddresses | undefined>;
}

function start(member: Member, { gateways, ...options }: TryOptions, signal: AbortSignal): Started {
  const { cluster, field, api, site } = member;
  const pod = site.run({ ...options, pods: cluster.pods }).then(
    () => true as const,
    (error: unknown) => {
      signal.throwIfAborted();
      // What the API server refuses to start is told in its words as well.
      const isOfPod = error instanceof PodFailed || (error instanceof ApiError && !isTransient(error));
      if (!isOfPod) return notProbed(cluster.name, field, error, signal);
      return podNotRunning(cluster.name, options.image, error.message);
    },
  );
  const credentials = site.credentials().catch((error: unknown) => notProbed(cluster.name, field, error, signal));
  const gateway = gateways ? gatewayOf(api, cluster.gatewayAddresses) : Promise.resolve(undefined);
  return { member, pod, credentials, gateway };
}

/** Where peers find a gateway. */
interface GatewayAddresses {
  readonly addresses: readonly string[];
  /** Whether its Service has the port by which it says how it is. */
  readonly hasStatus: boolean;
}

async function gatewayOf(api: Api, external: readonly string[] = []): Promise<GatewayAddresses | undefined> {
  const path = `/api/v1/namespaces/${SYSTEM_NAMESPACE}/services/${GATEWAY}`;
  const service = await api.request<V1Service>("GET", path).catch(() => undefined);
  const has = (number: number) => service?.spec?.ports?.some(({ port }) => port === number) === true;
  if (service === undefined || !has(CROSS_NETWORK_PORT)) return undefined;
  const addresses = external.length > 0 ? external : addressesOf(service);
  return { addresses, hasStatus: has(STATUS_PORT) };
}

/** One step of the removal in every cluster, and what it could not do. */
async function removal(members: readonly Member[], step: (site: Site) => Promise<void>): Promise<ProbeFinding[]> {
  const left = members.map(async ({ cluster, site }): Promise<ProbeFinding[]> => {
    try {
      await step(site);
      return [];
    } catch (error) {
      const about = { severity: "warning", cluster: cluster.name, peer: "", namespace: site.namespace } as const;
      return [{ id: "namespaceLeft", ...about, said: wordsOf(error) }];
    }
  });
  return (await Promise.all(left)).flat();
}
