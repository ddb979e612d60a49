import type { Stripe } from 'stripe';
import { vendorError } from '../failure.ts';
import { isTaken } from './errors.ts';
import type { NewCoupon } from './port.ts';

/** Stripe refuses a longer name. */
const nameLength = 40;

/**
 * Makes the coupon of one order at Stripe and gives its id, which is the order's. The id alone makes it happen once: an idempotency key of
 * ours would add nothing but that Stripe forgets it after a day, and remembers a failure of its own for as long. It can be redeemed once, so that nobody uses it for another order. Throws
 * `vendor.refused` when a coupon of that id takes another amount off.
 */
export async function ensureCoupon(stripe: Stripe, orderId: string, wanted: NewCoupon): Promise<string> {
  const terms = {
    amount_off: Number(wanted.amount),
    currency: wanted.currency.toLowerCase(),
    duration: wanted.duration,
  };
  const params = {
    id: orderId,
    ...terms,
    name: wanted.name.slice(0, nameLength),
    max_redemptions: 1,
    metadata: { order_id: orderId },
  };
  const coupon = await stripe.coupons.create(params).catch((error: unknown) => {
    if (!isTaken(error)) throw error;
    return stripe.coupons.retrieve(orderId);
  });
  const isSame =
    coupon.amount_off === terms.amount_off && coupon.currency === terms.currency && coupon.duration === terms.duration;
  if (isSame) return coupon.id;
  throw vendorError(
    'refused',
    `Stripe has a coupon ${orderId} of ${String(coupon.amount_off)} ${String(coupon.currency)} ${coupon.duration}; the order needs ${String(terms.amount_off)} ${terms.currency} ${terms.duration}`,
  );
}
