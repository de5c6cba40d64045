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
  /** Server name in its certificate. @default the URL's host */
  readonly tlsServerName?: string | undefined;
  /** PEM of the CA with which peers verify it, or `public`. @default the cluster's own */
  readonly caBundle?: string | undefined;
  /** Proxy that peers use to reach that API server: `http://`, `https://` or `socks5://`. @default none */
  readonly proxyUrl?: pulumi.Input<string> | undefined;
  /** Changing this number replaces the token with which peers watch this cluster. @default 1 */
  readonly tokenGeneration?: number;
  /** The intermediate with which its istiod signs workload certificates. */
  readonly ca: IntermediateCA;
  /** DNS domain of the Services of every cluster. @default cluster.local */
  readonly clusterDomain?: string;
  /** Registry and tag of Istio's images. */
  readonly hub: string;
  readonly tag: string;
  /** Pull secrets for that registry. @default none */
  readonly pullSecrets?: readonly PullSecret[];
  readonly charts: { readonly base: Chart; readonly istiod: Chart };
  /**
   * A second istiod, of the revision `next`, and the workloads that get its proxies, during an upgrade. @default none
   */
  readonly next?: { readonly chart: Chart; readonly tag: string; readonly serves: Served } | undefined;
  /** More Helm values by chart; they may not contradict the component's. @default none */
  readonly values?: { readonly base: Values; readonly istiod: Values };
  /** Resources that are created before istiod and deleted after it. @default none */
  readonly prerequisites?: readonly pulumi.Resource[];
  /**
   * Resources that must be done before the first pod with a proxy. istiod starts without waiting for them.
   * @default none
   */
  readonly podPrerequisites?: readonly pulumi.Resource[];
  /** @default an autoscaler from 1 to 5, with the chart's resources */
  readonly istiod?: IstiodOptions;
  /** Placement of istiod's pods; `values` override it. @default any node */
  readonly pods?: Placement;
  /** Gateways of the mesh, including this cluster's, whose address is not in their Service's status. @default none */
  readonly externalGateways?: readonly ExternalGateway[];
  /** The east-west gateway. @default an autoscaler from 1 to 5, without source restrictions */
  readonly gateway?: GatewayOptions;
  /** An additional gateway for callers outside the mesh. @default none */
  readonly ingress?: GatewayOptions | undefined;
  /** Longest wait, in seconds, for each of istiod, the gateway and its load balancer. @default 300 */
  readonly awaitSeconds?: number;
}

/** Installs a control plane that can be one of several in a mesh: a "primary" in Istio's terms. */
export class IstioPrimaryCluster extends pulumi.ComponentResource {
  /** Namespace of istiod and of the gateway. */
  readonly namespace: pulumi.Output<string>;
  /** istiod is ready. Pods that are created before get no sidecar. */
  readonly istiod: pulumi.Resource;
  /** The istiod that gives the sample its proxies. */
  readonly ofSample: Istiod;
  /** Istio's CRDs are installed. */
  readonly definitions: pulumi.Resource;
  /** Hostname or IP at which the other networks reach this one, port 15443. */
  readonly gatewayAddress: pulumi.Output<string>;
  /** Ports of that gateway's Service, with their node ports. */
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
      // Continue from a release that an interrupted run left.
      replace: true,
      // Skip Helm's OpenAPI validation: it downloads the whole schema, and the API server validates anyway.
      disableOpenapiValidation: true,
    };
    // Helm fails to uninstall a release that is already gone, for example after a killed run. Therefore these resources
    // uninstall releases. istiod is removed before the objects that it needs.
    const removal = new MeshResource(
      "IstiodRemoval",
      `${name}-istiod-removal`,
      access,
      {},
      { ...child, dependsOn: [claim.done, ...(args.prerequisites ?? [])] },
    );

    // Create the Secret before istiod: without it, istiod creates its own root, and reads a later Secret only after a
    // restart (istio#57853).
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
        // The chart has no workload to wait for.
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
      forgetsFormer: args.ca.forgetsFormer,
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
        // Create istiod after the CRDs, as in Istio's upgrade guide: with incomplete CRDs it takes seconds longer to
        // become ready.
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
      // istiod's chart contains the reader's role: before it exists, a peer with the token is refused, and retries with
      // growing delays.
      token: pulumi.all([reader.token, istiod.release.id]).apply(([token]) => token),
    };

    this.registerOutputs({ namespace, gatewayAddress: this.gatewayAddress });
  }
}
