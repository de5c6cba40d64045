// What self-signed and locally signed certificates share: how they are issued, checked and renewed.
import { type KeyObject, randomBytes } from "node:crypto";
import type { Extension, JsonGeneralNames, Name } from "@peculiar/x509";
import { atLeast, eachOneOf } from "../checks.ts";
import type { Created, ResourceType } from "../resource.ts";
import type { Props } from "../values.ts";
import { signingAlgorithm, spkiOf, subjectKeyId, toCryptoKey } from "./keys.ts";
import { USES, usageExtensions } from "./uses.ts";
import { loadX509 } from "./x509.ts";

const HOUR = 3_600_000;

interface Issue {
  readonly inputs: Props;
  readonly subject: Name;
  readonly names: JsonGeneralNames;
  readonly publicKey: KeyObject;
  readonly issuer: Name;
  readonly issuerKey: KeyObject;
  /** Hex; none leaves the authority key id out. */
  readonly authorityKeyId?: string | undefined;
}

/** Issues a certificate; its id is the serial number in decimal. */
export async function issue(request: Issue): Promise<Created> {
  const { inputs, subject, issuer, publicKey, issuerKey } = request;
  const x509 = await loadX509();
  const emptySubject = subject.toJSON().length === 0;
  if (inputs.isCaCertificate === true && emptySubject)
    throw new Error(
      "Invalid Certificate Subject: Must contain at least one Distinguished Name when creating Certificate Authority (CA)",
    );

  const extensions: Extension[] = [
    ...usageExtensions(x509, inputs.allowedUses as string[]),
    new x509.BasicConstraintsExtension(inputs.isCaCertificate === true, pathLength(inputs), true),
  ];
  if (hasSubjectKeyId(inputs)) extensions.push(new x509.SubjectKeyIdentifierExtension(subjectKeyId(publicKey)));
  if (request.authorityKeyId !== undefined)
    extensions.push(new x509.AuthorityKeyIdentifierExtension(request.authorityKeyId));
  if (request.names.length > 0) extensions.push(new x509.SubjectAlternativeNameExtension(request.names, emptySubject));

  const serial = randomBytes(16);
  const notBefore = new Date();
  const notAfter = new Date(notBefore.getTime() + (inputs.validityPeriodHours as number) * HOUR);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serial.toString("hex"),
    subject,
    issuer,
    notBefore,
    notAfter,
    publicKey: new x509.PublicKey(spkiOf(publicKey)),
    signingKey: toCryptoKey(issuerKey),
    signingAlgorithm: signingAlgorithm(issuerKey),
    extensions,
  });
  const outputs = {
    certPem: `${certificate.toString("pem")}\n`,
    readyForRenewal: isBornRipe(inputs),
    validityStartTime: notBefore.toISOString(),
    validityEndTime: notAfter.toISOString(),
  };
  return { id: BigInt(`0x${serial.toString("hex")}`).toString(), outputs };
}

/** A CA always has a subject key id. */
export function hasSubjectKeyId({ isCaCertificate, setSubjectKeyId }: Props): boolean {
  return isCaCertificate === true || setSubjectKeyId === true;
}

/**
 * A length of 0 writes no constraint: terraform-provider-tls 4.2.1 sets `MaxPathLen` without `MaxPathLenZero`, which
 * Go's crypto/x509 takes for "no limit".
 */
function pathLength({ isCaCertificate, maxPathLength }: Props): number | undefined {
  const length = typeof maxPathLength === "number" && maxPathLength > 0 ? maxPathLength : undefined;
  if (length !== undefined && isCaCertificate !== true)
    throw new Error("x509: only CAs are allowed to specify MaxPathLen");
  return length;
}

const isBornRipe = ({ validityPeriodHours, earlyRenewalHours }: Props): boolean =>
  validityPeriodHours === 0 || (earlyRenewalHours as number) >= (validityPeriodHours as number);

function isRipe(validityEndTime: unknown, earlyRenewalHours: unknown): boolean {
  if (typeof validityEndTime !== "string" || typeof earlyRenewalHours !== "number") return false;
  return Date.parse(validityEndTime) - earlyRenewalHours * HOUR <= Date.now();
}

/** The part of a certificate's resource type that does not depend on who signs it. */
export const certificate: Pick<ResourceType, "replaces" | "defaults" | "check" | "stale" | "read"> = {
  replaces: (input) => input !== "earlyRenewalHours",
  defaults: () => ({ earlyRenewalHours: 0, isCaCertificate: false, setSubjectKeyId: false }),
  check: (inputs) => [
    ...eachOneOf(inputs, "allowedUses", USES),
    ...atLeast(inputs, "validityPeriodHours", 0),
    ...atLeast(inputs, "earlyRenewalHours", 0),
    ...atLeast(inputs, "maxPathLength", -1),
  ],
  stale: ({ earlyRenewalHours }, { validityEndTime }) =>
    isRipe(validityEndTime, earlyRenewalHours) ? ["readyForRenewal"] : [],
  read: ({ earlyRenewalHours, validityEndTime }) =>
    isRipe(validityEndTime, earlyRenewalHours) ? { readyForRenewal: true } : {},
};
