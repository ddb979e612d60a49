import type { Stripe } from 'stripe';
import type { NewSession } from './port.ts';

/**
 * Writes a new checkout session for Stripe. Nothing in it comes from a clock: a repetition must send the same bytes under
 * the same key. Our ids go on the session and on what it makes, so that each object that Stripe shows leads back here.
 */
export function newSessionParams(input: NewSession): Stripe.Checkout.SessionCreateParams {
  const metadata = { order_id: input.orderId, member_id: input.memberId };
  return {
    mode: input.mode,
    customer: input.customerId,
    client_reference_id: input.orderId,
    line_items: input.lines.map(({ priceId, quantity }) => ({ price: priceId, quantity })),
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
