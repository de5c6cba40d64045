import type * as pulumi from "@pulumi/pulumi";

/** A part of the mesh, with the clusters that it needs. */
export interface Part {
  readonly clusters: readonly string[];
  readonly resource: pulumi.Resource;
}

/**
 * A run ends with its first failed step. Therefore changes in clusters that do not answer wait for all changes that
 * only need other clusters.
 */
export class LastSteps {
  readonly #unreached: ReadonlySet<string>;
  readonly #others = Promise.withResolvers<pulumi.Resource[]>();

  constructor(unreached: ReadonlySet<string>) {
    this.#unreached = unreached;
  }

  /** Those of `parts` on which a part of `cluster` may depend. */
  waitedFor<T extends { readonly name: string }>(cluster: string, parts: readonly T[]): readonly T[] {
    return parts.filter(({ name }) => name === cluster || !this.#unreached.has(name));
  }

  /** Dependencies of a cluster's first resources. */
  before(cluster: string, first: pulumi.Resource[]): pulumi.Input<pulumi.Resource[]> {
    return this.#unreached.has(cluster) ? this.#others.promise : first;
  }

  /** Must be called with all parts after they are declared. */
  release(parts: readonly Part[]): void {
    const others = parts.filter(({ clusters }) => !clusters.some((cluster) => this.#unreached.has(cluster)));
    this.#others.resolve(others.map(({ resource }) => resource));
  }
}
