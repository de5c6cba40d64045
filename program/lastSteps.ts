import type * as pulumi from "@pulumi/pulumi";

/** A part of the mesh, with the clusters that it needs. */
export interface Part {
  readonly clusters: readonly string[];
  readonly resource: pulumi.Resource;
}

/**
 * A run ends with the first step that fails. So what is to be changed in clusters that do not answer comes after all that needs only
 * others.
 */
export class LastSteps {
  readonly #unreached: ReadonlySet<string>;
  readonly #others = Promise.withResolvers<pulumi.Resource[]>();

  constructor(unreached: ReadonlySet<string>) {
    this.#unreached = unreached;
  }

  /** Those of the parts for which parts of `cluster` may wait. */
  waitedFor<T extends { readonly name: string }>(cluster: string, parts: readonly T[]): readonly T[] {
    return parts.filter(({ name }) => name === cluster || !this.#unreached.has(name));
  }

  /** What a cluster's first resources depend on. */
  before(cluster: string, first: pulumi.Resource[]): pulumi.Input<pulumi.Resource[]> {
    return this.#unreached.has(cluster) ? this.#others.promise : first;
  }

  /** To be called with all parts, when they are declared. */
  release(parts: readonly Part[]): void {
    const others = parts.filter(({ clusters }) => !clusters.some((cluster) => this.#unreached.has(cluster)));
    this.#others.resolve(others.map(({ resource }) => resource));
  }
}
