// Who a certificate is for: its subject and its alternative names.
import { isIP } from "node:net";
import type { JsonGeneralNames, JsonNameParams } from "@peculiar/x509";
import type { Props } from "../values.ts";

// In the order in which Go's crypto/x509/pkix writes them.
const ATTRIBUTES = {
  country: "2.5.4.6",
  organization: "2.5.4.10",
  organizationalUnit: "2.5.4.11",
  locality: "2.5.4.7",
  province: "2.5.4.8",
  streetAddresses: "2.5.4.9",
  postalCode: "2.5.4.17",
  commonName: "2.5.4.3",
  serialNumber: "2.5.4.5",
} as const;
const EMAIL_ADDRESS = "1.2.840.113549.1.9.1";

/** A subject of the original's shape as a distinguished name. */
export function distinguishedName(subject: Props = {}): JsonNameParams {
  const name: JsonNameParams = Object.entries(ATTRIBUTES).flatMap(([property, oid]) => {
    const values = [subject[property] ?? []].flat() as string[];
    return values.length === 0 ? [] : [{ [oid]: values.map(directoryString) }];
  });
  if (subject.emailAddress !== undefined)
    name.push({ [EMAIL_ADDRESS]: [{ ia5String: subject.emailAddress as string }] });
  return name;
}

// As an object, not as a string: in a string @peculiar/x509 reads quotes and backslashes as markup.
const directoryString = (value: string) =>
  /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(value) ? { printableString: value } : { utf8String: value };

/** Alternative names from `dnsNames`, `ipAddresses` and `uris`. */
export function alternativeNames({ dnsNames = [], ipAddresses = [], uris = [] }: Props): JsonGeneralNames {
  for (const address of ipAddresses as string[])
    if (isIP(address) === 0) throw new Error(`Invalid IP address: Failed to parse "${address}"`);
  return [
    ...(dnsNames as string[]).map((value) => ({ type: "dns" as const, value })),
    ...(ipAddresses as string[]).map((value) => ({ type: "ip" as const, value })),
    ...(uris as string[]).map((value) => ({ type: "url" as const, value })),
  ];
}
