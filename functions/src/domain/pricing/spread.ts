/**
 * Spreads `amount` over parts in proportion to `weights`, so that the parts add up exactly: each is rounded down, and the cents that are
 * left go to the largest remainders, among equals to the first. No part exceeds its weight as long as `amount` does not exceed the
 * sum of weights. Throws RangeError for negative numbers, and for an amount above that sum.
 */
export function spread(amount: bigint, weights: readonly bigint[]): bigint[] {
  const whole = weights.reduce((sum, weight) => sum + weight, 0n);
  if (amount < 0n || weights.some((weight) => weight < 0n) || amount > whole) {
    throw new RangeError(`${amount} can't be spread over weights of ${whole}`);
  }
  if (whole === 0n) return weights.map(() => 0n);
  const parts = weights.map((weight) => (weight * amount) / whole);
  let left = amount - parts.reduce((sum, part) => sum + part, 0n);
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: (weight * amount) % whole }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder < b.remainder ? 1 : -1));
  for (const { index } of byRemainder) {
    if (left === 0n) break;
    parts[index] = (parts[index] ?? 0n) + 1n;
    left -= 1n;
  }
  return parts;
}
