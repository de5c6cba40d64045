import type { Mesh } from "../proof/mesh.ts";
import type { SideName, Step } from "./result.ts";

/** One of the ways from nothing to a mesh and back. */
export interface Side {
  readonly name: SideName;
  install(): Promise<void>;
  /** The mesh that was installed, for the proof. */
  mesh(): Promise<Mesh>;
  /** Runs once more where nothing is left to do. */
  readonly repeat?: () => Promise<void>;
  /** Runs an empty program as often as nothing is left to do for it either. */
  readonly repeatEmpty?: () => Promise<void>;
  /** Leaves the clusters as they were before. */
  remove(): Promise<void>;
  /** What was done since the last call, one thing after the other; nothing where one command does it all. */
  steps(): Step[];
}
