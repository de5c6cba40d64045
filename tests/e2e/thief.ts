// A thief has the key of a cluster's intermediate, and signs certificates with it.
import { createPrivateKey } from "node:crypto";
import "reflect-metadata"; // @peculiar/x509 requires that this is imported first
import * as x509 from "@peculiar/x509";
import { execa } from "execa";
import type { ClusterSpec } from "../../lab/spec.ts";
import type { Lab } from "../../lab/up.ts";
import { ROOT } from "../root.ts";
import type { Api } from "./kubectl.ts";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const HOUR = 3_600_000;

/** A certificate of the sample's caller, below an ECDSA P-256 intermediate, with its key. In PEM. */
async function forged(intermediate: { readonly certificate: string; readonly key: string }) {
  const issuer = new x509.X509Certificate(intermediate.certificate);
  const pkcs8 = createPrivateKey(intermediate.key).export({ type: "pkcs8", format: "der" });
  const signingKey = await crypto.subtle.importKey("pkcs8", new Uint8Array(pkcs8), ALGORITHM, false, ["sign"]);
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const leaf = await x509.X509CertificateGenerator.create({
    subject: "",
    issuer: issuer.subject,
    publicKey: keys.publicKey,
    signingKey,
    signingAlgorithm: ALGORITHM,
    notBefore: new Date(Date.now() - HOUR),
    notAfter: new Date(Date.now() + 24 * HOUR),
    extensions: [
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth, x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        [{ type: "url", value: "spiffe://cluster.local/ns/sample/sa/sleep" }],
        true,
      ),
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
    ],
  });
  const key = x509.PemConverter.encode(await crypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY");
  return { certificate: `${leaf.toString("pem")}\n${intermediate.certificate}`, key };
}

type Forged = Awaited<ReturnType<typeof forged>>;

/** A certificate signed with the intermediate of a cluster. */
export async function stolenFrom({ core }: Api): Promise<Forged> {
  const { data = {} } = await core.readNamespacedSecret({ namespace: "istio-system", name: "cacerts" });
  const pem = (key: string) => Buffer.from(data[key] ?? "", "base64").toString();
  return forged({ certificate: pem("ca-cert.pem"), key: pem("ca-key.pem") });
}

/** Whether each sidecar of `reviews` and each istiod of every cluster accepts the certificate. */
export async function acceptedBy(certificate: Forged, { clusters }: Lab, apis: readonly Api[]) {
  const asked = clusters.flatMap((cluster, index) =>
    [
      { app: "reviews", namespace: "sample", port: 9080, protocol: "istio" },
      { app: "istiod", namespace: "istio-system", port: 15012, protocol: "h2" },
    ].map(async ({ app, namespace, port, protocol }) => {
      const { core } = apis[index] as Api;
      const { items } = await core.listNamespacedPod({ namespace, labelSelector: `app=${app}` });
      const answers = await Promise.all(
        items
          .filter(({ metadata }) => metadata?.deletionTimestamp === undefined)
          .map(({ status }) => tried(cluster, { host: status?.podIP ?? "", port, protocol, ...certificate })),
      );
      return [`${app} of ${cluster.name}`, [...new Set(answers)].join(", ")] as const;
    }),
  );
  return Object.fromEntries(await Promise.all(asked));
}

/** Connects from the node of a cluster. */
async function tried({ netns }: ClusterSpec, connection: object): Promise<string> {
  const { stdout } = await execa("ip", ["netns", "exec", netns, process.execPath, "tests/e2e/thiefMain.ts"], {
    cwd: ROOT,
    input: JSON.stringify(connection),
  });
  return stdout;
}

export const everywhere = ({ clusters }: Lab, answer: unknown) =>
  Object.fromEntries(
    clusters.flatMap(({ name }) => [
      [`reviews of ${name}`, answer],
      [`istiod of ${name}`, answer],
    ]),
  );
