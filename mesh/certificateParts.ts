import type { X509Certificate } from "node:crypto";
import { type DerElement, elements, inside, objectId } from "./der.ts";

/** An algorithm's id, with its parameters in DER. */
export interface Algorithm {
  readonly id: string;
  readonly parameters: DerElement | undefined;
}

export interface Extension {
  readonly id: string;
  readonly critical: boolean;
  readonly value: Buffer;
}

/** Parts of a certificate that Node does not provide. */
export interface CertificateParts {
  readonly serial: Buffer;
  readonly signature: Algorithm;
  /** Names in DER, because Go compares them byte by byte. */
  readonly issuer: Buffer;
  readonly subject: Buffer;
  readonly key: Algorithm;
  /** The first byte of an EC key is its point format. */
  readonly publicKey: Buffer;
  readonly extensions: readonly Extension[];
}

const VERSION = 0xa0;
const EXTENSIONS = 0xa3;
const BOOLEAN = 0x01;

/** Parses a certificate according to RFC 5280, section 4.1. */
export function partsOf({ raw }: X509Certificate): CertificateParts {
  const [signed, signature] = inside(raw);
  const fields = inside(signed?.encoded ?? raw).filter(({ tag }) => tag !== VERSION);
  const [serial, , issuer, , subject, spki, ...optional] = fields;
  const [key, bits] = elements(spki?.content ?? raw);
  const extensions = optional.find(({ tag }) => tag === EXTENSIONS);
  return {
    serial: serial?.content ?? raw,
    signature: algorithm(signature),
    issuer: issuer?.encoded ?? raw,
    subject: subject?.encoded ?? raw,
    key: algorithm(key),
    publicKey: bits?.content.subarray(1) ?? raw,
    extensions: extensions ? inside(extensions.content).map(extension) : [],
  };
}

export function algorithm(element: DerElement | undefined): Algorithm {
  const [id, parameters] = elements(element?.content ?? Buffer.alloc(0));
  return { id: objectId(id?.content), parameters };
}

function extension({ content }: DerElement): Extension {
  const [id, ...rest] = elements(content);
  return {
    id: objectId(id?.content),
    critical: rest[0]?.tag === BOOLEAN && rest[0].content[0] !== 0,
    value: rest.at(-1)?.content ?? Buffer.alloc(0),
  };
}
