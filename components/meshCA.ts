import * as pulumi from "@pulumi/pulumi";
import { programError } from "../i18n/programError.ts";
import { bundleOf, forgetsFormer, isRotating, issuesByNext, type RotationPhase } from "../mesh/rootPhases.ts";
import { type Authority, generateRoot, issueIntermediate, type KeyKind } from "./certificates.ts";

interface CommonArgs {
  /** Names of the clusters that get an intermediate. */
  readonly clusters: readonly string[];
  /**
   * By cluster: changing the number replaces the key and the intermediate, if the component generates them.
   * @default 1
   */
  readonly generations?: Readonly<Record<string, number>>;
  /** The new root, during a root rotation. @default none */
  readonly rotation?: { readonly phase: RotationPhase; readonly ca: CASource } | undefined;
}

/** Settings of generated certificates. */
interface IssuedArgs extends KeyKind {
  /** `O` of every CA certificate. */
  readonly organization: pulumi.Input<string>;
  /** Validity of the intermediates, in hours. */
  readonly intermediateValidityHours: pulumi.Input<number>;
  /**
   * Remaining validity in hours at which a run renews an intermediate, with the same key.
   * @default a fifth of its validity
   */
  readonly intermediateRenewalHours?: pulumi.Input<number> | undefined;
  /** Number of the root. Changing it creates another root or, with an own root, other intermediates. @default 1 */
  readonly rootGeneration?: number;
  /** Levels of CAs allowed below an intermediate. @default 0 */
  readonly intermediatePathLength?: pulumi.Input<number>;
}

export interface GeneratedCAArgs extends CommonArgs, IssuedArgs {
  readonly source?: "generated";
  /** Validity of the root, in hours. */
  readonly rootValidityHours: pulumi.Input<number>;
  /**
   * Levels of CAs allowed below the root. It must be greater than the intermediates' value, or no chain is valid.
   * @default 1
   */
  readonly rootPathLength?: pulumi.Input<number>;
  /** Whether Pulumi refuses to delete or replace the root's key and certificate. @default false */
  readonly protect?: boolean;
}

export interface OwnRootArgs extends CommonArgs, IssuedArgs {
  readonly source: "root";
  /** Certificate of the root, in PEM. */
  readonly certificate: pulumi.Input<string>;
  /** Its private key, in PEM; treated as secret. */
  readonly key: pulumi.Input<string>;
}

export interface OwnIntermediatesArgs extends CommonArgs {
  readonly source: "intermediates";
  /** Certificate of the root, in PEM. */
  readonly root: pulumi.Input<string>;
  /** By cluster, in PEM: certificate, private key (treated as secret), and the CAs between it and the root. */
  readonly intermediates: Readonly<
    Record<
      string,
      {
        readonly certificate: pulumi.Input<string>;
        readonly key: pulumi.Input<string>;
        readonly chain?: pulumi.Input<string>;
      }
    >
  >;
}

/** Source of a root and of the intermediates below it. */
type CASource = DistributiveOmit<MeshCAArgs, keyof CommonArgs>;
type DistributiveOmit<Type, Key extends PropertyKey> = Type extends unknown ? Omit<Type, Key> : never;

export type MeshCAArgs = GeneratedCAArgs | OwnRootArgs | OwnIntermediatesArgs;

/** The CA of one istiod: the entries of its Secret `cacerts`, in PEM. */
export interface IntermediateCA {
  readonly caCert: pulumi.Output<string>;
  /** Secret. */
  readonly caKey: pulumi.Output<string>;
  /** The intermediate, the CAs between it and the root, then the root. */
  readonly certChain: pulumi.Output<string>;
  readonly rootCert: pulumi.Output<string>;
  /** Whether istiod restarts to forget the former root, during a root rotation. @default false */
  readonly forgetsFormer?: boolean;
}

/** One root for the mesh, and below it an intermediate for each cluster, so that all workloads trust each other. */
export class MeshCA extends pulumi.ComponentResource {
  /** Certificate of the signing root, in PEM. Public. */
  readonly rootCertificate: pulumi.Output<string>;
  /** All trusted roots, in PEM: two during a root rotation. */
  readonly trusted: readonly pulumi.Output<string>[];
  private readonly intermediates: ReadonlyMap<string, IntermediateCA>;

  constructor(name: string, args: MeshCAArgs, opts?: pulumi.ComponentResourceOptions) {
    super("csp-mesh:index:MeshCA", name, {}, opts);
    const child = { parent: this };

    const { clusters, generations, rotation } = args;
    const common = { clusters, ...(generations && { generations }) };
    const phase = rotation?.phase;
    // During a rotation, either root may be deleted at the end, so neither is protected.
    const unprotected = isRotating(phase) ? { protect: false } : {};
    const former = authorities(name, { ...args, ...unprotected }, child);
    const next =
      rotation && isRotating(phase)
        ? authorities(name, { ...rotation.ca, ...common, ...unprotected } as MeshCAArgs, child)
        : former;
    const { root, authorityOf } = issuesByNext(phase) ? next : former;
    this.rootCertificate = root;
    this.trusted = next === former || phase === "drop" ? [root] : [former.root, next.root];
    const bundle = pulumi.all([...bundleOf(phase, former.root, next.root)]).apply((roots) => roots.join(""));
    const restart = forgetsFormer(phase) ? { forgetsFormer: true } : {};
    this.intermediates = new Map(
      args.clusters.map((cluster) => {
        const { certificate, key, chain } = authorityOf(cluster);
        const certChain = pulumi.concat(certificate, chain ?? "", root);
        return [cluster, { caCert: certificate, caKey: key, certChain, rootCert: bundle, ...restart }];
      }),
    );

    this.registerOutputs({ rootCertificate: this.rootCertificate });
  }

  /** The intermediate of a cluster in `clusters`. */
  intermediate(cluster: string): IntermediateCA {
    const intermediate = this.intermediates.get(cluster);
    if (!intermediate)
      throw programError(`MeshCA has no intermediate for cluster ${JSON.stringify(cluster)}; add it to "clusters"`);
    return intermediate;
  }
}

interface Authorities {
  /** Certificate of the root, in PEM. */
  readonly root: pulumi.Output<string>;
  authorityOf(cluster: string): Authority & { readonly chain?: pulumi.Output<string> };
}

function authorities(component: string, args: MeshCAArgs, child: pulumi.CustomResourceOptions): Authorities {
  if (args.source === "intermediates") {
    return {
      root: block(args.root),
      authorityOf(cluster) {
        const given = args.intermediates[cluster];
        if (!given)
          throw programError(
            `MeshCA was given no intermediate for cluster ${JSON.stringify(cluster)}; add it to "intermediates"`,
          );
        return {
          certificate: block(given.certificate),
          key: pulumi.secret(given.key),
          chain: block(given.chain ?? ""),
        };
      },
    };
  }
  const { rootGeneration = 1 } = args;
  // The separator is a dot, because cluster names cannot contain one.
  const name = rootGeneration === 1 ? component : `${component}.${rootGeneration}`;
  const root =
    args.source === "root"
      ? { certificate: block(args.certificate), key: pulumi.secret(args.key) }
      : generateRoot(name, args, child);
  return {
    root: root.certificate,
    authorityOf(cluster) {
      const generation = args.generations?.[cluster] ?? 1;
      const own = generation === 1 ? `${name}-${cluster}` : `${name}-${cluster}.${generation}`;
      return issueIntermediate(own, `Intermediate CA ${cluster}`, args, root, child);
    },
  };
}

/**
 * PEM that ends with a line break, so that blocks can be concatenated. A certificate is public, even if it came from a
 * secret.
 */
function block(pem: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.unsecret(pulumi.output(pem)).apply((text) => (text.trim() === "" ? "" : `${text.trimEnd()}\n`));
}
