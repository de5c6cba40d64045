import * as pulumi from "@pulumi/pulumi";
import { CertRequest } from "@pulumi/tls/certRequest.js";
import { LocallySignedCert } from "@pulumi/tls/locallySignedCert.js";
import { PrivateKey } from "@pulumi/tls/privateKey.js";
import { SelfSignedCert } from "@pulumi/tls/selfSignedCert.js";
import { DEFAULT_BITS, DEFAULT_CURVE, rootName } from "../mesh/caIdentity.ts";

/** Kind of all generated keys. Changing it replaces every certificate of the mesh. */
export interface KeyKind {
  readonly algorithm: "ECDSA" | "RSA";
  /** @default P256 */
  readonly ecdsaCurve?: "P256" | "P384" | undefined;
  /** @default 4096 */
  readonly rsaBits?: 2048 | 3072 | 4096 | undefined;
}

/** A CA's certificate and private key, in PEM. The key is secret. */
export interface Authority {
  readonly certificate: pulumi.Output<string>;
  readonly key: pulumi.Output<string>;
}

interface RootArgs extends KeyKind {
  readonly organization: pulumi.Input<string>;
  readonly rootValidityHours: pulumi.Input<number>;
  readonly rootPathLength?: pulumi.Input<number>;
  readonly rootGeneration?: number;
  readonly protect?: boolean;
}

interface IntermediateArgs extends KeyKind {
  readonly organization: pulumi.Input<string>;
  readonly intermediateValidityHours: pulumi.Input<number>;
  readonly intermediateRenewalHours?: pulumi.Input<number> | undefined;
  readonly intermediatePathLength?: pulumi.Input<number>;
}

const usages = {
  allowedUses: ["cert_signing", "crl_signing", "digital_signature"],
  isCaCertificate: true,
  setSubjectKeyId: true,
};

function privateKey(name: string, kind: KeyKind, opts: pulumi.CustomResourceOptions): PrivateKey {
  const size =
    kind.algorithm === "RSA"
      ? { rsaBits: kind.rsaBits ?? DEFAULT_BITS }
      : { ecdsaCurve: kind.ecdsaCurve ?? DEFAULT_CURVE };
  return new PrivateKey(`${name}-key`, { algorithm: kind.algorithm, ...size }, opts);
}

export function generateRoot(name: string, args: RootArgs, opts: pulumi.CustomResourceOptions): Authority {
  const guarded = { ...opts, protect: args.protect ?? false };
  // Do not name it `${name}-root`, because a cluster named "root" has a key as well.
  const key = privateKey(name, args, guarded);
  const { certPem } = new SelfSignedCert(
    `${name}-root`,
    {
      privateKeyPem: key.privateKeyPem,
      subject: { commonName: rootName(args.rootGeneration), organization: args.organization },
      validityPeriodHours: args.rootValidityHours,
      maxPathLength: args.rootPathLength ?? 1,
      ...usages,
    },
    guarded,
  );
  // A certificate is public, although it is derived from a secret key.
  return { certificate: pulumi.unsecret(certPem), key: pulumi.secret(key.privateKeyPem) };
}

const fifthOf = (hours: pulumi.Input<number>) => pulumi.output(hours).apply((life) => Math.floor(life / 5));

export function issueIntermediate(
  name: string,
  commonName: string,
  args: IntermediateArgs,
  root: Authority,
  opts: pulumi.CustomResourceOptions,
): Authority {
  const key = privateKey(name, args, opts);
  const request = new CertRequest(
    `${name}-request`,
    { privateKeyPem: key.privateKeyPem, subject: { commonName, organization: args.organization } },
    opts,
  );
  const { certPem } = new LocallySignedCert(
    name,
    {
      certRequestPem: request.certRequestPem,
      caPrivateKeyPem: root.key,
      caCertPem: root.certificate,
      validityPeriodHours: args.intermediateValidityHours,
      earlyRenewalHours: args.intermediateRenewalHours ?? fifthOf(args.intermediateValidityHours),
      // The plugin up to 5.3.1 writes 0 as "no limit" (terraform-provider-tls does not set MaxPathLenZero). Until this
      // is fixed, the root's own path length of 1 prevents an intermediate from issuing further CAs.
      maxPathLength: args.intermediatePathLength ?? 0,
      ...usages,
    },
    opts,
  );
  return { certificate: pulumi.unsecret(certPem), key: pulumi.secret(key.privateKeyPem) };
}
