/**
 * How much of what goes back is tax, when `refundedAfter` of `total` will have gone back with it. Split by largest remainder of the sum that
 * has gone back, less the tax that went back before, so that any sequence of parts adds up: all of the total back is all of the tax back,
 * to the cent. All amounts are minor units; `amount` is the part that goes back now. Throws RangeError for sums that contradict each other.
 */
export function taxShare(order: {
  total: bigint;
  tax: bigint;
  amount: bigint;
  refundedAfter: bigint;
  taxRefundedBefore: bigint;
}): bigint {
  const { total, tax, amount, refundedAfter, taxRefundedBefore } = order;
  if (total <= 0n || tax < 0n || tax > total || amount < 0n || refundedAfter < amount || refundedAfter > total) {
    throw new RangeError(`no share: ${amount} of ${refundedAfter} refunded, of ${total} with ${tax} tax`);
  }
  const target = (2n * tax * refundedAfter + total) / (2n * total);
  const share = target - taxRefundedBefore;
  // A refund that the bank returned takes its own share with it, which may leave a cent that this part is too small to make up for. Nor may
  // the goods be asked for more than is left of them.
  const goodsLeft = total - tax - (refundedAfter - amount - taxRefundedBefore);
  const least = amount > goodsLeft ? amount - goodsLeft : 0n;
  const most = min(amount, tax - taxRefundedBefore);
  return share < least ? least : min(share, most);
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
