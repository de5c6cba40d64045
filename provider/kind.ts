// The provider's interface for one type of resource. server.ts handles Pulumi's protocol; a kind handles only the
// cluster.
import type * as z from "zod";
import type { ApiServer } from "../kube/apiServer.ts";
import type { Objects } from "../kube/objects.ts";

/**
 * Kubeconfig and context of a cluster. They are not part of a resource's identity: another path, text or context is no
 * change.
 */
export interface ClusterAccess {
  /** Path of a kubeconfig as written in the config (`~/`, or relative to the project), or its text. */
  readonly kubeconfig: string;
  readonly context: string;
}

/** Signal and logging for one step of the engine on one resource. */
export interface Operation {
  /** Aborted when the run is interrupted. */
  readonly signal: AbortSignal;
  /** Displays a line beside the resource. */
  say(line: string): void;
  warn(line: string): void;
  /** Registers work that continues after the step's answer. The process ends only after this work. */
  tidying(work: Promise<unknown>): void;
}

/** The cluster on which a step acts. */
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

/** The recorded outputs of a resource. They must not contain secrets. */
export type State = Readonly<Record<string, unknown>>;

/** One difference between a resource and its inputs. */
export interface Change {
  /** Property that the preview highlights. */
  readonly property: string;
  /** Description for people. */
  readonly words?: string | undefined;
}

/** An invalid input, reported before anything is created. */
export interface Failure {
  readonly property: string;
  readonly reason: string;
}

/**
 * A type of resource. All steps are idempotent, because an interrupted step runs again. Steps of different resources
 * run concurrently.
 *
 * @template Inputs settings without the cluster and its access
 * @template Outputs results of a step; recorded, and passed to the next step
 */
export interface Kind<Inputs, Outputs extends State> {
  readonly inputs: z.ZodType<Inputs>;
  /** The part of the inputs in which a change requires an update. @default all inputs */
  identity?(inputs: Inputs): unknown;
  /** Validates the inputs, also against the previous run's if there are any. May query the cluster. */
  check?(step: Step<Inputs>, former: Partial<Inputs> | undefined): Promise<readonly Failure[]>;
  /** Differences between the inputs and the recorded outputs. Makes no request. */
  drift?(inputs: Inputs, outputs: Outputs): readonly Change[];
  /** Differences between the inputs and the cluster, found on each run. Must need few requests. @default none */
  look?(step: Step<Inputs>, outputs: Outputs): Promise<readonly Change[]>;
  /** Whether the kind handles an interruption itself: it stops soon after cleaning up. @default false */
  readonly tidies?: boolean;
  /** Describes for a preview, in words, what a step would do. Only reads. */
  plan?(step: Step<Inputs>, outputs: Outputs | undefined): Promise<readonly string[]>;
  create(step: Step<Inputs>): Promise<Outputs>;
  /** The resource's current state; undefined if it no longer exists. @default the recorded outputs */
  read?(step: Step<Inputs>, outputs: Outputs): Promise<Outputs | undefined>;
  /** @default the same as `create` */
  update?(step: Step<Inputs>, outputs: Outputs): Promise<Outputs>;
  delete(step: Step<Inputs>, outputs: Outputs): Promise<void>;
}
