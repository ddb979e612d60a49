import type { Stripe } from 'stripe';
import { isMissing } from './errors.ts';
import type { CatalogPrice } from './port.ts';
import { lookupKeyField } from './read.ts';

/**
 * Makes Stripe hold `price`: the product under our own id, and a price that has the lookup key. Prices cannot be changed at
 * Stripe; a changed amount makes a new one that takes the key over, while subscriptions stay on theirs. Safe to repeat.
 */
export async function syncPrice(stripe: Stripe, price: CatalogPrice): Promise<{ priceId: string }> {
  await syncProduct(stripe, price.productId, price.productName);
  const { data } = await stripe.prices.list({ lookup_keys: [price.lookupKey], limit: 1 });
  const current = data[0];
  if (current && isSame(current, price)) {
    if (current.tax_behavior !== 'exclusive') await stripe.prices.update(current.id, { tax_behavior: 'exclusive' });
    return { priceId: current.id };
  }
  // The replaced price is in the key: going back to an earlier amount within a day must not replay that older price.
  const idempotencyKey = `price:${price.lookupKey}:${price.amount}:${current?.id ?? 'first'}`;
  const created = await stripe.prices.create(newPrice(price), { idempotencyKey });
  return { priceId: created.id };
}

/** Makes Stripe hold a product under our own id, with this name. Safe to repeat. */
export async function syncProduct(stripe: Stripe, id: string, name: string): Promise<void> {
  const product = await stripe.products.retrieve(id).catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (product === null) await stripe.products.create({ id, name }, { idempotencyKey: `product:${id}:${name}` });
  else if (product.name !== name || !product.active) await stripe.products.update(id, { name, active: true });
}

function isSame(held: Stripe.Price, price: CatalogPrice): boolean {
  return (
    held.active &&
    held.unit_amount === Number(price.amount) &&
    held.currency === price.currency.toLowerCase() &&
    (held.recurring?.interval ?? null) === price.interval &&
    (held.recurring?.interval_count ?? 1) === 1 &&
    held.product === price.productId
  );
}

function newPrice(price: CatalogPrice): Stripe.PriceCreateParams {
  return {
    product: price.productId,
    currency: price.currency.toLowerCase(),
    unit_amount: Number(price.amount),
    // Tax comes on top. Said of every price, because Stripe does not let it be changed once it is said.
    tax_behavior: 'exclusive',
    lookup_key: price.lookupKey,
    transfer_lookup_key: true,
    metadata: { [lookupKeyField]: price.lookupKey },
    ...(price.interval === null ? {} : { recurring: { interval: price.interval } }),
  };
}
