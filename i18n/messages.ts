import type { CommandName } from "../cli/commandNames.ts";
import type { EgressRule } from "../cli/egressRules.ts";
import type { FirewallRule, Reason } from "../cli/firewallRules.ts";
import type { OperationRecord } from "../config/operationSchema.ts";
import type { Facts } from "../csp/profile.ts";
import type { FindingOf, PreflightFinding } from "../mesh/preflightFindings.ts";
import type { ProbeFinding, ProbeFindingOf } from "../mesh/probeFindings.ts";
import type { Severity } from "../mesh/severity.ts";
import type { StatusFinding, StatusFindingOf } from "../mesh/statusFindings.ts";
import type { RootState } from "../operations/rootStates.ts";
import type { Level } from "../operations/upgrade.ts";

/** Every text that the command line prints of its own. What the config, the provider and the proof say is in `sayings.ts`. */
export interface Messages {
  /** @param commands a line for each */
  readonly usage: (commands: string) => string;
  readonly commands: Readonly<Record<CommandName, { readonly summary: string; readonly usage: string }>>;
  readonly unknownCommand: (name: string, known: string, meant?: string) => string;
  readonly unknownOption: (option: string, known: string, meant?: string) => string;
  /** @param command what to type instead, without the program's name */
  readonly takenByNpm: (options: string, command: string) => string;
  /** Last line of an error that is not about the command's own options. */
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
  /** Why pulumi is needed. */
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
  readonly operations: OperationMessages;
  readonly firewall: {
    readonly columns: readonly [string, string, string, string, string];
    readonly actions: Readonly<Record<FirewallRule["action"], string>>;
    readonly places: Readonly<Record<FirewallRule["at"], string>>;
    /** Of what goes out; a gateway's address may not be known yet. */
    readonly targets: Readonly<Record<EgressRule["to"], (peer: string) => string>>;
    readonly purposes: Readonly<Record<EgressRule["to"], (peer: string) => string>>;
    readonly nobody: string;
    /** Columns of a firewall request: cluster, direction, action, protocol, source, destination, port, reason. */
    readonly request: readonly [string, string, string, string, string, string, string, string];
    readonly directions: { readonly in: string; readonly out: string };
    /** What a cluster's own connections come from, where the config has no CIDRs. */
    readonly nodesOf: (cluster: string) => string;
    /** Instead of CIDRs that the config does not tell. */
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
    /** The API group without a name. */
    readonly core: string;
    /** In all namespaces, or where there are none. */
    readonly everywhere: string;
    /** First line of the ClusterRole. */
    readonly comment: (clusters: string) => string;
    /** @param when RFC 3339 */
    readonly tokenEnds: (when: string) => string;
    readonly written: (file: string, cluster: string, when: string) => string;
    readonly notOurs: (file: string) => string;
    readonly noAccount: (cluster: string, context: string) => string;
    readonly noToken: (cluster: string, error: string) => string;
    readonly badHours: (value: string) => string;
    /** @param option needs the other one */
    readonly needs: (option: string, other: string) => string;
  };
  /** Lines of the stack output `todo`: what a person does where nothing makes load balancers. */
  readonly todo: {
    readonly loadBalancer: (addresses: string) => string;
    /** @param nodePort none in a preview */
    readonly port: (port: number, nodePort: number | undefined) => string;
    readonly firewall: string;
    /** @param field where node ports are fixed */
    readonly notFixed: (field: string) => string;
    readonly prove: string;
  };
  readonly preflight: PreflightMessages;
  readonly probe: ProbeMessages;
  readonly status: StatusMessages;
}

/** What a finding is told as; the last two are empty where there is nothing to be done. */
export interface Advice {
  readonly found: string;
  /** What it does to the mesh. */
  readonly means: string;
  readonly do: string;
}

export interface AdoptMessages {
  /** Before the problems. */
  readonly refused: string;
  /** Values such as a field or a list of clusters with theirs. */
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
  /** The question before anything is changed. */
  readonly ask: (former: string) => string;
  readonly askConfig: string;
  readonly noTerminal: string;
  readonly declined: string;
  readonly notHandedOver: (cluster: string, error: string) => string;
  readonly notLost: (owner: string) => string;
  /** Nothing was left to do. */
  readonly done: (owner: string) => string;
  /** What to do next. */
  readonly next: string;
}

export interface ForgetMessages {
  readonly unknown: (cluster: string, known: string) => string;
  readonly already: (cluster: string) => string;
  readonly answers: (cluster: string, who: string) => string;
  readonly silent: (cluster: string, error: string) => string;
  readonly written: (field: string) => string;
  /** What to do next. */
  readonly next: (fields: string) => string;
}

/** Commands are given as they are typed, numbers and lists as texts. */
export interface OperationMessages {
  readonly states: {
    readonly token: (cluster: string, generation: string) => string;
    readonly intermediate: (cluster: string, generation: string) => string;
    readonly joined: (cluster: string) => string;
    readonly leaving: (cluster: string) => string;
    readonly removed: (cluster: string) => string;
    readonly root: Readonly<Record<RootState["phase"], string>>;
    /** By level. @param version of what is declared */
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
  /** Of a state, by its title. */
  readonly takenBack: (state: string) => string;
  /** `--back` without anything to go back from. */
  readonly notUnderWay: (command: string, instead: string) => string;
  readonly noWayBack: (command: string, instead: string) => string;
  /** It was asked to go forward. */
  readonly goesBack: (command: string, back: string) => string;
  /** What is possible where an operation does not go back. */
  readonly instead: Readonly<Record<OperationRecord["kind"], string>>;
  /** Another one is under way. */
  readonly running: (running: string, reached: string, states: string) => string;
  readonly otherMeanwhile: (running: string) => string;
  readonly noneMeanwhile: string;
  /** The config would not be usable in a state. */
  readonly badState: (state: string, problems: string) => string;
  readonly badRecord: (problems: string) => string;
  readonly notSettable: (field: string) => string;
  readonly badSeconds: (option: string, value: string) => string;
  readonly up: string;
  readonly upFailed: string;
  readonly staleLock: string;
  /** @param checks one line for each process that the lock names; none where it is a service's */
  readonly locked: (said: string, stack: string, checks: string) => string;
  readonly holder: (host: string, pid: string) => string;
  /** The same on this machine. */
  readonly holderHere: (pid: string) => string;
  readonly failed: (error: string, command: string) => string;
  readonly gate: (seconds: string) => string;
  readonly open: string;
  readonly notWhole: (obstacles: string) => string;
  /** Faults that an operation goes on with. */
  readonly tolerated: (obstacles: string) => string;
  readonly stopped: (seconds: string, obstacles: string, command: string) => string;
  readonly obstacles: {
    readonly notForgotten: (cluster: string, peer: string) => string;
    readonly notLooked: (error: string) => string;
    /** Each of a cluster and pods. */
    readonly withoutAgent: (cluster: string, pods: string) => string;
    readonly signsByOther: (cluster: string, pods: string) => string;
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
  /** The new root must be given. */
  readonly rootMissing: (source: string) => string;
  /** By hand. */
  readonly rootUnderWay: (phase: string) => string;
  readonly silent: (cluster: string, error: string, command: string) => string;
  readonly removed: (cluster: string) => string;
  readonly ownIntermediates: (cluster: string) => string;
  readonly add: {
    /** @param options those that were given */
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
  /** Beside it, where the config had its intermediate. */
  readonly intermediate: (cluster: string) => string;
}

export interface PreflightMessages {
  /** Severity; cluster, or who tried whom; then the parts of an advice. */
  readonly columns: readonly [string, string, string, string, string];
  readonly severities: Readonly<Record<Severity, string>>;
  readonly result: (count: { readonly errors: number; readonly warnings: number }) => string;
  /** Before the table of what keeps `pulumi up` from beginning. */
  readonly refused: string;
  /** Before the lines of what it goes on with. */
  readonly warned: string;
  readonly findings: { readonly [Id in PreflightFinding["id"]]: (finding: FindingOf<Id>) => Advice };
}

export interface ProbeMessages {
  /** Before the findings, where they keep `pulumi up` from going on. */
  readonly refused: string;
  readonly interrupted: (signal: string) => string;
  readonly findings: { readonly [Id in ProbeFinding["id"]]: (finding: ProbeFindingOf<Id>) => Advice };
}

export interface StatusMessages {
  /** Cluster, its versions and counts, days left of certificates, age of tokens. */
  readonly clusters: readonly [string, string, string, string, string, string, string, string, string];
  readonly directions: readonly [string, string, string, string, string, string, string, string];
  /** Of an API server. */
  readonly answers: { readonly yes: string; readonly no: string };
  readonly days: (count: string) => string;
  /** Since an answer. */
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
