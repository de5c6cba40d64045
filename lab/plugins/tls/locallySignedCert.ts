import { createPublicKey, X509Certificate } from "node:crypto";
import type { ResourceType } from "../resource.ts";
import { certificate, issue } from "./certificate.ts";
import { algorithmOf, parsePrivateKey } from "./keys.ts";
import { loadX509 } from "./x509.ts";

// What the original carries over from a request; e-mail addresses and the rest are dropped.
const NAME_TYPES = ["dns", "ip", "url"];

export const locallySignedCert: ResourceType = {
  ...certificate,
  computed: ["caKeyAlgorithm", "certPem", "readyForRenewal", "validityEndTime", "validityStartTime"],
  async create(inputs) {
    const issuerKey = parsePrivateKey(inputs.caPrivateKeyPem, "caPrivateKeyPem");
    const caCertPem = inputs.caCertPem as string;
    if (!new X509Certificate(caCertPem).checkPrivateKey(issuerKey))
      throw new Error("x509: provided PrivateKey doesn't match parent's PublicKey: caPrivateKeyPem is not caCertPem's");

    const x509 = await loadX509();
    const authority = new x509.X509Certificate(caCertPem);
    const request = new x509.Pkcs10CertificateRequest(inputs.certRequestPem as string);
    const names = request.extensions.find((extension) => extension instanceof x509.SubjectAlternativeNameExtension);
    const { id, outputs } = await issue({
      inputs,
      subject: request.subjectName,
      names: names?.names.toJSON().filter(({ type }) => NAME_TYPES.includes(type)) ?? [],
      publicKey: createPublicKey({ key: Buffer.from(request.publicKey.rawData), format: "der", type: "spki" }),
      issuer: authority.subjectName,
      issuerKey,
      authorityKeyId: authority.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId,
    });
    return { id, outputs: { ...outputs, caKeyAlgorithm: algorithmOf(issuerKey) } };
  },
};
