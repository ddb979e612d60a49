import type { Stripe } from 'stripe';
import { z } from 'zod';
import { randomId } from '../core/ids.ts';
import { invalidRequest, parameterMissing } from './errors.ts';
import { clearable, common, currency, email, flag, integer, metadata, natural, text, url } from './params.ts';
import { createPrice, productOf, recurringInput } from './prices.ts';
import type { World } from './world.ts';

const LOCALES =
  'auto bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hi-IN hr hu id it ja ko lt lv ms mt nb nl pl pt pt-BR ro ru sk sl sv th tr vi zh zh-HK zh-TW'.split(
    ' ',
  );

const priceData = z.strictObject({
  currency,
  product: text.optional(),
  product_data: z
    .strictObject({
      name: text,
      description: text.optional(),
      images: z.array(url).optional(),
      metadata: metadata.optional(),
      tax_code: text.optional(),
    })
    .optional(),
  recurring: recurringInput.optional(),
  tax_behavior: z.enum(['exclusive', 'inclusive', 'unspecified']).optional(),
  unit_amount: natural.optional(),
});
const lineItem = z.strictObject({
  price: text.optional(),
  price_data: priceData.optional(),
  quantity: natural.optional(),
  metadata: metadata.optional(),
});
const methodType = z.enum(['card', 'us_bank_account', 'acss_debit']);

/** Parameters of `POST /v1/checkout/sessions` that the stand-in knows. */
export const sessionInput = z.strictObject({
  ...common,
  allowed_payment_method_types: z.array(methodType).min(1).optional(),
  automatic_tax: z.strictObject({ enabled: flag }).optional(),
  excluded_payment_method_types: z.array(methodType).optional(),
  billing_address_collection: z.enum(['auto', 'required']).optional(),
  cancel_url: url.optional(),
  client_reference_id: text.max(200).optional(),
  currency: currency.optional(),
  customer: text.optional(),
  customer_creation: z.enum(['always', 'if_required']).optional(),
  customer_email: email.optional(),
  customer_update: z
    .strictObject({ address: z.enum(['auto', 'never']).optional(), name: z.enum(['auto', 'never']).optional() })
    .optional(),
  // One at most, as the real Checkout has it.
  discounts: z
    .array(z.strictObject({ coupon: text }))
    .max(1)
    .optional(),
  expires_at: integer.optional(),
  invoice_creation: z
    .strictObject({
      enabled: flag,
      invoice_data: z
        .strictObject({ description: text.optional(), footer: text.optional(), metadata: metadata.optional() })
        .optional(),
    })
    .optional(),
  line_items: z.array(lineItem).min(1).max(100).optional(),
  locale: z.enum(LOCALES).optional(),
  metadata: metadata.optional(),
  mode: z.enum(['payment', 'setup', 'subscription']),
  origin_context: z.enum(['mobile_app', 'web']).optional(),
  payment_intent_data: z
    .strictObject({
      description: text.optional(),
      metadata: metadata.optional(),
      receipt_email: email.optional(),
      setup_future_usage: z.enum(['off_session', 'on_session']).optional(),
    })
    .optional(),
  payment_method_collection: z.enum(['always', 'if_required']).optional(),
  saved_payment_method_options: z
    .strictObject({
      allow_redisplay_filters: z.array(z.enum(['always', 'limited', 'unspecified'])).optional(),
      payment_method_remove: z.enum(['disabled', 'enabled']).optional(),
      payment_method_save: z.enum(['disabled', 'enabled']).optional(),
    })
    .optional(),
  submit_type: z.enum(['auto', 'book', 'donate', 'pay', 'subscribe']).optional(),
  subscription_data: z.strictObject({ description: clearable.optional(), metadata: metadata.optional() }).optional(),
  success_url: url.optional(),
  ui_mode: z.literal('hosted_page').optional(),
});

/** The checked parameters of a new session. */
export type SessionInput = z.output<typeof sessionInput>;

/** Smallest totals that the real API takes, in minor units; other currencies as the first. */
const MINIMUM: Record<string, number> = { usd: 50, cad: 50 };

/** Makes the line items of a new session from its parameters; refuses combinations that the real API refuses. */
export function buildLineItems(world: World, input: SessionInput): Stripe.LineItem[] {
  if (!input.line_items) throw parameterMissing('line_items');
  const items = input.line_items.map((item, index) => buildLineItem(world, item, index));
  const currencies = new Set(items.map((item) => item.currency));
  const expected = input.currency ?? items[0]?.currency;
  if (currencies.size > 1 || !currencies.has(expected ?? '')) {
    throw invalidRequest(
      `The price specified only supports \`${[...currencies].join('`, `')}\`. This doesn't match the expected currency: \`${expected ?? ''}\`.`,
      { param: 'line_items' },
    );
  }
  checkRecurring(input, items);
  return items;
}

function buildLineItem(world: World, item: z.output<typeof lineItem>, index: number): Stripe.LineItem {
  const at = `line_items[${index}]`;
  if (item.price !== undefined && item.price_data !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: price, price_data.', { param: `${at}[price]` });
  }
  const price = priceOf(world, item, at);
  if (item.quantity === undefined) {
    throw invalidRequest(`Quantity is required. Add \`quantity\` to \`${at}\``, {
      code: 'parameter_missing',
      param: `${at}[quantity]`,
    });
  }
  if (item.quantity < 1) throw invalidRequest('Invalid quantity: must be greater than 0', { param: `${at}[quantity]` });
  const amount = (price.unit_amount ?? 0) * item.quantity;
  return {
    id: randomId('li'),
    object: 'item',
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: amount,
    amount_tax: 0,
    amount_total: amount,
    currency: price.currency,
    description: productOf(world, price).name,
    metadata: item.metadata ?? {},
    price,
    quantity: item.quantity,
  };
}

function priceOf(world: World, item: z.output<typeof lineItem>, at: string): Stripe.Price {
  if (item.price_data) {
    const { product_data: made, product, ...rest } = item.price_data;
    // The real API makes an inactive price of it, too, and the product of `product_data`.
    const productInput = product !== undefined ? { product } : {};
    const productData = made ? { product_data: { name: made.name, metadata: made.metadata } } : {};
    return createPrice(world, { ...rest, ...productInput, ...productData, active: false });
  }
  if (item.price === undefined) throw parameterMissing(`${at}[price]`);
  const price = world.tables.prices.require(item.price, `${at}[price]`);
  if (!price.active) {
    throw invalidRequest('The price specified is inactive. This field only accepts active prices.', {
      param: `${at}[price]`,
    });
  }
  if (!productOf(world, price).active) {
    throw invalidRequest(`The product of price ${price.id} is inactive. Only active products can be sold.`, {
      param: `${at}[price]`,
    });
  }
  return price;
}

function checkRecurring(input: SessionInput, items: Stripe.LineItem[]): void {
  const recurring = items.filter((item) => item.price?.type === 'recurring');
  if (input.mode === 'payment' && recurring.length > 0) {
    throw invalidRequest(
      'You specified `payment` mode but passed a recurring price. Either switch to `subscription` mode or use only one-time prices.',
      { param: 'line_items' },
    );
  }
  if (input.mode === 'subscription' && recurring.length === 0) {
    throw invalidRequest('You must provide at least one recurring price in `subscription` mode when using prices.', {
      param: 'line_items',
    });
  }
  const rhythms = new Set(
    recurring.map(({ price }) => `${price?.recurring?.interval_count} ${price?.recurring?.interval}`),
  );
  if (rhythms.size > 1) {
    throw invalidRequest('Checkout does not support multiple prices with different billing intervals.', {
      param: 'line_items',
    });
  }
}

/** Refuses a total that the real API finds too small to charge. */
export function checkTotal(input: SessionInput, items: Stripe.LineItem[], code: string): void {
  const total = items.reduce((sum, item) => sum + item.amount_total, 0);
  const least = MINIMUM[code] ?? 50;
  // Nothing due is fine, a little is not.
  if (input.mode === 'payment' && total > 0 && total < least) {
    throw invalidRequest(
      `The Checkout Session's total amount due must add up to at least ${least} minor units of ${code}`,
      {
        code: 'amount_too_small',
        param: 'line_items',
      },
    );
  }
}

/** Refuses parameters that do not go together, as the real API does. */
export function checkCombination(input: SessionInput): void {
  if (input.mode === 'setup') throw invalidRequest('The sandbox does not play `setup` mode.', { param: 'mode' });
  if (input.success_url === undefined) throw parameterMissing('success_url');
  if (input.customer !== undefined && input.customer_email !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: customer, customer_email.', {
      param: 'customer_email',
    });
  }
  const wrong: Record<string, string[]> = {
    payment: ['subscription_data'],
    subscription: ['payment_intent_data', 'invoice_creation', 'customer_creation'],
  };
  for (const name of wrong[input.mode] ?? []) {
    if (input[name as keyof SessionInput] === undefined) continue;
    throw invalidRequest(`You can not pass \`${name}\` in \`${input.mode}\` mode.`, { param: name });
  }
  if (input.customer_creation !== undefined && input.customer !== undefined) {
    throw invalidRequest('You may only specify one of these parameters: customer, customer_creation.', {
      param: 'customer_creation',
    });
  }
  if (input.customer_update !== undefined && input.customer === undefined) {
    throw invalidRequest('`customer_update` can only be used with `customer`.', { param: 'customer_update' });
  }
}

/** Refuses automatic tax for a customer of whom nobody would learn where they are, as the real API does. */
export function checkTax(input: SessionInput, customer: Stripe.Customer | null): void {
  if (!input.automatic_tax?.enabled || !customer || customer.address?.country) return;
  if (input.customer_update?.address === 'auto') return;
  throw invalidRequest(
    "Automatic tax calculation in Checkout requires a valid address on the Customer. Add a valid address to the Customer or set `customer_update[address]` to 'auto' to save the address entered in Checkout to the Customer.",
    { code: 'customer_tax_location_invalid', param: 'customer' },
  );
}
