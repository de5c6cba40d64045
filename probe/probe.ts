// Tests from inside each cluster whether the clusters reach each other. Everything that it creates is deleted when it
// returns.
import type { V1Service } from "@kubernetes/client-node";
import { ApiError, isTransient } from "../kube/apiServer.ts";
import { addressesOf } from "../kube/loadBalancer.ts";
import { CROSS_NETWORK_PORT } from "../mesh/gatewayOptions.ts";
import { STATUS_PORT } from "../mesh/gatewayPorts.ts";
import { GATEWAY, SYSTEM_NAMESPACE } from "../mesh/ownership.ts";
import type { Placement } from "../mesh/podParts.ts";
import type { ProbeFinding } from "../mesh/probeFindings.ts";
import { errorText, gatewayWithoutAddress, notProbed, podNotRunning } from "./aboutOne.ts";
import { type Api, apiOf } from "./api.ts";
import { tryApiServer } from "./apiServerPair.ts";
import { tryGateway } from "./gatewayPair.ts";
import type { PodOptions, ProbedBy } from "./manifests.ts";
import type { Member } from "./member.ts";
import { type Credentials, PodFailed, removeLeftovers, Site } from "./site.ts";
import { TRY_SECONDS } from "./tunnel.ts";

/** Time for everything except the start of the pods, in seconds. */
const TIME_FOR_TRIES = 60 + 3 * TRY_SECONDS;

export type ProbeCluster = ProbeClusterOf<string>;

/** @template Text type of texts that may be secret */
export interface ProbeClusterOf<Text> {
  /** The cluster's name in the mesh. */
  readonly name: string;
  /** Position of its entry in the stack file, from 0. @default its position in the list */
  readonly position?: number | undefined;
  /** The kubeconfig that this program uses: its path or its text. */
  readonly kubeconfig: Text;
  readonly context: string;
  /** URL of its API server as the peers reach it. */
  readonly server: string;
  /** Server name in its certificate. @default the URL's host */
  readonly tlsServerName?: string | undefined;
  /** PEM of the CA with which peers verify it. @default the cluster's own CA */
  readonly caBundle?: string | undefined;
  /** Proxy that peers use to reach it. @default none */
  readonly proxyUrl?: Text | undefined;
  /** Source addresses of requests from its pods. @default unknown */
  readonly egressCidrs?: readonly string[] | undefined;
  /** Provider's name for the list of addresses that may reach its API servers. @default unknown */
  readonly accessList?: string | undefined;
  /** Addresses of its gateway, if its Service does not show them. @default the Service's */
  readonly gatewayAddresses?: readonly string[] | undefined;
  /** Placement of the probe's pod. @default any node */
  readonly pods?: Partial<Placement> | undefined;
}

export interface ProbeOptions extends PodOptions {
  /** What starts the probe. `up` deletes leftovers of a killed `up`, whatever their age. */
  readonly by: ProbedBy;
  /** `organization/project/stack`, for a probe of a stack. */
  readonly owner?: string | undefined;
  /** Whether to test gateways as well, in clusters that have one. */
  readonly gateways: boolean;
  /** SNI name that gateways route to a workload that every cluster has. @default none, TLS is not tested */
  readonly sni?: string | undefined;
  /** Aborts the probe. Its objects are deleted nevertheless. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Called with the findings when the deletion of all objects has been requested but may not be complete. Not called
   * for an aborted probe.
   */
  readonly found?: ((findings: readonly ProbeFinding[]) => void) | undefined;
}

/** @throws the signal's reason if it was aborted, after all objects have been deleted */
export async function probe(
  clusters: readonly ProbeCluster[],
  { signal: given, found, ...options }: ProbeOptions,
): Promise<readonly ProbeFinding[]> {
  const { signal, end } = deadline(options.awaitSeconds + TIME_FOR_TRIES, given);
  const members: Member[] = [];
  const [attempt] = await Promise.allSettled([findAll(clusters, members, options, signal)]);
  // Stop pending work, so that it creates nothing more.
  end();
  const stuck = await removal(members, (site) => site.delete());
  if (attempt.status === "fulfilled") found?.([...attempt.value, ...stuck]);
  const going = members.filter(({ cluster }) => !stuck.some((finding) => finding.cluster === cluster.name));
  const left = await removal(going, (site) => site.gone());
  for (const { api } of members) api.close();
  if (attempt.status === "rejected") throw attempt.reason;
  return [...attempt.value, ...stuck, ...left];
}

/** @param members gets each cluster before objects are created in it */
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

/** A signal that is aborted after some seconds, or when `given` is. */
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
            // Test all addresses, because istiods use each of them.
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
  /** Whether the pod runs, or the finding that explains why not. */
  readonly pod: Promise<true | ProbeFinding>;
  readonly credentials: Promise<Credentials | ProbeFinding>;
  /** Undefined if there is no gateway to test. */
  readonly gateway: Promise<GatewayAddresses | undefined>;
}

function start(member: Member, { gateways, ...options }: TryOptions, signal: AbortSignal): Started {
  const { cluster, field, api, site } = member;
  const pod = site.run({ ...options, pods: cluster.pods }).then(
    () => true as const,
    (error: unknown) => {
      signal.throwIfAborted();
      // An API server's refusal to create the pod is reported with its message as well.
      const isOfPod = error instanceof PodFailed || (error instanceof ApiError && !isTransient(error));
      if (!isOfPod) return notProbed(cluster.name, field, error, signal);
      return podNotRunning(cluster.name, options.image, error.message);
    },
  );
  const credentials = site.credentials().catch((error: unknown) => notProbed(cluster.name, field, error, signal));
  const gateway = gateways ? gatewayOf(api, cluster.gatewayAddresses) : Promise.resolve(undefined);
  return { member, pod, credentials, gateway };
}

/** Addresses at which peers reach a gateway. */
interface GatewayAddresses {
  readonly addresses: readonly string[];
  /** Whether its Service has the readiness port 15021. */
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

/** Runs one step of the cleanup in every cluster, and returns findings for failures. */
async function removal(members: readonly Member[], step: (site: Site) => Promise<void>): Promise<ProbeFinding[]> {
  const left = members.map(async ({ cluster, site }): Promise<ProbeFinding[]> => {
    try {
      await step(site);
      return [];
    } catch (error) {
      const about = { severity: "warning", cluster: cluster.name, peer: "", namespace: site.namespace } as const;
      return [{ id: "namespaceLeft", ...about, said: errorText(error) }];
    }
  });
  return (await Promise.all(left)).flat();
}
