import type { Stripe } from 'stripe';
import { z } from 'zod';
import { randomId } from '../core/ids.ts';
import { endpoint } from './api.ts';
import type { Endpoint } from './api.ts';
import { difference } from './customers.ts';
import { invalidRequest, parameterMissing } from './errors.ts';
import { page } from './pagination.ts';
import {
  common,
  currency,
  flag,
  mergeMetadata,
  metadata,
  metadataUpdate,
  natural,
  paging,
  range,
  text,
} from './params.ts';
import { createProduct } from './products.ts';
import { idOf } from './tables.ts';
import { decimal } from './world.ts';
import type { World } from './world.ts';

/** How often a price is charged. */
export const recurringInput = z.strictObject({
  interval: z.enum(['day', 'week', 'month', 'year']),
  interval_count: natural.refine((value) => value >= 1).optional(),
  usage_type: z.literal('licensed').optional(),
});
const createInput = z.strictObject({
  ...common,
  currency,
  active: flag.optional(),
  billing_scheme: z.literal('per_unit').optional(),
  lookup_key: text.optional(),
  metadata: metadata.optional(),
  nickname: text.optional(),
  product: text.optional(),
  product_data: z.strictObject({ id: text.optional(), name: text, metadata: metadata.optional() }).optional(),
  recurring: recurringInput.optional(),
  tax_behavior: z.enum(['exclusive', 'inclusive', 'unspecified']).optional(),
  transfer_lookup_key: flag.optional(),
  unit_amount: natural.optional(),
});
const updateInput = z.strictObject({
  ...common,
  active: flag.optional(),
  lookup_key: text.optional(),
  metadata: metadataUpdate.optional(),
  nickname: text.optional(),
  tax_behavior: z.enum(['exclusive', 'inclusive', 'unspecified']).optional(),
  transfer_lookup_key: flag.optional(),
});

/** Makes a price, stores it and emits `price.created`. */
export function createPrice(world: World, input: z.output<typeof createInput>): Stripe.Price {
  if (input.unit_amount === undefined) throw parameterMissing('unit_amount');
  if ((input.product === undefined) === (input.product_data === undefined)) {
    if (input.product !== undefined) {
      throw invalidRequest('You may only specify one of these parameters: product, product_data.', {
        param: 'product',
      });
    }
    throw parameterMissing('product');
  }
  const product = input.product
    ? world.tables.products.require(input.product, 'product')
    : createProduct(world, { ...input.product_data, name: input.product_data?.name ?? '' });
  if (input.lookup_key) freeLookupKey(world, input.lookup_key, input.transfer_lookup_key ?? false);
  const price: Stripe.Price = {
    id: randomId('price'),
    object: 'price',
    active: input.active ?? true,
    billing_scheme: 'per_unit',
    created: world.now(),
    currency: input.currency,
    custom_unit_amount: null,
    livemode: false,
    lookup_key: input.lookup_key ?? null,
    metadata: input.metadata ?? {},
    nickname: input.nickname ?? null,
    product: product.id,
    recurring: input.recurring
      ? {
          interval: input.recurring.interval,
          interval_count: input.recurring.interval_count ?? 1,
          meter: null,
          trial_period_days: null,
          usage_type: 'licensed',
        }
      : null,
    tax_behavior: input.tax_behavior ?? 'unspecified',
    tiers_mode: null,
    transform_quantity: null,
    type: input.recurring ? 'recurring' : 'one_time',
    unit_amount: input.unit_amount,
    unit_amount_decimal: decimal(input.unit_amount),
  };
  world.tables.prices.put(price);
  world.emit('price.created', price);
  return price;
}

/** Makes sure that no price has the key: takes it from the one that has when that was asked for, refuses otherwise. */
function freeLookupKey(world: World, key: string, transfer: boolean): void {
  for (const holder of world.tables.prices.list({ lookupKey: key })) {
    if (!transfer) {
      throw invalidRequest(
        `A price (${holder.id}) already uses that lookup key. If you would like to transfer it, set transfer_lookup_key to true.`,
        { code: 'resource_already_exists', param: 'lookup_key' },
      );
    }
    const changed = world.tables.prices.put({ ...holder, lookup_key: null });
    world.emit('price.updated', changed, { lookup_key: key });
  }
}

function updatePrice(world: World, input: z.output<typeof updateInput>, id: string): Stripe.Price {
  const old = world.tables.prices.require(id);
  if (input.lookup_key && input.lookup_key !== old.lookup_key) {
    freeLookupKey(world, input.lookup_key, input.transfer_lookup_key ?? false);
  }
  const changed: Stripe.Price = {
    ...old,
    active: input.active ?? old.active,
    lookup_key: input.lookup_key ?? old.lookup_key,
    metadata: mergeMetadata(old.metadata, input.metadata),
    nickname: input.nickname ?? old.nickname,
    tax_behavior: input.tax_behavior ?? old.tax_behavior,
  };
  world.tables.prices.put(changed);
  world.emit('price.updated', changed, difference(old, changed));
  return changed;
}

/** `/v1/prices…` */
export const priceEndpoints: Endpoint[] = [
  endpoint('POST', '/v1/prices', createInput, createPrice),
  endpoint(
    'GET',
    '/v1/prices',
    z.strictObject({
      ...paging,
      active: flag.optional(),
      created: range.optional(),
      currency: currency.optional(),
      lookup_keys: z.array(text).max(10).optional(),
      product: text.optional(),
      recurring: z.strictObject({ interval: z.enum(['day', 'week', 'month', 'year']).optional() }).optional(),
      type: z.enum(['one_time', 'recurring']).optional(),
    }),
    (world, input) => {
      const prices = world.tables.prices
        .list({ product: input.product })
        .filter((it) => input.active === undefined || it.active === input.active)
        .filter((it) => !input.currency || it.currency === input.currency)
        .filter((it) => !input.lookup_keys || input.lookup_keys.includes(it.lookup_key ?? ''))
        .filter((it) => !input.recurring?.interval || it.recurring?.interval === input.recurring.interval)
        .filter((it) => !input.type || it.type === input.type);
      return page(prices, input, '/v1/prices');
    },
  ),
  endpoint('GET', '/v1/prices/:id', z.strictObject(common), (world, _input, id) => world.tables.prices.require(id)),
  endpoint('POST', '/v1/prices/:id', updateInput, updatePrice),
];

/** Answers the product of a price; prices in the store always have one. */
export function productOf(world: World, price: Stripe.Price): Stripe.Product {
  return world.tables.products.require(idOf(price.product), 'product');
}
