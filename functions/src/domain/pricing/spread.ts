/**
 * Spreads `amount` over parts in proportion to `weights`, so that the parts add up exactly: each is rounded down, and the cents that are
 * left go to the largest remainders, among equals to the first. No part exceeds its weight as long as `amount` does not exceed the
 * sum of weights. Throws RangeError for negative numbers, and for an amount above that sum.
 */
export function spread(amount: bigint, weights: readonly bigint[]): bigint[] {
  let whole = 0n;
  let isNegative = amount < 0n;
  for (const weight of weights) {
    whole += weight;
    if (weight < 0n) isNegative = true;
  }
  if (isNegative || amount > whole) throw new RangeError(`${amount} can't be spread over weights of ${whole}`);
  if (whole === 0n) return weights.map(() => 0n);
  const remainders: bigint[] = [];
  let left = amount;
  const parts = weights.map((weight) => {
    const part = (weight * amount) / whole;
    remainders.push(weight * amount - part * whole);
    left -= part;
    return part;
  });
  // Never more cents than parts with a remainder: a search for each is quicker than to sort them all.
  for (; left > 0n; left -= 1n) {
    let largest = 0;
    for (let index = 1; index < remainders.length; index += 1) {
      if ((remainders[index] ?? 0n) > (remainders[largest] ?? 0n)) largest = index;
    }
    parts[largest] = (parts[largest] ?? 0n) + 1n;
    remainders[largest] = -1n;
  }
  return parts;
}
