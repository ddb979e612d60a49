import type { Stripe } from 'stripe';
import { ensureCoupon } from './ensure-coupon.ts';
import type { NewCoupon } from './port.ts';

/**
 * Takes a coupon off each coming invoice of a subscription. Its coupon can be redeemed once, so the subscription is looked at first: one
 * that carries it already is left alone, and so is one that has ended.
 */
export async function discountRenewals(
  stripe: Stripe,
  { orderId, subscriptionId, coupon }: { orderId: string; subscriptionId: string; coupon: NewCoupon },
): Promise<void> {
  const couponId = await ensureCoupon(stripe, `${orderId}-renewals`, coupon);
  const { status, discounts } = await stripe.subscriptions.retrieve(subscriptionId, { expand: ['discounts'] });
  if (status === 'canceled' || status === 'incomplete_expired') return;
  if (discounts.some((discount) => typeof discount === 'object' && couponOf(discount) === couponId)) return;
  await stripe.subscriptions.update(subscriptionId, { discounts: [{ coupon: couponId }] });
}

function couponOf({ source }: Stripe.Discount): string | null {
  return typeof source.coupon === 'object' ? (source.coupon?.id ?? null) : source.coupon;
}
