import type { Stripe } from 'stripe';
import { z } from 'zod';
import { randomId } from '../core/ids.ts';
import { endpoint } from './api.ts';
import type { Endpoint } from './api.ts';
import { searchCustomers } from './customer-search.ts';
import { resourceMissing } from './errors.ts';
import { page } from './pagination.ts';
import { clearable, common, email, mergeMetadata, metadata, metadataUpdate, paging, range, text } from './params.ts';
import { cancelNow } from './subscription-cancel.ts';
import { idOf } from './tables.ts';
import type { World } from './world.ts';

const address = z.strictObject({
  city: clearable.optional(),
  country: clearable.optional(),
  line1: clearable.optional(),
  line2: clearable.optional(),
  postal_code: clearable.optional(),
  state: clearable.optional(),
});
const clearableEmail = z.union([z.literal('').transform(() => null), email]);

const fields = {
  ...common,
  address: z.union([z.literal('').transform(() => null), address]).optional(),
  description: clearable.optional(),
  email: clearableEmail.optional(),
  name: clearable.optional(),
  phone: clearable.optional(),
  preferred_locales: z.array(text).optional(),
  tax_exempt: z.enum(['none', 'exempt', 'reverse']).optional(),
};
const createInput = z.strictObject({
  ...fields,
  metadata: z.union([z.literal('').transform(() => ({})), metadata]).optional(),
});
const updateInput = z.strictObject({
  ...fields,
  metadata: metadataUpdate.optional(),
  invoice_settings: z.strictObject({ default_payment_method: text.optional() }).optional(),
});

/** Makes a customer, stores it and emits `customer.created`. */
export function createCustomer(world: World, input: Omit<z.output<typeof createInput>, 'expand'>): Stripe.Customer {
  const id = randomId('cus', 14);
  const customer: Stripe.Customer = {
    id,
    object: 'customer',
    address: completeAddress(input.address),
    balance: 0,
    created: world.now(),
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: input.description ?? null,
    discount: null,
    email: input.email ?? null,
    invoice_prefix: id.slice(-8).toUpperCase(),
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    livemode: false,
    metadata: input.metadata ?? {},
    name: input.name ?? null,
    next_invoice_sequence: 1,
    phone: input.phone ?? null,
    preferred_locales: input.preferred_locales ?? [],
    shipping: null,
    tax_exempt: input.tax_exempt ?? 'none',
    test_clock: null,
  };
  world.tables.customers.put(customer);
  world.emit('customer.created', customer);
  return customer;
}

function completeAddress(given: z.output<typeof address> | null | undefined): Stripe.Address | null {
  if (!given) return null;
  const { city = null, country = null, line1 = null, line2 = null, postal_code = null, state = null } = given;
  return { city, country, line1, line2, postal_code, state };
}

/** Finds a customer that a parameter names; a deleted one is as good as missing. */
export function requireCustomer(world: World, id: string, param = 'customer'): Stripe.Customer {
  return world.tables.customers.require(id, param);
}

function updateCustomer(world: World, input: z.output<typeof updateInput>, id: string): Stripe.Customer {
  const old = requireCustomer(world, id, 'id');
  const method = input.invoice_settings?.default_payment_method;
  if (method !== undefined && idOf(world.tables.paymentMethods.get(method)?.customer) !== id) {
    throw resourceMissing('PaymentMethod', method, 'invoice_settings[default_payment_method]');
  }
  const changed: Stripe.Customer = {
    ...old,
    address: input.address === undefined ? (old.address ?? null) : completeAddress(input.address),
    description: input.description === undefined ? old.description : input.description,
    email: input.email === undefined ? old.email : input.email,
    name: input.name === undefined ? (old.name ?? null) : input.name,
    phone: input.phone === undefined ? (old.phone ?? null) : input.phone,
    preferred_locales: input.preferred_locales ?? old.preferred_locales ?? [],
    tax_exempt: input.tax_exempt ?? old.tax_exempt ?? 'none',
    metadata: mergeMetadata(old.metadata, input.metadata),
    invoice_settings: { ...old.invoice_settings, ...(method === undefined ? {} : { default_payment_method: method }) },
  };
  world.tables.customers.put(changed);
  world.emit('customer.updated', changed, difference(old, changed));
  return changed;
}

/** Answers the old values of the top-level fields that changed: an event's `previous_attributes`. */
export function difference(old: object, changed: object): object {
  const now = changed as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(old).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(now[name])),
  );
}

function deleteCustomer(world: World, id: string): Stripe.DeletedCustomer {
  const customer = requireCustomer(world, id, 'id');
  for (const subscription of world.tables.subscriptions.list({ customer: id })) {
    if (subscription.status !== 'canceled') cancelNow(world, subscription, 'cancellation_requested');
  }
  const deleted: Stripe.DeletedCustomer = { id, object: 'customer', deleted: true };
  world.tables.customers.remove(id);
  world.tables.deletedCustomers.put(deleted);
  world.emit('customer.deleted', customer);
  return deleted;
}

/** `/v1/customers…` */
export const customerEndpoints: Endpoint[] = [
  endpoint('POST', '/v1/customers', createInput, (world, input) => createCustomer(world, input)),
  endpoint(
    'GET',
    '/v1/customers',
    z.strictObject({ ...paging, created: range.optional(), email: text.optional() }),
    // The filter is case-sensitive, as the real one is.
    (world, input) => page(world.tables.customers.list({ email: input.email }), input, '/v1/customers'),
  ),
  endpoint(
    'GET',
    '/v1/customers/search',
    z.strictObject({ ...common, query: text, limit: paging.limit, page: text.optional() }),
    (world, input) => searchCustomers(world, input.query, input.limit ?? 10, input.page),
  ),
  endpoint(
    'GET',
    '/v1/customers/:id',
    z.strictObject(common),
    (world, _input, id) => world.tables.deletedCustomers.get(id) ?? requireCustomer(world, id, 'id'),
  ),
  endpoint('POST', '/v1/customers/:id', updateInput, updateCustomer),
  endpoint('DELETE', '/v1/customers/:id', z.strictObject({}), (world, _input, id) => deleteCustomer(world, id)),
  endpoint(
    'GET',
    '/v1/customers/:id/payment_methods',
    z.strictObject({
      ...paging,
      type: text.optional(),
      allow_redisplay: z.enum(['always', 'limited', 'unspecified']).optional(),
    }),
    (world, input, id) => {
      requireCustomer(world, id, 'id');
      const methods = world.tables.paymentMethods
        .list({ customer: id })
        .filter((method) => !input.type || method.type === input.type)
        .filter((method) => !input.allow_redisplay || method.allow_redisplay === input.allow_redisplay);
      return page(methods, input, `/v1/customers/${id}/payment_methods`);
    },
  ),
];
