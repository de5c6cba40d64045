/** Annotations of a Service. */
export type Annotations = Readonly<Record<string, string>>;

/**
 * A documented fact; `value` is null if the document says that there is none. "unknown" if no public document was
 * found.
 */
export type Fact<Value = string> = { readonly value: Value | null; readonly source: string } | "unknown";

/** Facts about a provider's clusters. Each source is the URL of a document, preferably the provider's own. */
export interface Facts {
  /** Kind of address that a Service of type LoadBalancer gets. Null: none, so the Service stays pending. */
  readonly loadBalancer: Fact<"hostname" | "ip">;
  /** Annotation that makes a load balancer layer 4. */
  readonly layer4: Fact;
  /** Annotation that makes a load balancer public or internal. */
  readonly scope: Fact;
  /** The StorageClass that is the default in a new cluster. */
  readonly storageClass: Fact;
  /** CSI driver of its block storage. */
  readonly provisioner: Fact;
  readonly cni: Fact;
  /** Add-ons that may be installed. An Istio among them is refused (provider/foreignIstio.ts). */
  readonly addons: Fact;
  /** Name, in its console, of the list of addresses that may reach an API server. */
  readonly apiServerAccess: Fact;
  /** Command from which its kubeconfigs get credentials. */
  readonly execPlugin: Fact;
}

/** Settings and facts for one cloud provider. */
export interface CspProfile {
  /** Name of the provider's product, for messages. */
  readonly title: string;
  /** Annotations of the gateway's Service. They are set on creation, because most providers read them only then. */
  readonly loadBalancerAnnotations: Annotations;
  /** Annotations for a public or internal load balancer; undefined if unknown. */
  readonly scopeAnnotations?: { readonly public: Annotations; readonly internal: Annotations };
  readonly facts: Facts;
}
