/** Versions of `reviews` that Istio's samples have. */
export const REVIEWS_VERSIONS = 3;

/** Version of `reviews` in the cluster at a position, from 0, of the list, where config names none: 1, 2, 3, 1, 2 and so on. */
export function reviewsVersion(position: number): number {
  return (position % REVIEWS_VERSIONS) + 1;
}
