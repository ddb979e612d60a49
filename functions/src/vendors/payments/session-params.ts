import type { Stripe } from 'stripe';
import type { NewSession } from './port.ts';

/**
 * Writes a new checkout session for Stripe. Nothing in it comes from a clock: a repetition must send the same bytes under
 * the same key. Our ids go on the session and on what it makes, so that each object that Stripe shows leads back here. `couponId` is
 * what the input's coupon is called at Stripe. With automatic tax the page asks where the member is, and keeps it: renewals are taxed there.
 */
export function newSessionParams(
  input: NewSession,
  couponId: string | null,
  { automaticTax }: { automaticTax: boolean },
): Stripe.Checkout.SessionCreateParams {
  const metadata = { order_id: input.orderId, member_id: input.memberId };
  return {
    mode: input.mode,
    customer: input.customerId,
    client_reference_id: input.orderId,
    line_items: input.lines.map(({ priceId, quantity }) => ({ price: priceId, quantity })),
    ...(couponId === null ? {} : { discounts: [{ coupon: couponId }] }),
    ...(automaticTax
      ? {
          automatic_tax: { enabled: true },
          billing_address_collection: 'required' as const,
          customer_update: { address: 'auto' as const },
        }
      : {}),
    success_url: input.successUrl,
    cancel_url: input.cancelUrl,
    expires_at: Math.floor(input.expiresAt.getTime() / 1000),
    locale: input.locale,
    metadata,
    ...(input.mode === 'payment'
      ? {
          payment_intent_data: { metadata },
          // Subscriptions keep their card anyway; here the member is asked.
          saved_payment_method_options: { payment_method_save: 'enabled' },
        }
      : { subscription_data: { metadata } }),
  };
}
