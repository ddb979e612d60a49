import type { CatalogView } from '../../shared/api/catalog.ts';
import { CodedError } from '../../shared/errors.ts';
import type { BasketItem } from './price-basket.ts';

/** How the payment provider takes the money: once, or again each period. */
export type BillingMode = 'payment' | 'subscription';

/**
 * Says how a basket is paid, for what a price alone does not forbid: what is sold elsewhere, more than one of what is had once at a time, and
 * months and years in one payment. Things that are paid once may stand beside what renews. Throws `catalog.product_unavailable`,
 * `request.invalid` naming the item, and `order.mixed_billing`.
 */
export function assertPayable({ products }: Pick<CatalogView, 'products'>, items: readonly BasketItem[]): BillingMode {
  const ids = new Set<string>();
  items.forEach(({ productId, cycle, quantity }, index) => {
    const product = products.find((candidate) => candidate.id === productId);
    if (!product?.sellable) throw new CodedError('catalog.product_unavailable', `${productId} is not sold here`);
    if (ids.has(productId)) throw invalid('items', `names ${productId} twice; use quantity`);
    ids.add(productId);
    if (quantity !== 1 && (product.oncePerPerson || cycle !== 'one_time')) {
      throw invalid(`items.${index}.quantity`, `${productId} is sold one at a time`);
    }
  });
  const intervals = new Set(items.map(({ cycle }) => cycle).filter((cycle) => cycle !== 'one_time'));
  if (intervals.size > 1) {
    throw new CodedError(
      'order.mixed_billing',
      'one order holds what renews each month or what renews each year, not both',
    );
  }
  return intervals.size === 0 ? 'payment' : 'subscription';
}

function invalid(field: string, problem: string): CodedError {
  return new CodedError('request.invalid', `${field} ${problem}`, { fields: [{ field, problem }] });
}
