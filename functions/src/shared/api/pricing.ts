import { z } from 'zod';
import { currencySchema, moneySchema, priceSchema } from '../money-schemas.ts';
import { declareOperation } from '../operation.ts';
import { countrySchema, cycleSchema, productIdSchema, productKinds } from './catalog.ts';

/** A promotion's code as people type it: letters, digits and hyphens; whether small or capital does not matter. */
export const promotionCodeSchema = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9-]{3,32}$/)
  .transform((code) => code.toUpperCase())
  .meta({
    description: 'A promotion code: 3 to 32 letters, digits or hyphens. Small and capital letters are the same.',
  });

/** What somebody wants to buy of one product. */
export const basketItemSchema = z.strictObject({
  productId: productIdSchema,
  cycle: cycleSchema,
  quantity: z.number().int().min(1).max(10).default(1),
});

/** What a price depends on besides the catalogue. */
export const basketSchema = z.object({
  items: z.array(basketItemSchema).min(1).max(10),
  currency: currencySchema,
  membershipId: productIdSchema.nullable().default(null).meta({
    description:
      'The membership that the buyer is taken to hold. For a signed-in caller the one really held counts instead.',
  }),
  country: countrySchema
    .nullable()
    .default(null)
    .meta({ description: 'Where it is to be used; null where not known.' }),
  promotionCode: promotionCodeSchema.nullable().default(null),
});
export type Basket = z.output<typeof basketSchema>;

/** One discount with its reason. */
export const discountSchema = z.object({
  kind: z.enum(['bundle', 'member', 'promotion']),
  id: z.string().meta({ description: "The bundle's or member discount's id, or the promotion's code." }),
  basisPoints: z.number().int().nullable().meta({ description: 'Null for a fixed amount.' }),
  amount: priceSchema,
});

const savingSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('pay_yearly'), productIds: z.array(productIdSchema), saving: priceSchema }),
  z.object({
    kind: z.literal('complete_bundle'),
    bundleId: productIdSchema,
    productId: productIdSchema,
    cycle: cycleSchema,
    extra: priceSchema.meta({
      description: 'What more is due now with this product added; below zero when it is less.',
    }),
    saving: priceSchema.meta({ description: 'What the bundle takes off all of it.' }),
  }),
  z.object({ kind: z.literal('join'), membershipId: productIdSchema, saving: priceSchema }),
]);

/** A price with its reasons, as every door shows it. Amounts are before tax. */
export const pricedBasketSchema = z.object({
  catalogVersion: z.number().int(),
  currency: currencySchema,
  lines: z.array(
    z.object({
      productId: productIdSchema,
      name: z.string(),
      kind: z.enum(productKinds),
      cycle: cycleSchema,
      quantity: z.number().int(),
      unit: priceSchema,
      full: priceSchema,
      discount: priceSchema,
      total: priceSchema,
      reward: moneySchema,
    }),
  ),
  discount: discountSchema.nullable().meta({ description: 'The one discount that applies: they do not stack.' }),
  subtotal: priceSchema.meta({ description: 'The sum of the list prices.' }),
  dueNow: priceSchema,
  recurring: z
    .object({ monthly: priceSchema, annual: priceSchema })
    .meta({ description: 'Due at each renewal, with the discounts that come again.' }),
  renewalDiscount: discountSchema.nullable().meta({ description: 'What is taken off each renewal, and why.' }),
  reward: moneySchema,
  taxNote: z.enum(['not_included', 'added_at_checkout']).meta({
    description:
      'not_included: no tax is added. added_at_checkout: the payment page adds the tax of the buyer’s place.',
  }),
  savings: z.array(savingSchema).meta({ description: 'What would make it cheaper, the largest saving first.' }),
});
export type PricedBasketView = z.output<typeof pricedBasketSchema>;

export const quoteTokenSchema = z.string().min(1).max(4096).meta({ description: 'The signed token of a quote.' });

const offeredSchema = z.object({
  quote: quoteTokenSchema,
  expiresAt: z.iso.datetime(),
  checkoutUrl: z.string(),
  price: pricedBasketSchema,
});

/** A quote that was opened. `membershipId` is what its buyer was taken to hold, and has to hold to redeem it. */
const readQuoteSchema = z.object({
  price: pricedBasketSchema,
  expiresAt: z.iso.datetime(),
  membershipId: productIdSchema.nullable(),
  country: countrySchema.nullable(),
  promotionCode: z.string().nullable(),
});

// Anybody may ask for a price, also a script: enough for a person who clicks fast, and too little to search for codes.
const pricingRate = { calls: 120, windowSeconds: 60 };
const pricingErrors = ['catalog.product_unavailable', 'promotion.unavailable', 'request.rate_limited'] as const;

export const priceBasket = declareOperation({
  name: 'priceBasket',
  method: 'POST',
  path: '/prices',
  access: 'public',
  input: basketSchema,
  output: pricedBasketSchema,
  idempotent: false,
  summary:
    'What a basket costs now and at each renewal, with the discount and its reason, and what would make it cheaper.',
  errors: [...pricingErrors],
  rateLimit: pricingRate,
});

export const createQuote = declareOperation({
  name: 'createQuote',
  method: 'POST',
  path: '/quotes',
  access: 'public',
  input: basketSchema,
  output: offeredSchema,
  idempotent: false,
  summary: 'A price that is kept for 30 minutes: a signed token, and the link that opens it in the web app.',
  errors: [...pricingErrors, 'order.mixed_billing'],
  rateLimit: pricingRate,
});

export const readQuote = declareOperation({
  name: 'readQuote',
  method: 'POST',
  // In the body, because a token in an address would be written to every log on the way.
  path: '/quotes/read',
  access: 'public',
  input: z.object({ quote: quoteTokenSchema }),
  output: readQuoteSchema,
  idempotent: false,
  summary: 'What a quote says.',
  errors: ['quote.altered', 'quote.expired', 'request.rate_limited'],
  rateLimit: pricingRate,
});

export const refreshQuote = declareOperation({
  name: 'refreshQuote',
  method: 'POST',
  path: '/quotes/refresh',
  access: 'public',
  input: z.object({ quote: quoteTokenSchema }),
  output: offeredSchema.extend({
    old: readQuoteSchema,
    promotionGone: z.boolean().meta({ description: 'True when the code of the old quote can no longer be used.' }),
  }),
  idempotent: false,
  summary: 'A fresh quote for what an older one was for, expired or not, beside the old price.',
  errors: ['quote.altered', 'catalog.product_unavailable', 'order.mixed_billing', 'request.rate_limited'],
  rateLimit: pricingRate,
});
