import { isIPv6 } from "node:net";
import * as z from "zod";
import { eastWestPorts, type GatewayPort, ingressPorts } from "../mesh/gatewayPorts.ts";
import { bareHost, canonicalHost } from "../mesh/hostPort.ts";
import { isOfOneNetwork, isThisMachine } from "./farHosts.ts";
import { cidr, labelKey, strict } from "./fields.ts";
import { loadBalancerClass, nodePortsSchema, portsSchema } from "./gatewayPortsSchema.ts";
import { placementFields } from "./podsSchema.ts";
import { quote } from "./problems.ts";
import { autoscaling, resources } from "./workloadFields.ts";

/** An IPv6 address in brackets, as in URLs. */
const inBrackets = z.string().refine((text) => /^\[[^%]*\]$/.test(text) && isIPv6(bareHost(text)));
/** Excludes invalid IPs, such as 203.0.113.300. */
const hostName = z
  .string()
  .regex(z.regexes.hostname)
  .refine((name) => URL.parse(`http://${name}`)?.hostname === name.toLowerCase());
const forms = [z.ipv4(), z.ipv6(), inBrackets, hostName] as const;
const noAddress = ({ input }: { readonly input?: unknown }) =>
  `${quote(input)} is neither a host name nor an IP, nor a list of two; leave out the port, which is always 15443`;
const addresses = z.array(z.union(forms)).refine(({ length }) => length === 1 || length === 2, { error: noAddress });
const address = z
  .union([...forms, addresses], { error: noAddress })
  .refine((given) => ![given].flat().some((host) => isThisMachine(host) || isOfOneNetwork(host)), {
    error: ({ input }) =>
      `${quote(input)} cannot be reached from other clusters (loopback, link-local, multicast or unspecified); give the address at which they reach the gateway`,
  })
  .refine((given) => new Set([given].flat().map(canonicalHost)).size === [given].flat().length, {
    error: "has an address twice",
  });

/**
 * Given resources replace the defaults completely, so that limits can be omitted. Without a request, Kubernetes uses
 * the limit.
 */
const podResources = resources("none, where `resources` is given").refine(
  ({ requests, limits }) => (requests?.cpu ?? limits?.cpu) !== undefined,
  {
    path: ["requests", "cpu"],
    error: "is required: the autoscaler measures CPU in percent of it; Istio's chart has 100m",
  },
);

const optionsOf = (ports: readonly GatewayPort[], needed?: GatewayPort) => ({
  ports: portsSchema(ports, needed),
  nodePorts: nodePortsSchema(ports),
  /** Selects the load balancer controller. @default the one for Services without a class */
  loadBalancerClass: loadBalancerClass.optional().meta({
    "x-default": "none",
    description:
      "`loadBalancerClass` of the Service, if a cluster has several controllers, or one that requires a class. " +
      "A change makes the Service anew, with another load balancer.",
    examples: ["service.k8s.aws/nlb"],
  }),
  /** Address families of the Service. @default SingleStack, as in Kubernetes */
  ipFamilyPolicy: z
    .enum(["SingleStack", "PreferDualStack", "RequireDualStack"])
    .optional()
    .meta({
      "x-default": "Kubernetes': SingleStack",
      description:
        "Address families of the Service, and of its load balancer where the provider knows both: IPv4, IPv6 or each of them. " +
        "Each address that it gets must be reached from every other cluster: istiods use all of them.",
      examples: ["PreferDualStack"],
    }),
  /** Limits for the number of pods. @default min 1, max 5, targetCPU 80 @example { min: 2, max: 10 } */
  autoscaling: autoscaling.optional().meta({
    "x-default": "1 to 5 at 80 % CPU",
    description: "Bounds of the number of pods, which follows their CPU. Needs metrics-server.",
    examples: [{ min: 2, max: 10, targetCPU: 60 }],
  }),
  /** Requests and limits of a pod. @default as in Istio's chart @example { requests: { cpu: 500m } } */
  resources: podResources.optional().meta({
    "x-default": "Istio's chart's",
    description:
      "Requests and limits of a pod, all of them, instead of 100m and 128Mi requested, 2 cores and 1Gi at most (Istio's chart).",
    examples: [{ requests: { cpu: "500m", memory: "256Mi" }, limits: { cpu: "2", memory: "1Gi" } }],
  }),
  /** Annotations of the Service, in addition to those that the provider needs. @default none */
  annotations: z
    .record(labelKey, z.string())
    .optional()
    .meta({
      "x-default": "none",
      description:
        "Annotations of the Service, beside those that the provider's profile sets and that may not be contradicted. " +
        "Most providers read them only when they create the load balancer.",
      examples: [{ "service.beta.kubernetes.io/ncloud-load-balancer-size": "SMALL" }],
    }),
  /**
   * Whether the load balancer is internal, for networks that are connected in another way.
   * @default the provider's default
   */
  internal: z
    .boolean()
    .optional()
    .meta({
      "x-default": "the provider's: public at ncloud and nhn",
      description:
        "Whether the load balancer has a private address only. Providers read it only when they create the load balancer, " +
        "so set it before the first `pulumi up`. Known at ncloud and nhn; elsewhere use `annotations`.",
      examples: [true],
    }),
  /** CIDRs that may connect. @default all @example ["203.0.113.0/24"] */
  sourceRanges: z
    .array(cidr)
    .optional()
    .meta({
      "x-default": "everyone",
      description:
        "CIDRs of allowed callers; without it, all. Callers through port 15443 are the other clusters' nodes, or the " +
        "NAT before them, never their gateways. A load balancer that hides its callers' addresses needs its own too.",
      examples: [["203.0.113.0/24", "198.51.100.7/32"]],
    }),
  /** Whether a node forwards connections to pods on other nodes. @default Cluster */
  externalTrafficPolicy: z
    .enum(["Cluster", "Local"])
    .optional()
    .meta({
      "x-default": "Cluster",
      description:
        "`Local` keeps the callers' addresses, and only nodes with a gateway pod answer. With `Cluster`, every node answers.",
      examples: ["Local"],
    }),
  /** Seconds in which a terminating pod finishes open requests. @default 5 */
  drainSeconds: z
    .int()
    .min(1)
    .max(3600)
    .optional()
    .meta({
      "x-default": "5",
      description: "Seconds in which a terminating pod finishes its requests. After that it closes all connections.",
      examples: [30],
    }),
  ...placementFields({ nodes: "`pods.nodeSelector`", taints: "`pods.tolerations`" }),
});

const [, , , , crossing] = eastWestPorts;
const options = optionsOf(eastWestPorts, crossing);

/** `gateway`: settings of the east-west gateway for every cluster. */
export const gatewaySchema = strict(options);

/** `clusters[].gateway`: overrides the mesh's `gateway`, field by field. */
export const clusterGatewaySchema = strict({
  ...options,
  /**
   * Hostname or IP that forwards to this gateway, port 15443.
   * @default the load balancer's address @example 203.0.113.20
   */
  externalAddress: address.optional().meta({
    "x-default": "its load balancer's",
    description:
      "Host name or IP at which the other clusters reach this gateway, port 15443, if its provider assigns none. " +
      "Point it at the node ports of Service istio-ingressgateway, which `pulumi up` names in its output `todo`. The Service " +
      "then may stay Pending. Of a dual stack, a list of both.",
    examples: ["203.0.113.20", "mesh.example.org", ["203.0.113.20", "2001:db8::20"]],
  }),
});

/** `ingress`: a gateway for callers outside the mesh, the same in every cluster. */
export const ingressSchema = strict({
  /** Whether to create it. @default false */
  enabled: z
    .boolean()
    .default(false)
    .meta({
      description:
        "Whether each cluster has its own gateway `istio-ingress` for callers outside the mesh. Select it by `istio: " +
        "ingress`. The east-west gateway takes such callers as well, and hands them to pods of its own cluster only.",
      examples: [true],
    }),
  ...optionsOf(ingressPorts),
});

export type GatewaySettings = z.output<typeof gatewaySchema>;
export type ClusterGatewaySettings = z.output<typeof clusterGatewaySchema>;
export type IngressSettings = z.output<typeof ingressSchema>;
