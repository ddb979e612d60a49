import type { PriceBook } from '../../domain/catalog/price-book.ts';
import type { BillingCycle } from '../../domain/pricing/catalog.ts';
import type { Amount, Currency } from '../../shared/money.ts';
import type { PaymentsPort } from './port.ts';

const intervals = { one_time: null, monthly: 'month', annual: 'year' } as const satisfies Record<
  BillingCycle,
  'month' | 'year' | null
>;

/** Gives the provider's price of a product in a currency; makes it there where it is missing. Safe to repeat. */
export async function ensurePrice(
  payments: PaymentsPort,
  book: PriceBook,
  price: {
    productId: string;
    productName: string;
    cycle: BillingCycle;
    currency: Currency;
    amount: Amount<Currency>;
  },
): Promise<string> {
  const lookupKey = `${price.productId}:${price.currency}:${price.cycle}`;
  const known = await book.find(lookupKey, price.amount);
  if (known !== null) return known;
  const { priceId } = await payments.syncPrice({
    lookupKey,
    productId: price.productId,
    productName: price.productName,
    currency: price.currency,
    amount: price.amount,
    interval: intervals[price.cycle],
  });
  await book.save(lookupKey, price.amount, priceId);
  return priceId;
}
