import type { Amount, Currency } from '../../shared/money.ts';
import type { SubscriptionCycle } from './proration.ts';

/** One position of a subscription, as the payment provider shows it. */
export interface SeenItem {
  id: string;
  productId: string;
  /** Null for a rhythm that we don't sell. */
  cycle: SubscriptionCycle | null;
  currency: Currency;
  unit: Amount<Currency>;
  quantity: number;
  periodStart: Date;
}

/** A subscription as the payment provider shows it, in the three states that matter to a member: it runs, it waits for money, it is over. */
export interface SeenSubscription {
  stripeSubscriptionId: string;
  status: 'active' | 'past_due' | 'canceled';
  currentPeriodEnd: Date;
  cancelAtPeriodEnd: boolean;
  discounted: boolean;
  items: SeenItem[];
}
