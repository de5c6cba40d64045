import * as pulumi from "@pulumi/pulumi";
import { CA_SECRET } from "../hooks/ownership.ts";
import { ClusterBaseline } from "./clusterBaseline.ts";
import { type ClusterAccess, clusterHook } from "./clusterHook.ts";
import { EastWestGateway } from "./eastWestGateway.ts";
import { defaultGateway, type GatewayOptions } from "./gatewayOptions.ts";
import { IngressGateway } from "./ingressGateway.ts";
import { defaultIstiod, type ExternalGateway, type IstiodOptions } from "./istiodOptions.ts";
import { istiodValues } from "./istiodValues.ts";
import * as k8s from "./kubernetes.ts";
import type { IntermediateCA } from "./meshCA.ts";
import { makePullSecrets, type PullSecret } from "./pullSecrets.ts";
import { ReaderToken, type RemoteAccess } from "./readerToken.ts";
import { mergeValues, type Values } from "./values.ts";

/** Where Helm finds a chart: a `Release`'s own fields. */
interface Chart {
  readonly chart: string;
  readonly version?: string;
  readonly repositoryOpts?: { readonly repo: string };
}

export interface IstioPrimaryClusterArgs {
  /** The cluster's name in the mesh: a DNS-1123 label. Another name later is another cluster to its peers. */
  readonly cluster: string;
  /** Network of its pods, no other cluster's. */
  readonly network: string;
  /** URL of its API server as the peers' istiods reach it. */
  readonly server: string;
  /** How hooks reach it; the component's provider does not tell. */
  readonly access: ClusterAccess;
  /** Istio's CRDs stay when the mesh goes, and other people's custom resources with them. @default false */
  readonly keepCrds?: boolean;
  /** Name in the certificate that answers there. @default the URL's host */
  readonly tlsServerName?: string | undefined;
  /** PEM of the CA that the peers shall trust there. @default the cluster's own */
  readonly caBundle?: string | undefined;
  /** Proxy through which the peers reach that API server: `http://`, `https://` or `socks5://`. @default none */
  readonly proxyUrl?: pulumi.Input<string> | undefined;
  /** Another number exchanges the token with which the peers watch this cluster. @default 1 */
  readonly tokenGeneration?: number;
  /** What its istiod signs workloads' certificates with. */
  readonly ca: IntermediateCA;
  /** The same in every cluster of the mesh. */
  readonly meshId: string;
  readonly trustDomain: string;
  /** Registry and tag of Istio's images. */
  readonly hub: string;
  readonly tag: string;
  /** Secrets with which nodes log in at that registry. @default none */
  readonly pullSecrets?: readonly PullSecret[];
  readonly charts: { readonly base: Chart; readonly istiod: Chart };
  /** More Helm values by chart; they may not contradict the component's. @default none */
  readonly values?: { readonly base: Values; readonly istiod: Values };
  /** What comes before istiod and goes after it. @default nothing */
  readonly prerequisites?: readonly pulumi.Resource[];
  /** What must be done before the first pod with a proxy; istiod comes up meanwhile. @default nothing */
  readonly podPrerequisites?: readonly pulumi.Resource[];
  /** @default an autoscaler from 1 to 5, with the chart's resources */
  readonly istiod?: IstiodOptions;
  /** Gateways of the whole mesh, this cluster's too, that have another address than their Services tell. @default none */
  readonly externalGateways?: readonly ExternalGateway[];
  /** The east-west gateway. @default an autoscaler from 1 to 5, open to everyone */
  readonly gateway?: GatewayOptions;
  /** One more gateway, for callers outside the mesh. @default none */
  readonly ingress?: GatewayOptions | undefined;
  /** Longest wait for istiod, for the gateway and for its load balancer, in seconds each. @default 300 */
  readonly awaitSeconds?: number;
}

/** A cluster with a control plane of its own that can be one of several in a mesh: Istio's "primary". */
export class IstioPrimaryCluster extends pulumi.ComponentResource {
  /** Namespace of istiod and of the gateway. */
  readonly namespace: pulumi.Output<string>;
  /** istiod is ready. Pods made before get no sidecar. */
  readonly istiod: pulumi.Resource;
  /** Istio's own kinds are known. */
  readonly definitions: pulumi.Resource;
  /** Hostname or IP at which the other networks reach this one, port 15443. */
  readonly gatewayAddress: pulumi.Output<string>;
  /** How the peers' istiods watch this cluster. */
  readonly remoteAccess: RemoteAccess;

  constructor(name: string, args: IstioPrimaryClusterArgs, opts: pulumi.ComponentResourceOptions) {
    super("csp-mesh:index:IstioPrimaryCluster", name, {}, opts);
    const { cluster, network, server, charts, values, pullSecrets = [], awaitSeconds = 300 } = args;
    const { istiod: options = defaultIstiod, externalGateways = [], gateway: gatewayOptions = defaultGateway } = args;
    const child = { parent: this };

    const { access, keepCrds = false, podPrerequisites = [] } = args;
    const baseline = new ClusterBaseline(name, { cluster, network, access, keepCrds }, child);
    const { namespace } = baseline;
    const release = {
      timeout: awaitSeconds,
      namespace: baseline.releaseNamespace,
      // Takes up what an interrupted run left.
      replace: true,
      // It would fetch all schemas, and leave the check to API servers that Helm's requests do not ask for one.
      disableOpenapiValidation: true,
    };
    // Helm fails to uninstall what is gone already, as after a killed run: hooks do it, and releases go with them. istiod goes
    // before what it needs.
    const removal = clusterHook(
      `${name}-istiod-removal`,
      { ...access, hook: "istiodRemoval", only: "delete" },
      { ...child, dependsOn: [baseline.hook, ...(args.prerequisites ?? [])] },
    );

    // Before istiod: one that starts without it makes a root of its own, and a later one needs a restart (istio#57853).
    const cacerts = new k8s.Secret(
      `${name}-cacerts`,
      {
        metadata: { name: CA_SECRET, namespace },
        stringData: {
          "ca-cert.pem": args.ca.caCert,
          "ca-key.pem": args.ca.caKey,
          "root-cert.pem": args.ca.rootCert,
          "cert-chain.pem": args.ca.certChain,
        },
      },
      child,
    );
    const base = new k8s.Release(
      `${name}-base`,
      {
        ...charts.base,
        ...release,
        name: "istio-base",
        values: values?.base ?? {},
        // It runs nothing.
        skipAwait: true,
      },
      { ...child, deletedWith: baseline.hook },
    );
    const logins = makePullSecrets(name, namespace, pullSecrets, child);
    // After its definitions, as Istio has it in upgrades: one that meets them half made takes seconds longer to be ready.
    const istiod = new k8s.Release(
      `${name}-istiod`,
      {
        ...charts.istiod,
        ...release,
        name: "istiod",
        values: mergeValues(istiodValues({ ...args, istiod: options, externalGateways }), values?.istiod ?? {}),
        skipAwait: true,
      },
      { ...child, deletedWith: removal, dependsOn: [cacerts, removal, base, ...logins] },
    );

    const ready = clusterHook(
      `${name}-istiod-ready`,
      {
        ...access,
        hook: "istiodReady",
        only: "create",
        // Another revision is waited for again.
        settings: { cluster, namespace, awaitSeconds, revision: istiod.status.revision },
      },
      child,
    );
    this.istiod = ready;
    this.definitions = base;

    const gateway = new EastWestGateway(
      `${name}-gateway`,
      {
        cluster,
        namespace,
        network,
        pullSecrets,
        istiod: this.istiod,
        definitions: base,
        podPrerequisites,
        awaitSeconds,
        access: args.access,
        options: gatewayOptions,
        externalAddress: externalGateways.find((gateway) => gateway.network === network)?.address,
      },
      child,
    );
    if (args.ingress) {
      new IngressGateway(
        `${name}-ingress`,
        {
          cluster,
          namespace,
          pullSecrets,
          istiod: this.istiod,
          podPrerequisites,
          awaitSeconds,
          access: args.access,
          options: args.ingress,
        },
        child,
      );
    }
    const { tlsServerName, proxyUrl, caBundle, tokenGeneration: generation = 1 } = args;
    const reader = new ReaderToken(`${name}-reader`, { clusterName: cluster, generation, namespace, base }, child);

    this.namespace = namespace;
    this.gatewayAddress = gateway.address;
    this.remoteAccess = {
      clusterName: cluster,
      server,
      tlsServerName,
      proxyUrl: proxyUrl === undefined ? undefined : pulumi.output(proxyUrl),
      caData: caBundle === undefined ? reader.caData : pulumi.output(Buffer.from(caBundle).toString("base64")),
      tokenId: reader.id,
      // With istiod comes the reader's role: a peer that has the token before is refused and retries ever more slowly.
      token: pulumi.all([reader.token, istiod.id]).apply(([token]) => token),
    };

    this.registerOutputs({ namespace, gatewayAddress: this.gatewayAddress });
  }
}
