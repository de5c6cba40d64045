import { createPublicKey } from "node:crypto";
import type { ResourceType } from "../resource.ts";
import type { Props } from "../values.ts";
import { certificate, hasSubjectKeyId, issue } from "./certificate.ts";
import { algorithmOf, parsePrivateKey, subjectKeyId } from "./keys.ts";
import { alternativeNames, distinguishedName } from "./names.ts";
import { loadX509 } from "./x509.ts";

export const selfSignedCert: ResourceType = {
  ...certificate,
  computed: ["certPem", "keyAlgorithm", "readyForRenewal", "validityEndTime", "validityStartTime"],
  defaults: (inputs) => ({ ...certificate.defaults?.(inputs), setAuthorityKeyId: false }),
  async create(inputs) {
    const issuerKey = parsePrivateKey(inputs.privateKeyPem, "privateKeyPem");
    const publicKey = createPublicKey(issuerKey);
    if (inputs.setAuthorityKeyId === true && !hasSubjectKeyId(inputs))
      throw new Error(
        "Invalid Certificate Authority: Could not determine Authority Key Identifier: set setSubjectKeyId as well",
      );
    const { Name } = await loadX509();
    const subject = new Name(distinguishedName(inputs.subject as Props | undefined));
    const { id, outputs } = await issue({
      inputs,
      subject,
      names: alternativeNames(inputs),
      publicKey,
      issuer: subject,
      issuerKey,
      authorityKeyId: inputs.setAuthorityKeyId === true ? subjectKeyId(publicKey) : undefined,
    });
    return { id, outputs: { ...outputs, keyAlgorithm: algorithmOf(issuerKey) } };
  },
};
