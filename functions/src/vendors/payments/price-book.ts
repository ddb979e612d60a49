import type { Product } from '../../shared/api/catalog.ts';
import type { Amount, Currency } from '../../shared/money.ts';
import type { PaymentsPort } from './port.ts';

/** Where the provider's price ids are kept, by lookup key and amount. */
export interface PriceBook {
  find(lookupKey: string, amount: bigint): Promise<string | null>;
  save(lookupKey: string, amount: bigint, priceId: string): Promise<void>;
}

const intervals = { one_time: null, monthly: 'month', annual: 'year', free: null } as const satisfies Record<
  Product['billing'],
  'month' | 'year' | null
>;

/** Gives the provider's price of a product in a currency; makes it there where it is missing. Safe to repeat. */
export async function ensurePrice(
  payments: PaymentsPort,
  book: PriceBook,
  price: {
    productId: string;
    productName: string;
    billing: Product['billing'];
    currency: Currency;
    amount: Amount<Currency>;
  },
): Promise<string> {
  const lookupKey = `${price.productId}:${price.currency}:${price.billing}`;
  const known = await book.find(lookupKey, price.amount);
  if (known !== null) return known;
  const { priceId } = await payments.syncPrice({
    lookupKey,
    productId: price.productId,
    productName: price.productName,
    currency: price.currency,
    amount: price.amount,
    interval: intervals[price.billing],
  });
  await book.save(lookupKey, price.amount, priceId);
  return priceId;
}
