import * as pulumi from "@pulumi/pulumi";
import type { MeshCA } from "../components/meshCA.ts";
import type { LoadedConfig } from "../config/load.ts";
import { catalogue } from "../i18n/language.ts";
import type { Messages } from "../i18n/messages.ts";
import { chosenPorts, eastWestPorts } from "../mesh/gatewayPorts.ts";
import type { Member } from "./member.ts";

/** The stack output `mesh`, for proofs. It contains no secrets. @param versions versions of `reviews`, by cluster */
export function meshOutput(
  { istio, rootRotation, sample: { enabled, namespace, traffic } }: LoadedConfig,
  members: readonly Member[],
  ca: MeshCA,
  versions: Readonly<Record<string, string>>,
) {
  return {
    id: istio.meshId,
    rootCertificate: ca.rootCertificate,
    // Expected certificates, which the gates of an operation compare with live ones.
    ...(rootRotation && {
      rotation: {
        trusted: ca.trusted,
        intermediates: Object.fromEntries(members.map(({ name }) => [name, ca.intermediate(name).caCert])),
      },
    }),
    clusters: members
      .filter(({ isStaying }) => isStaying)
      .map(({ name, network, kubeconfigPath, context, primary: { gatewayAddress } }) => {
        return { name, network, kubeconfig: kubeconfigPath, context, gatewayAddress };
      }),
    sample: enabled ? { namespace, traffic, versions } : null,
  };
}

/**
 * The stack output `todo`: manual steps by cluster and language. If the config gives a gateway's address, a person must
 * create the load balancer there. It has both languages, because an output in the shell's language would differ between
 * people. Null if there is nothing to do.
 */
export function todoOutput({ istio: { externalGateways } }: LoadedConfig, members: readonly Member[]) {
  const manual = members.flatMap(({ name, position, gateway, primary: { gatewayPorts } }) => {
    const addresses = externalGateways.filter(({ cluster }) => cluster === name).map(({ address }) => address);
    if (addresses.length === 0) return [];
    const field = `clusters[${position}].gateway.nodePorts`;
    const linesIn = ({ todo }: Messages) =>
      gatewayPorts.apply((ports) => {
        const isFixed = ports.length > 0 && chosenPorts(eastWestPorts, gateway).every(({ nodePort }) => nodePort);
        return [
          todo.loadBalancer(addresses.join(", ")),
          ...ports.map(({ port, nodePort }) => todo.port(port, nodePort)),
          todo.firewall,
          ...(isFixed ? [] : [todo.notFixed(field)]),
          todo.prove,
        ];
      });
    return [[name, { en: linesIn(catalogue.en), ko: linesIn(catalogue.ko) }] as const];
  });
  return manual.length === 0 ? null : Object.fromEntries(manual);
}

/** The stack output `kubeconfigs`, for proofs: the kubeconfigs that are no files, by cluster. */
export function kubeconfigsOutput(members: readonly Member[]) {
  const texts = members.filter(({ kubeconfigPath }) => !kubeconfigPath);
  return pulumi.secret(Object.fromEntries(texts.map(({ name, kubeconfig }) => [name, kubeconfig])));
}
