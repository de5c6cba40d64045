import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";

export interface MeshCAArgs {
  /** Names of the clusters that get an intermediate each. */
  readonly clusters: readonly string[];
  /** Kind of all keys: `ECDSA` is P-256, `RSA` is 4096 bits. Another kind replaces every certificate of the mesh. */
  readonly algorithm: "ECDSA" | "RSA";
  /** `O` of every CA certificate. */
  readonly organization: pulumi.Input<string>;
  /** Life of the root, in hours. */
  readonly rootValidityHours: pulumi.Input<number>;
  /** Life of the intermediates, in hours. Nothing renews them before their end. */
  readonly intermediateValidityHours: pulumi.Input<number>;
}

/** What one istiod signs with: the entries of its `cacerts` Secret, in PEM. */
export interface IntermediateCA {
  readonly caCert: pulumi.Output<string>;
  /** Secret. */
  readonly caKey: pulumi.Output<string>;
  /** The intermediate, then the root. */
  readonly certChain: pulumi.Output<string>;
  readonly rootCert: pulumi.Output<string>;
}

const keyUsages = ["cert_signing", "crl_signing", "digital_signature"];
const keyKinds = { ECDSA: { algorithm: "ECDSA", ecdsaCurve: "P256" }, RSA: { algorithm: "RSA", rsaBits: 4096 } };

/** One root for the mesh and below it an intermediate for each cluster, so that every workload trusts every other. */
export class MeshCA extends pulumi.ComponentResource {
  /** The root's certificate, in PEM. Public. */
  readonly rootCertificate: pulumi.Output<string>;
  private readonly intermediates: ReadonlyMap<string, IntermediateCA>;

  constructor(name: string, args: MeshCAArgs, opts?: pulumi.ComponentResourceOptions) {
    super("csp-mesh:index:MeshCA", name, {}, opts);
    const child = { parent: this };
    const keyKind = keyKinds[args.algorithm];
    const subject = (commonName: string) => ({ commonName, organization: args.organization });

    const rootKey = new tls.PrivateKey(`${name}-root-key`, keyKind, child);
    const root = new tls.SelfSignedCert(
      `${name}-root`,
      {
        privateKeyPem: rootKey.privateKeyPem,
        subject: subject("Root CA"),
        validityPeriodHours: args.rootValidityHours,
        allowedUses: keyUsages,
        isCaCertificate: true,
        maxPathLength: 1,
        setSubjectKeyId: true,
      },
      child,
    );
    // A certificate is public, though made from a secret key.
    this.rootCertificate = pulumi.unsecret(root.certPem);

    const intermediate = (cluster: string): IntermediateCA => {
      const key = new tls.PrivateKey(`${name}-${cluster}-key`, keyKind, child);
      const request = new tls.CertRequest(
        `${name}-${cluster}-request`,
        { privateKeyPem: key.privateKeyPem, subject: subject(`Intermediate CA ${cluster}`) },
        child,
      );
      const certificate = new tls.LocallySignedCert(
        `${name}-${cluster}`,
        {
          certRequestPem: request.certRequestPem,
          caPrivateKeyPem: rootKey.privateKeyPem,
          caCertPem: root.certPem,
          validityPeriodHours: args.intermediateValidityHours,
          allowedUses: keyUsages,
          isCaCertificate: true,
          maxPathLength: 0,
          setSubjectKeyId: true,
        },
        child,
      );
      const caCert = pulumi.unsecret(certificate.certPem);
      return {
        caCert,
        caKey: pulumi.secret(key.privateKeyPem),
        certChain: pulumi.concat(caCert, this.rootCertificate),
        rootCert: this.rootCertificate,
      };
    };
    this.intermediates = new Map(args.clusters.map((cluster) => [cluster, intermediate(cluster)]));

    this.registerOutputs({ rootCertificate: this.rootCertificate });
  }

  /** The intermediate of one of the clusters that the component was made for. */
  intermediate(cluster: string): IntermediateCA {
    const intermediate = this.intermediates.get(cluster);
    if (!intermediate)
      throw new Error(`MeshCA has no intermediate for cluster ${JSON.stringify(cluster)}; add it to "clusters"`);
    return intermediate;
  }
}
