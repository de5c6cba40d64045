/** Annotations of a Service. */
export type Annotations = Readonly<Record<string, string>>;

/** What a document says, null where it says that there is none; or that no public document was found. */
export type Fact<Value = string> = { readonly value: Value | null; readonly source: string } | "unknown";

/** What is known of a provider's clusters. The source of each is the URL of a document, the provider's own where there is one. */
export interface Facts {
  /** What a Service of type LoadBalancer gets. Null: nothing, it stays Pending. */
  readonly loadBalancer: Fact<"hostname" | "ip">;
  /** Annotation that makes it layer 4. */
  readonly layer4: Fact;
  /** Annotation that decides whether it is public or internal. */
  readonly scope: Fact;
  /** The StorageClass that is the default in a new cluster. */
  readonly storageClass: Fact;
  /** CSI driver of its block storage. */
  readonly provisioner: Fact;
  readonly cni: Fact;
  /** What it may have put into a cluster besides; an Istio among it is refused (provider/foreignIstio.ts). */
  readonly addons: Fact;
  /** What its console calls the list of addresses that may reach an API server. */
  readonly apiServerAccess: Fact;
  /** Command that its kubeconfigs get credentials from. */
  readonly execPlugin: Fact;
}

/** What the program does differently at one cloud provider, and what it knows of it. */
export interface CspProfile {
  /** The provider's product, for messages. */
  readonly title: string;
  /** Annotations of the gateway's Service, set when it is created: most providers read them only then. */
  readonly loadBalancerAnnotations: Annotations;
  /** The same for a load balancer that is public or internal; none where it is not known how that is said. */
  readonly scopeAnnotations?: { readonly public: Annotations; readonly internal: Annotations };
  readonly facts: Facts;
}
