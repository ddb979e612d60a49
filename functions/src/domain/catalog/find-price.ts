import type { Product } from '../../shared/api/catalog.ts';
import { fromDecimal, type Amount, type Currency } from '../../shared/money.ts';
import type { BillingCycle } from '../pricing/catalog.ts';

/** The list price of a product in a currency and billing cycle, in minor units; null where it is not sold so. */
export function findPrice(
  product: Pick<Product, 'prices'>,
  currency: Currency,
  cycle: BillingCycle,
): Amount<Currency> | null {
  const price = product.prices.find((candidate) => candidate.unit === currency && candidate.cycle === cycle);
  return price ? fromDecimal(currency, price.amount) : null;
}
