// What a stand-in knows of one resource type. Values here are plain: see values.ts.
import type { Props } from "./values.ts";

export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

export interface Created {
  readonly id: string;
  readonly outputs: Props;
}

/** What an operation may use besides the resource's properties. */
export interface Operation {
  /** Shows a line beside the resource while it is being worked on. */
  log(line: string): void;
}

export interface ResourceType {
  /** Properties that only `create` and `update` can tell; unknown in a preview. */
  readonly computed: readonly string[];
  /** Computed properties that are always secret. */
  readonly secret?: readonly string[];
  /** Computed properties are secret as soon as any input is. @default false */
  readonly inheritsSecrecy?: boolean;
  /** Whether a changed input replaces the resource. @default every one does */
  replaces?(input: string): boolean;
  /** Values of inputs that the program left out. */
  defaults?(inputs: Props): Props;
  /** What is wrong with the inputs; unknown ones pass. */
  check?(inputs: Props): CheckFailure[];
  /** Properties that call for a replacement although no input changed. */
  stale?(inputs: Props, state: Props): string[];
  create(inputs: Props, operation: Operation): Promise<Created>;
  /** Properties that time has changed. @default none */
  read?(state: Props): Props;
  /** New computed properties. @default those of the state are kept, and a preview knows them */
  update?(inputs: Props, state: Props, operation: Operation): Promise<Props>;
  /** @default nothing: the resource is only in the state */
  delete?(state: Props, operation: Operation): Promise<void>;
}

/** The types of one plugin, by token (`tls:index/privateKey:PrivateKey`). */
export type ResourceTypes = Readonly<Record<string, ResourceType>>;
