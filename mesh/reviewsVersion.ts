/** Number of versions of `reviews` in Istio's samples. */
export const REVIEWS_VERSIONS = 3;

/** Default version of `reviews` for the cluster at a position (from 0) of the list: 1, 2, 3, 1, 2 and so on. */
export function reviewsVersion(position: number): number {
  return (position % REVIEWS_VERSIONS) + 1;
}
