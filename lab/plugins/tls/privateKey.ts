import { createHash, createPublicKey, generateKeyPair } from "node:crypto";
import { promisify } from "node:util";
import { oneOf } from "../checks.ts";
import type { ResourceType } from "../resource.ts";
import { CURVES, spkiOf } from "./keys.ts";
import { opensshPrivateKey, opensshPublicKey } from "./openssh.ts";

const generate = promisify(generateKeyPair);

async function newKey(algorithm: unknown, rsaBits: unknown, curve: unknown) {
  switch (algorithm) {
    case "RSA":
      return (await generate("rsa", { modulusLength: rsaBits as number })).privateKey;
    case "ECDSA":
      return (await generate("ec", { namedCurve: CURVES[curve as keyof typeof CURVES] })).privateKey;
    default:
      return (await generate("ed25519", {})).privateKey;
  }
}

const PEM_TYPES = { RSA: "pkcs1", ECDSA: "sec1", ED25519: "pkcs8" } as const;

export const privateKey: ResourceType = {
  computed: [
    "privateKeyOpenssh",
    "privateKeyPem",
    "privateKeyPemPkcs8",
    "publicKeyFingerprintMd5",
    "publicKeyFingerprintSha256",
    "publicKeyOpenssh",
    "publicKeyPem",
  ],
  secret: ["privateKeyOpenssh", "privateKeyPem", "privateKeyPemPkcs8"],
  defaults: () => ({ rsaBits: 2048, ecdsaCurve: "P224" }),
  check: (inputs) => [
    ...oneOf(inputs, "algorithm", Object.keys(PEM_TYPES)),
    ...oneOf(inputs, "ecdsaCurve", Object.keys(CURVES)),
  ],
  async create({ algorithm, rsaBits, ecdsaCurve }) {
    const key = await newKey(algorithm, rsaBits, ecdsaCurve);
    const type = PEM_TYPES[algorithm as keyof typeof PEM_TYPES];
    const outputs = {
      privateKeyPem: key.export({ type, format: "pem" }),
      privateKeyPemPkcs8: key.export({ type: "pkcs8", format: "pem" }),
      privateKeyOpenssh: opensshPrivateKey(key),
      publicKeyPem: createPublicKey(key).export({ type: "spki", format: "pem" }),
      ...opensshPublicKey(key),
    };
    return { id: createHash("sha1").update(spkiOf(key)).digest("hex"), outputs };
  },
};
