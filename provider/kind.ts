// What the provider knows of one type of resource. Its server (server.ts) speaks Pulumi's protocol; a kind speaks of clusters.
import type * as z from "zod";
import type { ApiServer } from "../kube/apiServer.ts";
import type { Objects } from "../kube/objects.ts";

/** How a cluster is reached. Not part of a resource's identity: another path, text or context is no change. */
export interface ClusterAccess {
  /** Path of a kubeconfig as the config has it (`~/`, or relative to the project), or its text. */
  readonly kubeconfig: string;
  readonly context: string;
}

/** One step of the engine's on one resource. */
export interface Operation {
  /** Aborted when the run is interrupted. */
  readonly signal: AbortSignal;
  /** Shows a line beside the resource. */
  say(line: string): void;
  warn(line: string): void;
  /** Work that goes on after the step's answer: the process ends after it. */
  tidying(work: Promise<unknown>): void;
}

/** The cluster that a step acts on. */
export interface Cluster extends ClusterAccess {
  /** The cluster's name in the mesh, for messages. */
  readonly name: string;
  readonly server: ApiServer;
  readonly objects: Objects;
}

export interface Step<Inputs> extends Operation {
  readonly cluster: Cluster;
  readonly inputs: Inputs;
}

/** What is recorded of a resource: never anything secret. */
export type State = Readonly<Record<string, unknown>>;

/** One difference between a resource and its inputs. */
export interface Change {
  /** Property that the preview marks. */
  readonly property: string;
  /** In words, for people. */
  readonly words?: string | undefined;
}

/** Invalid inputs: shown before anything is created. */
export interface Failure {
  readonly property: string;
  readonly reason: string;
}

/**
 * A type of resource. All steps are idempotent: after an interruption they run again. Steps of different resources run side by side.
 *
 * @template Inputs settings without the cluster and its access
 * @template Outputs what a step found; recorded, and handed to the next
 */
export interface Kind<Inputs, Outputs extends State> {
  readonly inputs: z.ZodType<Inputs>;
  /** The part of the inputs whose change is a reason to act. @default all of them */
  identity?(inputs: Inputs): unknown;
  /** Compares with the inputs of the run before, where there are any. May look at the cluster. */
  check?(step: Step<Inputs>, former: Partial<Inputs> | undefined): Promise<readonly Failure[]>;
  /** Differences that inputs alone do not show: what was found last does not fit. Makes no request. */
  drift?(inputs: Inputs, outputs: Outputs): readonly Change[];
  /** The same, seen at each run by a look at the cluster: few requests. @default nothing */
  look?(step: Step<Inputs>, outputs: Outputs): Promise<readonly Change[]>;
  /** Whether an interruption is its own to deal with: it ends soon, and tidies up before. @default false */
  readonly tidies?: boolean;
  /** What a step would do, in words: shown in a preview. Reads only. */
  plan?(step: Step<Inputs>, outputs: Outputs | undefined): Promise<readonly string[]>;
  create(step: Step<Inputs>): Promise<Outputs>;
  /** What is there now; undefined where the resource is gone. @default what was recorded */
  read?(step: Step<Inputs>, outputs: Outputs): Promise<Outputs | undefined>;
  /** @default as create */
  update?(step: Step<Inputs>, outputs: Outputs): Promise<Outputs>;
  delete(step: Step<Inputs>, outputs: Outputs): Promise<void>;
}
