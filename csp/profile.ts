/** What the program must do differently at one cloud provider. */
export interface CspProfile {
  /** The provider's product, for messages. */
  readonly title: string;
  /** Annotations of the gateway's Service, set when it is created: most providers read them only then. */
  readonly loadBalancerAnnotations: Readonly<Record<string, string>>;
}
