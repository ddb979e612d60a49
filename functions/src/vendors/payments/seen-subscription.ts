import type { SeenSubscription } from '../../domain/billing/seen-subscription.ts';
import type { SubscriptionState } from './port.ts';

const statuses = {
  active: 'active',
  trialing: 'active',
  past_due: 'past_due',
  unpaid: 'past_due',
  incomplete: 'past_due',
  paused: 'past_due',
  incomplete_expired: 'canceled',
  canceled: 'canceled',
} as const satisfies Record<SubscriptionState['status'], SeenSubscription['status']>;

const cycles = { month: 'monthly', year: 'annual' } as const;

/** Our catalogue's ids; a product that somebody made by hand at the provider has another form. */
const ownProduct = /^[a-z0-9_]{2,40}$/;

/**
 * Puts a subscription of the provider in our words. Positions for things that are not in our catalogue are left out: somebody added them
 * by hand.
 */
export function seenSubscription(state: SubscriptionState): SeenSubscription {
  return {
    stripeSubscriptionId: state.id,
    status: statuses[state.status],
    currentPeriodEnd: state.currentPeriodEnd,
    cancelAtPeriodEnd: state.cancelAtPeriodEnd,
    discounted: state.discounted,
    items: state.items
      .filter(({ productId }) => ownProduct.test(productId))
      .map(({ id, productId, interval, currency, amount, quantity, periodStart }) => ({
        id,
        productId,
        cycle: interval === null ? null : cycles[interval],
        currency,
        unit: amount,
        quantity,
        periodStart,
      })),
  };
}
