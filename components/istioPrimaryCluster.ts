import * as pulumi from "@pulumi/pulumi";
import { defaultGateway, type GatewayOptions } from "../mesh/gatewayOptions.ts";
import { defaultIstiod, type ExternalGateway, type IstiodOptions } from "../mesh/istiodOptions.ts";
import { istiodReleaseValues } from "../mesh/istiodRelease.ts";
import { isServed, NEXT, NEXT_ISTIOD, type Served } from "../mesh/nextIstiod.ts";
import { CA_SECRET } from "../mesh/ownership.ts";
import { anywhere, type Placement } from "../mesh/podParts.ts";
import { PUBLIC_CA } from "../mesh/publicCa.ts";
import { mergeValues, type Values } from "../mesh/values.ts";
import type { ClusterClaim } from "./clusterClaim.ts";
import { EastWestGateway } from "./eastWestGateway.ts";
import type { GatewayOutputs } from "./gatewayWorkload.ts";
import { IngressGateway } from "./ingressGateway.ts";
import { type Chart, type Istiod, istiodIn, releaseObjects } from "./istiod.ts";
import * as k8s from "./kubernetes.ts";
import type { IntermediateCA } from "./meshCA.ts";
import { MeshResource } from "./meshResource.ts";
import { ours } from "./ours.ts";
import { makePullSecrets, type PullSecret } from "./pullSecrets.ts";
import { ReaderToken, type RemoteAccess } from "./readerToken.ts";

export interface IstioPrimaryClusterArgs {
  /** The cluster. */
  readonly claim: ClusterClaim;
  /** URL of its API server as the peers' istiods reach it. */
  readonly server: string;
  /** Name in the certificate that answers there. @default the URL's host */
  readonly tlsServerName?: string | undefined;
  /** PEM of the CA that the peers shall trust there, or `public`. @default the cluster's own */
  readonly caBundle?: string | undefined;
  /** Proxy through which the peers reach that API server: `http://`, `https://` or `socks5://`. @default none */
  readonly proxyUrl?: pulumi.Input<string> | undefined;
  /** Another number exchanges the token with which the peers watch this cluster. @default 1 */
  readonly tokenGeneration?: number;
  /** What its istiod signs workloads' certificates with. */
  readonly ca: IntermediateCA;
  /** DNS domain of the Services of every cluster. @default cluster.local */
  readonly clusterDomain?: string;
  /** Registry and tag of Istio's images. */
  readonly hub: string;
  readonly tag: string;
  /** Secrets with which nodes log in at that registry. @default none */
  readonly pullSecrets?: readonly PullSecret[];
  readonly charts: { readonly base: Chart; readonly istiod: Chart };
  /** A second istiod, of the revision `next`, and what gets its proxies: for an upgrade. @default none */
  readonly next?: { readonly chart: Chart; readonly tag: string; readonly serves: Served } | undefined;
  /** More Helm values by chart; they may not contradict the component's. @default none */
  readonly values?: { readonly base: Values; readonly istiod: Values };
  /** What comes before istiod and goes after it. @default nothing */
  readonly prerequisites?: readonly pulumi.Resource[];
  /** What must be done before the first pod with a proxy; istiod comes up meanwhile. @default nothing */
  readonly podPrerequisites?: readonly pulumi.Resource[];
  /** @default an autoscaler from 1 to 5, with the chart's resources */
  readonly istiod?: IstiodOptions;
  /** On which nodes istiods may run, unless `values` say otherwise. @default any */
  readonly pods?: Placement;
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
  /** The istiod that gives the sample its proxies. */
  readonly ofSample: Istiod;
  /** Istio's own kinds are known. */
  readonly definitions: pulumi.Resource;
  /** Hostname or IP at which the other networks reach this one, port 15443. */
  readonly gatewayAddress: pulumi.Output<string>;
  /** Ports of that gateway's Service, with the node ports that lead to them. */
  readonly gatewayPorts: GatewayOutputs["ports"];
  /** How the peers' istiods watch this cluster. */
  readonly remoteAccess: RemoteAccess;

  constructor(name: string, args: IstioPrimaryClusterArgs, opts: pulumi.ComponentResourceOptions) {
    super("csp-mesh:index:IstioPrimaryCluster", name, {}, opts);
    const { claim, server, charts, values, pullSecrets = [], awaitSeconds = 300 } = args;
    const { access, namespace, network, meshId, trustDomain } = claim;
    const { cluster } = access;
    const { istiod: options = defaultIstiod, externalGateways = [], gateway: gatewayOptions = defaultGateway } = args;
    const child = { parent: this };

    const release = {
      timeout: awaitSeconds,
      namespace: claim.releaseNamespace,
      // Takes up what an interrupted run left.
      replace: true,
      // It would fetch all schemas, and leave the check to API servers that Helm's requests do not ask for one.
      disableOpenapiValidation: true,
    };
    // Helm fails to uninstall what is gone already, as after a killed run: releases go with resources that do it. istiod goes before
    // what it needs.
    const removal = new MeshResource(
      "IstiodRemoval",
      `${name}-istiod-removal`,
      access,
      {},
      { ...child, dependsOn: [claim.done, ...(args.prerequisites ?? [])] },
    );

    // Before istiod: one that starts without it makes a root of its own, and a later one needs a restart (istio#57853).
    const cacerts = new k8s.Secret(
      `${name}-cacerts`,
      {
        metadata: ours({ name: CA_SECRET, namespace }),
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
        values: claim.newerCrds.apply((excludedCRDs) => mergeValues({ base: { excludedCRDs } }, values?.base ?? {})),
        // It runs nothing.
        skipAwait: true,
      },
      { ...child, deletedWith: claim.done },
    );
    this.definitions = releaseObjects(
      `${name}-definitions`,
      access,
      { release: "istio-base", installed: base, awaitSeconds },
      child,
    );
    const logins = makePullSecrets(name, namespace, pullSecrets, child);
    const settings = {
      ...args,
      ...{ cluster, network, meshId, trustDomain, istiod: options, externalGateways },
      ingress: args.ingress !== undefined,
    };
    const valuesOf = (own: object) =>
      istiodReleaseValues({ ...settings, ...own }, args.pods ?? anywhere, values?.istiod ?? {});
    const podPrerequisites = args.podPrerequisites ?? [];
    const ofIstiod = { access, common: release, podPrerequisites, awaitSeconds };
    const istiod = istiodIn(
      name,
      {
        ...ofIstiod,
        release: "istiod",
        chart: charts.istiod,
        values: valuesOf({}),
        removal,
        // After its definitions, as Istio has it in upgrades: one that meets them half made takes seconds longer to be ready.
        dependsOn: [cacerts, this.definitions, ...logins],
      },
      child,
    );
    const { next } = args;
    const nextIstiod =
      next &&
      istiodIn(
        name,
        {
          ...ofIstiod,
          release: NEXT_ISTIOD,
          chart: next.chart,
          values: valuesOf({ tag: next.tag, revision: NEXT }),
          removal: new MeshResource(
            "IstiodRemoval",
            `${name}-istiod-${NEXT}-removal`,
            access,
            { only: NEXT_ISTIOD },
            { ...child, dependsOn: removal },
          ),
          dependsOn: [istiod.ready],
        },
        child,
      );
    const serving = (what: Served) => (nextIstiod && next && isServed(what, next.serves) ? nextIstiod : istiod);
    const ofGateways = serving("gateways");
    const ofProxies = {
      injector: ofGateways,
      istiod: ofGateways.ready,
      podPrerequisites: [ofGateways.injection],
      pullSecrets,
      awaitSeconds,
      access,
    };

    const gateway = new EastWestGateway(
      `${name}-gateway`,
      {
        ...ofProxies,
        namespace,
        network,
        clusterDomain: args.clusterDomain,
        definitions: this.definitions,
        options: gatewayOptions,
        externalAddress: externalGateways.find((gateway) => gateway.network === network)?.address,
      },
      child,
    );
    if (args.ingress) {
      new IngressGateway(`${name}-ingress`, { ...ofProxies, namespace, options: args.ingress }, child);
    }
    const { tlsServerName, proxyUrl, caBundle, tokenGeneration: generation = 1 } = args;
    const reader = new ReaderToken(
      `${name}-reader`,
      { clusterName: cluster, generation, namespace, base: this.definitions },
      child,
    );

    this.namespace = namespace;
    this.istiod = istiod.ready;
    this.ofSample = serving("sample");
    this.gatewayAddress = gateway.address;
    this.gatewayPorts = gateway.ports;
    this.remoteAccess = {
      clusterName: cluster,
      server,
      tlsServerName,
      proxyUrl: proxyUrl === undefined ? undefined : pulumi.output(proxyUrl),
      caData:
        caBundle === undefined
          ? reader.caData
          : caBundle === PUBLIC_CA
            ? undefined
            : pulumi.output(Buffer.from(caBundle).toString("base64")),
      // With istiod comes the reader's role: a peer that has the token before is refused and retries ever more slowly.
      token: pulumi.all([reader.token, istiod.release.id]).apply(([token]) => token),
    };

    this.registerOutputs({ namespace, gatewayAddress: this.gatewayAddress });
  }
}
