import * as z from "zod";
import { type GatewayPort, NODE_PORTS } from "../mesh/gatewayPorts.ts";
import { strict } from "./fields.ts";
import { isLabelKey } from "./names.ts";
import { quote } from "./problems.ts";

const portsText = (ports: readonly GatewayPort[]) => ports.map(({ name, port }) => `${name} (${port})`).join(", ");

/** `ports`: the ports of a gateway's Service. @param needed a port that must be included */
export function portsSchema(all: readonly GatewayPort[], needed?: GatewayPort) {
  const names = all.map(({ name }) => name) as [string, ...string[]];
  return z
    .array(z.enum(names))
    .min(1, "must not be empty; to select all, remove it")
    .refine((ports) => new Set(ports).size === ports.length, { error: "has a port twice" })
    .refine((ports) => needed === undefined || ports.length === 0 || ports.includes(needed.name), {
      error: `must have ${quote(needed?.name)} (${needed?.port}), to which the other clusters connect`,
    })
    .optional()
    .meta({
      "x-default": "all of them",
      description:
        `Names of the ports that the Service has: any of ${portsText(all)}. Leave some out if the load balancer uses each port ` +
        "on the nodes, as that of k3s does, or if only required ports may be open.",
      examples: [needed === undefined ? ["https"] : ["status-port", needed.name]],
    });
}

const nodePort = z.int().refine((port) => port >= NODE_PORTS.first && port <= NODE_PORTS.last, {
  error: ({ input }) => `${input} is outside ${NODE_PORTS.first}-${NODE_PORTS.last}, Kubernetes' range of node ports`,
});

/** `nodePorts`: fixed node ports, which stay the same if the Service is recreated. */
export function nodePortsSchema(all: readonly GatewayPort[]) {
  const example = all.find(({ name }) => name === "tls") ?? all.at(-1);
  const shape = Object.fromEntries(
    all.map(({ name, port }) => [
      name,
      nodePort.optional().meta({
        "x-default": "Kubernetes takes a free one",
        description: `Node port of ${name}, port ${port}.`,
        examples: [name === "tls" ? 31443 : NODE_PORTS.first + (port % 1000)],
      }),
    ]),
  );
  return strict(shape)
    .superRefine((ports, context) => {
      const names = Object.keys(ports);
      for (const [index, name] of names.entries()) {
        const other = names.slice(0, index).find((each) => ports[each] === ports[name]);
        if (other === undefined) continue;
        context.addIssue({
          code: "custom",
          path: [name],
          message: `${ports[name]} is already that of ${quote(other)}; give each its own node port`,
        });
      }
    })
    .optional()
    .meta({
      "x-default": "Kubernetes takes free ones",
      description:
        "Node ports of the Service, by the port's name. With fixed ones, a load balancer that you create by hand keeps " +
        "working after `pulumi destroy` and `pulumi up`.",
      examples: [{ [example?.name ?? ""]: 31443 }],
    });
}

const noClass = ({ input }: { readonly input?: unknown }) =>
  `${quote(input)} is not a load balancer class, such as service.k8s.aws/nlb or tailscale`;

/** A load balancer class in Kubernetes' format: `service.k8s.aws/nlb`. */
export const loadBalancerClass = z
  .string()
  .regex(/^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?$/, { error: noClass, abort: true })
  .refine(isLabelKey, { error: noClass });
