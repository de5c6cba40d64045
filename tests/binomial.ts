// How far from its mean a count may be before chance is no explanation.

/**
 * The exact two-sided bounds of a binomially distributed count: below the first and above the second it falls with a
 * probability of at most `alpha / 2` each.
 */
export function binomialBounds(n: number, p: number, alpha: number): { readonly least: number; readonly most: number } {
  // P(k) from P(k - 1) and by logarithms: the first terms are far below the smallest double.
  let log = n * Math.log(1 - p);
  const probabilities = [Math.exp(log)];
  for (let k = 1; k <= n; k++) {
    log += Math.log((n - k + 1) / k) + Math.log(p / (1 - p));
    probabilities.push(Math.exp(log));
  }
  return { least: tail(probabilities, alpha / 2), most: n - tail(probabilities.toReversed(), alpha / 2) };
}

/** How many of the first outcomes are together less likely than the limit. */
function tail(probabilities: readonly number[], limit: number): number {
  let sum = 0;
  return probabilities.findIndex((probability) => {
    sum += probability;
    return sum > limit;
  });
}
