import type { Stripe } from 'stripe';
import type { World } from './world.ts';

/** Ends a subscription now and emits `customer.subscription.deleted`. Open invoices are no longer collected. */
export function cancelNow(
  world: World,
  subscription: Stripe.Subscription,
  reason: 'cancellation_requested' | 'payment_failed',
): Stripe.Subscription {
  const now = world.now();
  world.agenda.cancel('subscription-renews', subscription.id);
  for (const invoice of world.tables.invoices.list({ subscription: subscription.id, status: 'open' })) {
    world.agenda.cancel('invoice-retries', invoice.id);
    world.tables.invoices.put({ ...invoice, auto_advance: false, next_payment_attempt: null });
  }
  const canceled = world.tables.subscriptions.put({
    ...subscription,
    status: 'canceled',
    cancel_at_period_end: false,
    cancel_at: null,
    canceled_at: subscription.canceled_at ?? now,
    ended_at: now,
    cancellation_details: {
      comment: subscription.cancellation_details?.comment ?? null,
      feedback: subscription.cancellation_details?.feedback ?? null,
      feedback_option: null,
      reason,
    },
  });
  world.emit('customer.subscription.deleted', canceled);
  return canceled;
}
