import type { CommandName } from "../cli/commandNames.ts";
import type { EgressRule } from "../cli/egressRules.ts";
import type { FirewallRule, Reason } from "../cli/firewallRules.ts";
import type { OperationRecord } from "../config/operationSchema.ts";
import type { Facts } from "../csp/profile.ts";
import type { FindingOf, PreflightFinding } from "../mesh/preflightFindings.ts";
import type { ProbeFinding, ProbeFindingOf } from "../mesh/probeFindings.ts";
import type { Severity } from "../mesh/severity.ts";
import type { StatusFinding, StatusFindingOf } from "../mesh/statusFindings.ts";
import type { Stage } from "../operations/formerMesh.ts";
import type { RootState } from "../operations/rootStates.ts";
import type { Level } from "../operations/upgrade.ts";

/** All texts of the command line itself. Texts of the config, the provider and the proof are in `translated.ts`. */
export interface Messages {
  /** @param commands one line for each command */
  readonly usage: (commands: string) => string;
  readonly commands: Readonly<Record<CommandName, { readonly summary: string; readonly usage: string }>>;
  readonly unknownCommand: (name: string, known: string, meant?: string) => string;
  readonly unknownOption: (option: string, known: string, meant?: string) => string;
  /** @param command the corrected command line, without the program's name */
  readonly takenByNpm: (options: string, command: string) => string;
  /** Last line of an error that is no usage error. */
  readonly troubleshooting: string;
  readonly noArgument: (argument: string) => string;
  readonly unexpectedArgument: (argument: string) => string;
  readonly optionWithoutValue: (option: string) => string;
  readonly optionTakesNoValue: (option: string) => string;
  readonly optionValue: (option: string, value: string, allowed: string) => string;
  readonly excluded: (one: string, other: string) => string;
  readonly interrupted: (signal: string) => string;
  readonly noStackFile: (file: string) => string;
  readonly notAStackFile: (file: string) => string;
  readonly noPulumi: (why: string) => string;
  /** Purposes for which pulumi is needed. */
  readonly pulumiFor: {
    readonly selectedStack: string;
    readonly secrets: string;
    readonly stackOutput: (stack: string, output: string) => string;
    readonly owner: string;
    readonly write: string;
    readonly proof: string;
    readonly gateways: string;
  };
  readonly adopt: AdoptMessages;
  readonly forget: ForgetMessages;
  readonly takeover: TakeoverMessages;
  readonly operations: OperationMessages;
  readonly firewall: {
    readonly columns: readonly [string, string, string, string, string];
    readonly actions: Readonly<Record<FirewallRule["action"], string>>;
    readonly places: Readonly<Record<FirewallRule["at"], string>>;
    /** Descriptions of the targets of outgoing connections. A gateway's address may be unknown. */
    readonly targets: Readonly<Record<EgressRule["to"], (peer: string) => string>>;
    readonly purposes: Readonly<Record<EgressRule["to"], (peer: string) => string>>;
    readonly nobody: string;
    /** Columns of a firewall request: cluster, direction, action, protocol, source, destination, port, reason. */
    readonly request: readonly [string, string, string, string, string, string, string, string];
    readonly directions: { readonly in: string; readonly out: string };
    /** Description of the sources of a cluster's connections, if the config has no CIDRs. */
    readonly nodesOf: (cluster: string) => string;
    /** Placeholders for CIDRs that the config does not give. */
    readonly fillIn: {
      readonly egressCidrs: (cluster: string, field: string) => string;
      readonly loadBalancer: string;
      readonly controlPlane: string;
    };
    readonly reasons: { readonly [Id in Reason["id"]]: (reason: Extract<Reason, { id: Id }>) => string };
  };
  readonly providers: {
    readonly columns: readonly [string, string, string];
    readonly facts: Readonly<Record<keyof Facts, string>>;
    readonly none: string;
    readonly unknown: string;
  };
  readonly rights: {
    readonly columns: readonly [string, string, string, string, string];
    /** The core API group, which has no name. */
    readonly core: string;
    /** For all namespaces, or for a cluster-scoped resource. */
    readonly everywhere: string;
    /** First line of the ClusterRole. */
    readonly comment: (clusters: string) => string;
    /** Line before the additional rights of a root rotation. */
    readonly forRotation: string;
    /** @param when RFC 3339 */
    readonly tokenEnds: (when: string) => string;
    readonly written: (file: string, cluster: string, when: string) => string;
    readonly notOurs: (file: string) => string;
    readonly noAccount: (cluster: string, context: string) => string;
    readonly noToken: (cluster: string, error: string) => string;
    readonly badHours: (value: string) => string;
    /** @param option the option that requires the other one */
    readonly needs: (option: string, other: string) => string;
  };
  /** Lines of the stack output `todo`: manual steps in a cluster without a load balancer controller. */
  readonly todo: {
    readonly loadBalancer: (addresses: string) => string;
    /** @param nodePort undefined in a preview */
    readonly port: (port: number, nodePort: number | undefined) => string;
    readonly firewall: string;
    /** @param field field that fixes node ports */
    readonly notFixed: (field: string) => string;
    readonly prove: string;
  };
  readonly preflight: PreflightMessages;
  readonly probe: ProbeMessages;
  readonly status: StatusMessages;
}

/** Texts of a finding; the last two are empty if no action is needed. */
export interface Advice {
  readonly found: string;
  /** Effect on the mesh. */
  readonly means: string;
  readonly do: string;
}

export interface AdoptMessages {
  /** Line before the problems. */
  readonly refused: string;
  /** Parameters are fields, or lists of clusters with their values. */
  readonly problems: {
    readonly unreachable: (cluster: string, error: string) => string;
    readonly noClaim: (cluster: string) => string;
    readonly unreadable: (cluster: string) => string;
    readonly name: (cluster: string, live: string, field: string) => string;
    readonly network: (cluster: string, live: string, field: string) => string;
    readonly uid: (cluster: string, claimed: string, live: string) => string;
    readonly member: (cluster: string, peer: string) => string;
    readonly setting: (field: string, live: string, configured: string) => string;
    readonly meshes: (list: string) => string;
    readonly trustDomains: (list: string) => string;
    readonly owners: (list: string) => string;
    readonly noCa: (cluster: string) => string;
    readonly otherCa: (cluster: string, entry: string) => string;
    readonly roots: (list: string) => string;
    readonly unusable: (line: string) => string;
    readonly lostKey: (field: string) => string;
  };
  readonly sets: (field: string) => string;
  readonly removes: (field: string) => string;
  readonly handsOver: (cluster: string, former: string, owner: string) => string;
  /** The confirmation question. */
  readonly ask: (former: string) => string;
  readonly askConfig: string;
  readonly noTerminal: string;
  readonly declined: string;
  readonly notHandedOver: (cluster: string, error: string) => string;
  readonly notLost: (owner: string) => string;
  /** Message if nothing had to be changed. */
  readonly done: (owner: string) => string;
  /** Next steps. */
  readonly next: string;
}

export interface ForgetMessages {
  readonly unknown: (cluster: string, known: string) => string;
  readonly already: (cluster: string) => string;
  readonly answers: (cluster: string, who: string) => string;
  readonly silent: (cluster: string, error: string) => string;
  readonly written: (field: string) => string;
  /** Next steps. */
  readonly next: (fields: string) => string;
}

/** Parameters are clusters, fields, formatted lists and numbers. */
export interface TakeoverMessages {
  /** Line before the problems. */
  readonly refused: string;
  readonly problems: {
    readonly unreachable: (cluster: string, error: string) => string;
    readonly claimed: (cluster: string, owner: string) => string;
    readonly foreign: (cluster: string, parts: string) => string;
    readonly otherGateway: (cluster: string, services: string) => string;
    readonly noNetwork: (cluster: string) => string;
    readonly noRoot: (cluster: string) => string;
    readonly newer: (cluster: string, live: string, configured: string) => string;
    readonly sameName: (cluster: string, other: string, name: string) => string;
    readonly badName: (cluster: string, name: string) => string;
    readonly roots: (list: string) => string;
    readonly meshes: (list: string) => string;
    readonly trustDomains: (list: string) => string;
    readonly noCa: (field: string) => string;
    readonly otherRoot: string;
    readonly noAuthority: (cluster: string) => string;
    readonly unusable: (problems: string) => string;
    readonly badFile: (file: string, error: string) => string;
  };
  /** Errors of the preflight. */
  readonly notReady: (list: string) => string;
  readonly plan: (clusters: string) => string;
  readonly cluster: (cluster: string, server: string, names: string) => string;
  readonly stages: Readonly<Record<Stage, (cluster: string) => string>>;
  readonly deletes: (object: string) => string;
  readonly up: string;
  readonly workloads: string;
  readonly last: string;
  readonly stays: (cluster: string) => string;
  readonly ask: (clusters: string) => string;
  readonly declined: string;
  readonly nothing: string;
  readonly settings: string;
  readonly gone: (object: string) => string;
  /** Gates. */
  readonly apart: (seconds: string) => string;
  readonly connected: (cluster: string, pods: string) => string;
  readonly silent: (cluster: string, pods: string) => string;
  readonly left: (cluster: string, parts: string) => string;
  readonly stopped: (obstacles: string, command: string) => string;
  readonly failed: (error: string, command: string) => string;
  readonly interrupted: (signal: string, command: string) => string;
  readonly restart: (cluster: string) => string;
  readonly notRestarted: (seconds: string) => string;
  /** Pods that a person has to restart. */
  readonly pods: (cluster: string, renamed: string, withoutSidecar: string) => string;
  readonly next: (list: string, command: string) => string;
  readonly done: string;
}

/** Parameters are command lines as typed; numbers and lists are formatted. */
export interface OperationMessages {
  readonly states: {
    readonly token: (cluster: string, generation: string) => string;
    readonly intermediate: (cluster: string, generation: string) => string;
    readonly joined: (cluster: string) => string;
    readonly leaving: (cluster: string) => string;
    readonly removed: (cluster: string) => string;
    readonly root: Readonly<Record<RootState["phase"], string>>;
    /** By level. @param version the new version, or the former one at level 0 */
    readonly istio: Readonly<Record<Level, (cluster: string, version: string) => string>>;
    readonly inPlace: (cluster: string, version: string) => string;
    readonly workloads: (cluster: string, version: string) => string;
    readonly upgraded: (version: string) => string;
  };
  readonly sets: (field: string) => string;
  readonly inserts: (field: string) => string;
  readonly removes: (field: string) => string;
  /** Heading of the plan. */
  readonly plan: (command: string, states: string) => string;
  readonly resumes: (command: string, reached: string, states: string) => string;
  readonly ask: (command: string) => string;
  readonly noTerminal: string;
  readonly declined: string;
  /** A reverted state, by its title. */
  readonly takenBack: (state: string) => string;
  /** `--back` without a recorded operation. */
  readonly notUnderWay: (command: string, instead: string) => string;
  readonly noWayBack: (command: string, instead: string) => string;
  /** The operation goes back and was asked to go forward. */
  readonly goesBack: (command: string, back: string) => string;
  /** Alternatives for operations that cannot go back. */
  readonly instead: Readonly<Record<OperationRecord["kind"], string>>;
  /** Another operation is under way. */
  readonly running: (running: string, reached: string, states: string) => string;
  readonly otherMeanwhile: (running: string) => string;
  readonly noneMeanwhile: string;
  /** The config was changed during the operation. @param fields one line for each field to restore */
  readonly undeclared: (fields: string, command: string) => string;
  /** A state would make the config invalid. */
  readonly badState: (state: string, problems: string) => string;
  readonly badRecord: (problems: string) => string;
  readonly notSettable: (field: string) => string;
  readonly badSeconds: (option: string, value: string) => string;
  readonly up: string;
  readonly upFailed: string;
  readonly staleLock: string;
  /** @param checks one line for each process in the lock; empty for a service's lock */
  readonly locked: (said: string, stack: string, checks: string) => string;
  readonly holder: (host: string, pid: string) => string;
  /** The same for this machine. */
  readonly holderHere: (pid: string) => string;
  readonly failed: (error: string, command: string) => string;
  readonly gate: (seconds: string) => string;
  readonly open: string;
  readonly notWhole: (obstacles: string) => string;
  /** Faults that an operation tolerates. */
  readonly tolerated: (obstacles: string) => string;
  readonly stopped: (seconds: string, obstacles: string, command: string) => string;
  readonly obstacles: {
    readonly notForgotten: (cluster: string, peer: string) => string;
    readonly notLooked: (error: string) => string;
    /** The following texts have a cluster and pods as parameters. */
    readonly withoutAgent: (cluster: string, pods: string) => string;
    readonly signsByOther: (cluster: string, pods: string) => string;
    readonly acceptsFormer: (cluster: string, pods: string) => string;
    readonly trustsOthers: (cluster: string, pods: string) => string;
    readonly leafOfOther: (cluster: string, pods: string) => string;
    readonly proxyNotAsked: (cluster: string, pods: string, error: string) => string;
    readonly istiodVersion: (cluster: string, wanted: string, found: string) => string;
    readonly notServed: (cluster: string, pods: string) => string;
    readonly stillServed: (cluster: string, pods: string) => string;
    readonly nextMissing: (cluster: string) => string;
    readonly nextThere: (cluster: string) => string;
  };
  readonly noVersion: string;
  readonly badVersion: (version: string) => string;
  readonly alreadyThere: (version: string) => string;
  readonly cannotFollow: Readonly<Record<"older" | "tooFar", (from: string, to: string) => string>>;
  readonly otherUpgrade: (cluster: string, version: string) => string;
  /** @param lines of Istio that do */
  readonly unsupported: (cluster: string, kubernetes: string, lines: string) => string;
  readonly restarts: (workload: string) => string;
  readonly notRestarted: (pod: string) => string;
  /** @param list lines of clusters with their pods */
  readonly oldProxies: (list: string) => string;
  readonly noOldProxies: string;
  readonly interrupted: (signal: string, command: string) => string;
  readonly proof: string;
  readonly notProved: string;
  readonly done: (command: string) => string;
  readonly gone: (cluster: string, command: string) => string;
  /** The config must contain the new root. */
  readonly rootMissing: (source: string) => string;
  /** A root rotation that was started by hand is under way. */
  readonly rootUnderWay: (phase: string) => string;
  readonly distrustUnknown: (cluster: string, clusters: string) => string;
  readonly distrusted: (cluster: string) => string;
  readonly silent: (cluster: string, error: string, command: string) => string;
  readonly removed: (cluster: string) => string;
  readonly ownIntermediates: (cluster: string) => string;
  readonly add: {
    /** @param options the given options */
    readonly exists: (cluster: string, field: string, options: string) => string;
    readonly leaves: (cluster: string, field: string) => string;
    readonly member: (cluster: string) => string;
    readonly needs: (option: string) => string;
    readonly noText: string;
    readonly badPosition: (value: string, last: string) => string;
    readonly intermediate: (cluster: string) => string;
    readonly silent: (cluster: string, error: string) => string;
    readonly added: (cluster: string) => string;
  };
  /** Additional text if the config had the cluster's intermediate. */
  readonly intermediate: (cluster: string) => string;
}

export interface PreflightMessages {
  /** Severity; cluster, or the direction between two; then the texts of a finding. */
  readonly columns: readonly [string, string, string, string, string];
  readonly severities: Readonly<Record<Severity, string>>;
  readonly result: (count: { readonly errors: number; readonly warnings: number }) => string;
  /** Line before the table of errors that stop `pulumi up`. */
  readonly refused: string;
  /** Line before warnings. */
  readonly warned: string;
  readonly findings: { readonly [Id in PreflightFinding["id"]]: (finding: FindingOf<Id>) => Advice };
}

export interface ProbeMessages {
  /** Line before findings that stop `pulumi up`. */
  readonly refused: string;
  readonly interrupted: (signal: string) => string;
  readonly findings: { readonly [Id in ProbeFinding["id"]]: (finding: ProbeFindingOf<Id>) => Advice };
}

export interface StatusMessages {
  /** Cluster, its versions and counts, remaining days of certificates, age of tokens. */
  readonly clusters: readonly [string, string, string, string, string, string, string, string, string];
  readonly directions: readonly [string, string, string, string, string, string, string, string];
  /** Whether an API server answers. */
  readonly answers: { readonly yes: string; readonly no: string };
  readonly days: (count: string) => string;
  /** Time since the last answer. */
  readonly seconds: (count: number) => string;
  readonly now: string;
  readonly whole: string;
  readonly wholeBut: (warnings: number) => string;
  readonly broken: (errors: number, warnings: number) => string;
  readonly nobody: string;
  readonly underWay: (command: string, reached: string, states: string) => string;
  readonly waited: (seconds: number) => string;
  readonly badSeconds: (option: string, value: string) => string;
  readonly findings: { readonly [Id in StatusFinding["id"]]: (finding: StatusFindingOf<Id>) => Advice };
}
