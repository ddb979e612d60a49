import type { Stripe } from 'stripe';
import { z } from 'zod';
import { randomId } from '../core/ids.ts';
import { endpoint } from './api.ts';
import type { Endpoint } from './api.ts';
import { difference } from './customers.ts';
import { invalidRequest } from './errors.ts';
import { page } from './pagination.ts';
import {
  clearable,
  common,
  flag,
  mergeMetadata,
  metadata,
  metadataUpdate,
  paging,
  range,
  text,
  url,
} from './params.ts';
import type { World } from './world.ts';

const fields = {
  ...common,
  active: flag.optional(),
  images: z.array(url).max(8).optional(),
  shippable: flag.optional(),
  statement_descriptor: text.optional(),
  marketing_features: z
    .array(z.strictObject({ name: text }))
    .max(15)
    .optional(),
};
const createInput = z.strictObject({
  ...fields,
  id: text.optional(),
  name: text,
  description: text.optional(),
  tax_code: text.optional(),
  unit_label: text.optional(),
  url: url.optional(),
  metadata: metadata.optional(),
});
const updateInput = z.strictObject({
  ...fields,
  name: text.optional(),
  description: clearable.optional(),
  default_price: text.optional(),
  tax_code: clearable.optional(),
  unit_label: clearable.optional(),
  url: clearable.optional(),
  metadata: metadataUpdate.optional(),
});

/** Makes a product, stores it and emits `product.created`. */
export function createProduct(world: World, input: z.output<typeof createInput>): Stripe.Product {
  const id = input.id ?? randomId('prod', 14);
  if (world.tables.products.get(id)) {
    throw invalidRequest(`Product already exists.`, { code: 'resource_already_exists', param: 'id' });
  }
  const now = world.now();
  const product: Stripe.Product = {
    id,
    object: 'product',
    active: input.active ?? true,
    created: now,
    default_price: null,
    description: input.description ?? null,
    images: input.images ?? [],
    livemode: false,
    marketing_features: input.marketing_features ?? [],
    metadata: input.metadata ?? {},
    name: input.name,
    package_dimensions: null,
    shippable: input.shippable ?? null,
    statement_descriptor: input.statement_descriptor ?? null,
    tax_code: input.tax_code ?? null,
    tax_details: null,
    type: 'service',
    unit_label: input.unit_label ?? null,
    updated: now,
    url: input.url ?? null,
  };
  world.tables.products.put(product);
  world.emit('product.created', product);
  return product;
}

function updateProduct(world: World, input: z.output<typeof updateInput>, id: string): Stripe.Product {
  const old = world.tables.products.require(id);
  if (input.default_price !== undefined) world.tables.prices.require(input.default_price, 'default_price');
  const changed: Stripe.Product = {
    ...old,
    active: input.active ?? old.active,
    default_price: input.default_price ?? old.default_price ?? null,
    description: input.description === undefined ? old.description : input.description,
    images: input.images ?? old.images,
    marketing_features: input.marketing_features ?? old.marketing_features,
    metadata: mergeMetadata(old.metadata, input.metadata),
    name: input.name ?? old.name,
    shippable: input.shippable ?? old.shippable,
    statement_descriptor: input.statement_descriptor ?? old.statement_descriptor ?? null,
    tax_code: input.tax_code === undefined ? (old.tax_code ?? null) : input.tax_code,
    unit_label: input.unit_label === undefined ? (old.unit_label ?? null) : input.unit_label,
    updated: world.now(),
    url: input.url === undefined ? old.url : input.url,
  };
  world.tables.products.put(changed);
  world.emit('product.updated', changed, difference(old, changed));
  return changed;
}

/** `/v1/products…` */
export const productEndpoints: Endpoint[] = [
  endpoint('POST', '/v1/products', createInput, createProduct),
  endpoint(
    'GET',
    '/v1/products',
    z.strictObject({ ...paging, active: flag.optional(), created: range.optional(), ids: z.array(text).optional() }),
    (world, input) => {
      const active = input.active === undefined ? undefined : String(input.active);
      const products = world.tables.products.list({ active });
      return page(input.ids ? products.filter((it) => input.ids?.includes(it.id)) : products, input, '/v1/products');
    },
  ),
  endpoint('GET', '/v1/products/:id', z.strictObject(common), (world, _input, id) => world.tables.products.require(id)),
  endpoint('POST', '/v1/products/:id', updateInput, updateProduct),
];
