import type { Mesh } from "../proof/mesh.ts";
import type { SideName, Step } from "./result.ts";

/** One way to create and remove a mesh. */
export interface Side {
  readonly name: SideName;
  install(): Promise<void>;
  /** The installed mesh, for the proof. */
  mesh(): Promise<Mesh>;
  /** Runs once more without changes. */
  readonly repeat?: () => Promise<void>;
  /** Runs an empty program once more without changes. */
  readonly repeatEmpty?: () => Promise<void>;
  /** Restores the clusters to their former state. */
  remove(): Promise<void>;
  /** The steps since the last call, in order; empty if one command does everything. */
  steps(): Step[];
}
