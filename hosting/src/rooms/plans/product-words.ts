import type { Product } from '../../../../functions/src/shared/api/catalog.ts';
import type { Currency, Money } from '../../../../functions/src/shared/money.ts';
import { formatBasisPoints, formatData, formatPrice } from '../../format/money.ts';
import type { Text } from '../../i18n/text.ts';

/** The product's name in the reader's language; the catalogue's own where a new product has no translation yet. */
export function productName(product: { id: string; name: string }, t: Text): string {
  return t.maybe(`products.${product.id}.name`) ?? product.name;
}

/** One sentence on what the product is for; empty where there is none yet. */
export function productDescription(product: Product, t: Text): string {
  return t.maybe(`products.${product.id}.description`) ?? '';
}

/** The list price in one currency and billing cycle, or null where the product is not sold so. */
export function priceIn(product: Product, currency: Currency, cycle = product.billing): Money<Currency> | null {
  return product.prices.find((price) => price.unit === currency && price.cycle === cycle) ?? null;
}

/** The price as on a tag: amount, and what it is per. In the cycle that is offered first, where none is asked for. */
export function priceTag(
  product: Product,
  currency: Currency,
  t: Text,
  cycle = product.billing,
): { amount: string; per: string } {
  if (cycle === 'free') return { amount: t('plans.free'), per: '' };
  const price = priceIn(product, currency, cycle);
  if (price === null) return { amount: t('plans.noPrice'), per: '' };
  return { amount: formatPrice(price, t.locale, 'short'), per: t(`plans.per.${cycle}`) };
}

/** What one gets, in short lines. */
export function productFacts(product: Product, t: Text): string[] {
  const facts: string[] = [];
  if (product.dataBytes !== null)
    facts.push(t('plans.data', { data: formatData(BigInt(product.dataBytes), t.locale) }));
  if (product.validityDays !== null) facts.push(t('plans.valid', { days: product.validityDays }));
  else if (product.dataBytes !== null) facts.push(t('plans.noExpiry'));
  if (product.includesLine) facts.push(t('plans.lineIncluded'));
  if (product.oncePerPerson) facts.push(t('plans.oncePerPerson'));
  if (product.rewardBasisPoints > 0) {
    facts.push(t('plans.reward', { percent: formatBasisPoints(product.rewardBasisPoints, t.locale) }));
  }
  return facts;
}
