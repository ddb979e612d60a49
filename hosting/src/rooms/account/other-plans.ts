import type { Product } from '../../../../functions/src/shared/api/catalog.ts';
import type { Subscription } from '../../../../functions/src/shared/api/orders.ts';
import type { Money } from '../../../../functions/src/shared/money.ts';
import { priceIn } from '../plans/product-words.ts';

/** A plan that somebody may change to. `keeps` is the one that they have, where another was chosen for later. */
export interface OtherPlan {
  product: Product;
  cycle: 'monthly' | 'annual';
  price: Money;
  keeps: boolean;
}

const cycles = ['monthly', 'annual'] as const;

/**
 * The plans that a subscription may change to: the same thing in another rhythm, and of memberships any other. While a change is planned,
 * only the way back. The server has the last word.
 */
export function otherPlans(subscription: Subscription, products: readonly Product[]): OtherPlan[] {
  const current = products.find(({ id }) => id === subscription.productId);
  const { price: paid, next } = subscription;
  if (!current || !paid) return [];
  const plans = products
    .filter(
      ({ id, kind, sellable }) => sellable && (id === current.id || (kind === 'membership' && current.kind === kind)),
    )
    .flatMap((product) =>
      cycles.flatMap((cycle) => {
        const price = priceIn(product, paid.unit, cycle);
        const keeps = product.id === current.id && cycle === subscription.cycle;
        return price === null ? [] : [{ product, cycle, price: keeps ? paid : price, keeps }];
      }),
    );
  return plans.filter(({ keeps }) => keeps === (next !== null));
}
