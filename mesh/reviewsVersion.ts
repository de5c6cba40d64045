/** Versions of `reviews` that Istio's samples have. */
const VERSIONS = 3;

/** Version of `reviews` in the cluster at a position, from 0, of the mesh: 1, 2, 3, 1, 2 and so on. */
export function reviewsVersion(position: number): number {
  return (position % VERSIONS) + 1;
}
