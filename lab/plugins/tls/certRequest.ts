import { createHash, createPublicKey } from "node:crypto";
import type { ResourceType } from "../resource.ts";
import type { Props } from "../values.ts";
import { algorithmOf, parsePrivateKey, signingAlgorithm, toCryptoKey } from "./keys.ts";
import { alternativeNames, distinguishedName } from "./names.ts";
import { loadX509 } from "./x509.ts";

export const certRequest: ResourceType = {
  computed: ["certRequestPem", "keyAlgorithm"],
  async create(inputs) {
    const key = parsePrivateKey(inputs.privateKeyPem, "privateKeyPem");
    const x509 = await loadX509();
    const subject = distinguishedName(inputs.subject as Props | undefined);
    const names = alternativeNames(inputs);
    const request = await x509.Pkcs10CertificateRequestGenerator.create({
      name: new x509.Name(subject),
      keys: { privateKey: toCryptoKey(key), publicKey: toCryptoKey(createPublicKey(key)) },
      signingAlgorithm: signingAlgorithm(key),
      extensions: names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names, subject.length === 0)],
    });
    const outputs = { certRequestPem: `${request.toString("pem")}\n`, keyAlgorithm: algorithmOf(key) };
    return { id: createHash("sha1").update(Buffer.from(request.rawData)).digest("hex"), outputs };
  },
};
