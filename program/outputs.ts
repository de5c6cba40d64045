import * as pulumi from "@pulumi/pulumi";
import type { MeshCA } from "../components/meshCA.ts";
import type { LoadedConfig } from "../config/load.ts";
import type { Member } from "./member.ts";

/** What a proof of the mesh has to know; nothing of it is secret. @param versions of `reviews`, by cluster */
export function meshOutput(
  { istio, sample: { enabled, namespace, traffic } }: LoadedConfig,
  members: readonly Member[],
  { rootCertificate }: MeshCA,
  versions: Readonly<Record<string, string>>,
) {
  return {
    id: istio.meshId,
    rootCertificate,
    clusters: members.map(({ name, network, kubeconfigPath, context, primary: { gatewayAddress } }) => {
      return { name, network, kubeconfig: kubeconfigPath, context, gatewayAddress };
    }),
    sample: enabled ? { namespace, traffic, versions } : null,
  };
}

/** The kubeconfigs that are no files, by cluster, for the same proof. */
export function kubeconfigsOutput(members: readonly Member[]) {
  const texts = members.filter(({ kubeconfigPath }) => !kubeconfigPath);
  return pulumi.secret(Object.fromEntries(texts.map(({ name, kubeconfig }) => [name, kubeconfig])));
}
