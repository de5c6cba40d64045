// A cluster's certificates: one CA, and a key pair for each component that talks to the API server.
import type { webcrypto } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import "reflect-metadata"; // @peculiar/x509 requires that this is imported first
import * as x509 from "@peculiar/x509";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const YEAR = 365 * 24 * 3600 * 1000;

export interface KeyPair {
  readonly certPem: string;
  readonly keyPem: string;
}

interface Authority extends KeyPair {
  readonly issue: (request: LeafRequest) => Promise<KeyPair>;
}

interface LeafRequest {
  readonly commonName: string;
  readonly organization?: string;
  /** DNS names and IP addresses. A certificate with any is for a server and a client, one without for a client only. */
  readonly hosts?: readonly string[];
}

async function keys(): Promise<webcrypto.CryptoKeyPair> {
  return crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

async function keyPem(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await crypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");
}

function validity() {
  const now = Date.now();
  return { notBefore: new Date(now - 60_000), notAfter: new Date(now + YEAR) };
}

export async function authority(commonName: string): Promise<Authority> {
  const pair = await keys();
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${commonName}`,
    keys: pair,
    signingAlgorithm: ALGORITHM,
    ...validity(),
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.digitalSignature, true),
      await x509.SubjectKeyIdentifierExtension.create(pair.publicKey),
    ],
  });
  return {
    certPem: cert.toString("pem"),
    keyPem: await keyPem(pair.privateKey),
    issue: async ({ commonName, organization, hosts = [] }) => {
      const leaf = await keys();
      const usages: x509.ExtendedKeyUsage[] = [x509.ExtendedKeyUsage.clientAuth];
      if (hosts.length > 0) usages.push(x509.ExtendedKeyUsage.serverAuth);
      const extensions: x509.Extension[] = [
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension(usages),
        await x509.AuthorityKeyIdentifierExtension.create(cert),
      ];
      if (hosts.length > 0) {
        extensions.push(
          new x509.SubjectAlternativeNameExtension(
            hosts.map((value) => ({ type: /^[\d.]+$/.test(value) ? ("ip" as const) : ("dns" as const), value })),
          ),
        );
      }
      const issued = await x509.X509CertificateGenerator.create({
        subject: organization === undefined ? `CN=${commonName}` : `O=${organization}, CN=${commonName}`,
        issuer: cert.subject,
        publicKey: leaf.publicKey,
        signingKey: pair.privateKey,
        signingAlgorithm: ALGORITHM,
        ...validity(),
        extensions,
      });
      return { certPem: issued.toString("pem"), keyPem: await keyPem(leaf.privateKey) };
    },
  };
}

/** Path of a component's certificate, in the folder of the cluster's certificates. */
export const certPath = (dir: string, name: string) => join(dir, "pki", `${name}.crt`);
export const keyPath = (dir: string, name: string) => join(dir, "pki", `${name}.key`);

export interface ClusterPki {
  readonly ca: KeyPair;
  readonly admin: KeyPair;
}

/** Writes all of a cluster's key pairs; the keys are readable by their owner only. */
export async function writeClusterPki(
  dir: string,
  node: { name: string; ip: string; apiServiceIp: string },
): Promise<ClusterPki> {
  await mkdir(join(dir, "pki"), { recursive: true, mode: 0o700 });
  const [ca, frontProxyCa] = await Promise.all([authority("kubernetes"), authority("front-proxy-ca")]);
  const service = [
    "kubernetes",
    "kubernetes.default",
    "kubernetes.default.svc",
    "kubernetes.default.svc.cluster.local",
  ];
  const [
    apiserver,
    kubelet,
    admin,
    controllerManager,
    scheduler,
    kubeProxy,
    kubeletClient,
    frontProxy,
    serviceAccount,
  ] = await Promise.all([
    ca.issue({ commonName: "kube-apiserver", hosts: [...service, node.apiServiceIp, node.ip, "127.0.0.1"] }),
    ca.issue({ commonName: `system:node:${node.name}`, organization: "system:nodes", hosts: [node.name, node.ip] }),
    ca.issue({ commonName: "kubernetes-admin", organization: "system:masters" }),
    ca.issue({ commonName: "system:kube-controller-manager" }),
    ca.issue({ commonName: "system:kube-scheduler" }),
    ca.issue({ commonName: "system:kube-proxy" }),
    ca.issue({ commonName: "kube-apiserver-kubelet-client", organization: "system:masters" }),
    frontProxyCa.issue({ commonName: "front-proxy-client" }),
    ca.issue({ commonName: "service-accounts" }),
  ]);
  const pairs = {
    ca,
    "front-proxy-ca": frontProxyCa,
    apiserver,
    kubelet,
    admin,
    "controller-manager": controllerManager,
    scheduler,
    "kube-proxy": kubeProxy,
    "kubelet-client": kubeletClient,
    "front-proxy": frontProxy,
    "service-accounts": serviceAccount,
  };
  await Promise.all(
    Object.entries(pairs).flatMap(([name, pair]) => [
      writeFile(certPath(dir, name), pair.certPem),
      writeFile(keyPath(dir, name), pair.keyPem, { mode: 0o600 }),
    ]),
  );
  return { ca, admin };
}
