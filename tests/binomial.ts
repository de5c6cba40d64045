// Bounds beyond which a count deviates from its mean by more than chance.

/**
 * Returns exact two-sided bounds of a binomially distributed count: it falls below `least`, or above `most`, with a
 * probability of at most `alpha / 2` each.
 */
export function binomialBounds(n: number, p: number, alpha: number): { readonly least: number; readonly most: number } {
  // Compute P(k) from P(k - 1), and in logarithms because the first terms underflow a double.
  let log = n * Math.log(1 - p);
  const probabilities = [Math.exp(log)];
  for (let k = 1; k <= n; k++) {
    log += Math.log((n - k + 1) / k) + Math.log(p / (1 - p));
    probabilities.push(Math.exp(log));
  }
  return { least: tail(probabilities, alpha / 2), most: n - tail(probabilities.toReversed(), alpha / 2) };
}

/** Number of leading outcomes whose joint probability is below the limit. */
function tail(probabilities: readonly number[], limit: number): number {
  let sum = 0;
  return probabilities.findIndex((probability) => {
    sum += probability;
    return sum > limit;
  });
}
