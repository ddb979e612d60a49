import type { Stripe } from 'stripe';

/** What a coupon and a tax do to one position, in minor units. */
export interface LineAmounts {
  /** List price times quantity. */
  subtotal: number;
  /** What the coupon takes off it; never more than the subtotal. */
  discount: number;
  /** On what is left, on top of it. */
  tax: number;
  /** Subtotal less discount plus tax. */
  total: number;
}

/**
 * Reckons positions: an amount off is spread over them by their share, a percentage is rounded for each, and the tax of each is rounded
 * half up (the real API rounds taxes by position unless told otherwise). What comes out for a set of positions does not depend on their
 * order, so that a session and the invoice made of it agree. `taxMillionths` is the rate: 82,500 is 8.25 %.
 */
export function reckon(
  subtotals: readonly number[],
  coupon: Pick<Stripe.Coupon, 'amount_off' | 'percent_off'> | null,
  taxMillionths: number,
): LineAmounts[] {
  const discounts = discountsOf(subtotals, coupon);
  return subtotals.map((subtotal, index) => {
    const discount = discounts[index] ?? 0;
    const tax = taxOn(subtotal - discount, taxMillionths);
    return { subtotal, discount, tax, total: subtotal - discount + tax };
  });
}

/** The tax on an amount, rounded half away from zero: a credit gives back exactly the tax that a charge of the same amount takes. */
export function taxOn(amount: number, taxMillionths: number): number {
  const tax = Math.floor((Math.abs(amount) * taxMillionths + 500_000) / 1_000_000);
  return amount < 0 ? 0 - tax : tax;
}

function discountsOf(
  subtotals: readonly number[],
  coupon: Pick<Stripe.Coupon, 'amount_off' | 'percent_off'> | null,
): number[] {
  if (coupon?.percent_off != null) {
    const percent = coupon.percent_off;
    return subtotals.map((subtotal) => Math.round((subtotal * percent) / 100));
  }
  const whole = subtotals.reduce((sum, subtotal) => sum + subtotal, 0);
  const off = Math.min(coupon?.amount_off ?? 0, whole);
  return spread(off, subtotals, whole);
}

/** Largest remainders get what rounding down leaves over; among equals the larger position, so that order does not matter. */
function spread(amount: number, weights: readonly number[], whole: number): number[] {
  if (whole === 0) return weights.map(() => 0);
  const shares = weights.map((weight) => Math.floor((amount * weight) / whole));
  let left = amount - shares.reduce((sum, share) => sum + share, 0);
  const order = weights
    .map((weight, index) => ({ index, weight, remainder: (amount * weight) % whole }))
    .sort((a, b) => b.remainder - a.remainder || b.weight - a.weight);
  for (const { index } of order) {
    if (left === 0) break;
    shares[index] = (shares[index] ?? 0) + 1;
    left -= 1;
  }
  return shares;
}
