// Load balancer controller of one cluster's cloud: gives a hostname or an IP to each Service of type LoadBalancer after
// a delay, and removes it when the Service is deleted.
import { CoreV1Api, KubeConfig, PatchStrategy, setHeaderOptions, type V1Service } from "@kubernetes/client-node";
import { forward, loadBalancerHostname, portsOf, readCloudSettings, stopForwarding } from "./cloud.ts";
import type { ClusterSpec, LabSpec } from "./spec.ts";
import { watchServices } from "./watchServices.ts";

/** The finalizer of Kubernetes' own cloud controllers. It keeps a Service until its load balancer is deleted. */
const FINALIZER = "service.kubernetes.io/load-balancer-cleanup";

/** Event of a cloud that provides no address. */
export const PENDING_MESSAGE = "Error syncing load balancer: failed to ensure load balancer: quota exceeded";

export class LoadBalancers {
  readonly #lab: LabSpec;
  readonly #cluster: ClusterSpec;
  readonly #api: CoreV1Api;
  readonly #config = new KubeConfig();
  readonly #publish: (names: ReadonlyMap<string, string>) => void;
  /** Addresses by Service UID. */
  readonly #addresses = new Map<string, string>();
  readonly #names = new Map<string, string>();
  /** UIDs of Services that already have an event about staying pending. */
  readonly #complained = new Set<string>();
  #queue: Promise<void> = Promise.resolve();

  /** @param publish gets this cluster's hostnames whenever they change */
  constructor(
    lab: LabSpec,
    cluster: ClusterSpec,
    kubeconfig: string,
    publish: (names: ReadonlyMap<string, string>) => void,
  ) {
    this.#lab = lab;
    this.#cluster = cluster;
    this.#publish = publish;
    this.#config.loadFromFile(kubeconfig);
    this.#api = this.#config.makeApiClient(CoreV1Api);
  }

  async watch(): Promise<void> {
    const seen = (service: V1Service) => this.#enqueue(service);
    // The finalizer makes deletions visible as updates.
    await watchServices(this.#config, this.#cluster.name, { seen, gone: () => {} });
  }

  #enqueue(service: V1Service): void {
    this.#queue = this.#queue
      .then(() => this.#reconcile(service))
      .catch((error: unknown) => {
        console.error(`${this.#cluster.name}/${service.metadata?.name}: ${error}; again in 1 s`);
        setTimeout(() => void this.#again(service), 1_000);
      });
  }

  /** Reads the Service again, because the given one may be outdated. */
  async #again({ metadata }: V1Service): Promise<void> {
    try {
      this.#enqueue(
        await this.#api.readNamespacedService({ name: metadata?.name ?? "", namespace: metadata?.namespace ?? "" }),
      );
    } catch (error) {
      console.error(`${this.#cluster.name}/${metadata?.name}: ${error}`);
    }
  }

  async #reconcile(service: V1Service): Promise<void> {
    const { uid = "", finalizers = [], deletionTimestamp } = service.metadata ?? {};
    const wanted = service.spec?.type === "LoadBalancer" && deletionTimestamp === undefined;
    if (!wanted) {
      if (!finalizers.includes(FINALIZER)) return;
      await this.#release(uid);
      await this.#patch(service, { metadata: { finalizers: finalizers.filter((name) => name !== FINALIZER) } });
      return;
    }
    const settings = readCloudSettings(this.#lab);
    if (settings.pending.includes(this.#cluster.name)) {
      await this.#complain(service);
      setTimeout(() => void this.#again(service), 1_000);
      return;
    }
    const age = Date.now() - new Date(service.metadata?.creationTimestamp ?? 0).getTime();
    if (age < settings.delayMilliseconds) {
      setTimeout(() => void this.#again(service), settings.delayMilliseconds - age);
      return;
    }
    if (!finalizers.includes(FINALIZER)) {
      await this.#patch(service, { metadata: { finalizers: [...finalizers, FINALIZER] } });
    }
    const ip = this.#addressFor(service);
    await forward(ip, this.#cluster.nodeIp, portsOf(service));
    const { loadBalancer } = this.#cluster.provider;
    if (loadBalancer.kind === "hostname") {
      const hostname = loadBalancerHostname(service, this.#cluster, loadBalancer.zone);
      this.#names.set(hostname, ip);
      this.#publish(this.#names);
      await this.#tell(service, { hostname });
    } else {
      await this.#tell(service, { ip, ipMode: "Proxy" });
    }
  }

  #addressFor(service: V1Service): string {
    const uid = service.metadata?.uid ?? "";
    const known = this.#addresses.get(uid);
    if (known !== undefined) return known;
    const used = new Set(this.#addresses.values());
    const free = this.#cluster.loadBalancerIps.find((ip) => !used.has(ip));
    if (free === undefined) throw new Error(`all ${used.size} load balancer addresses are in use`);
    this.#addresses.set(uid, free);
    return free;
  }

  async #release(uid: string): Promise<void> {
    const ip = this.#addresses.get(uid);
    if (ip === undefined) return;
    await stopForwarding(ip);
    this.#addresses.delete(uid);
    for (const [name, address] of this.#names) if (address === ip) this.#names.delete(name);
    this.#publish(this.#names);
  }

  /** Writes an event about the Service, as Kubernetes' own cloud controllers do. */
  async #complain(service: V1Service): Promise<void> {
    const { name = "", namespace = "", uid = "" } = service.metadata ?? {};
    if (this.#complained.has(uid)) return;
    this.#complained.add(uid);
    await this.#api.createNamespacedEvent({
      namespace,
      body: {
        metadata: { generateName: `${name}.`, namespace },
        involvedObject: { apiVersion: "v1", kind: "Service", name, namespace, uid },
        type: "Warning",
        reason: "SyncLoadBalancerFailed",
        message: PENDING_MESSAGE,
        source: { component: "service-controller" },
        lastTimestamp: new Date(),
      },
    });
  }

  async #tell(service: V1Service, address: { ip?: string; hostname?: string; ipMode?: string }): Promise<void> {
    const [current] = service.status?.loadBalancer?.ingress ?? [];
    if (current !== undefined && current.ip === address.ip && current.hostname === address.hostname) return;
    const { name = "", namespace = "" } = service.metadata ?? {};
    await this.#api.patchNamespacedServiceStatus(
      { name, namespace, body: { status: { loadBalancer: { ingress: [address] } } } },
      setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
    );
  }

  async #patch(service: V1Service, body: object): Promise<void> {
    const { name = "", namespace = "" } = service.metadata ?? {};
    await this.#api.patchNamespacedService(
      { name, namespace, body },
      setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
    );
  }
}
