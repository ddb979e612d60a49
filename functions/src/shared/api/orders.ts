import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { currencySchema, moneySchema, priceSchema } from '../money-schemas.ts';
import { declareOperation } from '../operation.ts';
import { orderEventKinds, orderStates } from '../order.ts';
import { countrySchema, cycleSchema, productIdSchema } from './catalog.ts';
import { discountSchema, promotionCodeSchema, quoteTokenSchema } from './pricing.ts';

export const subscriptionCycleSchema = z.enum(['monthly', 'annual']).meta({ description: 'How often it is billed.' });

export const subscriptionSchema = z.object({
  id: idSchema('subscription'),
  productId: productIdSchema,
  status: z.enum(['active', 'past_due', 'canceled']),
  cycle: subscriptionCycleSchema.nullable(),
  price: priceSchema
    .nullable()
    .meta({ description: 'For one period, before discounts and tax; null while it is not known.' }),
  currentPeriodEnd: z.iso.datetime(),
  cancelAtPeriodEnd: z.boolean(),
  next: z
    .object({ productId: productIdSchema, cycle: subscriptionCycleSchema, price: priceSchema })
    .nullable()
    .meta({ description: 'The plan that takes over at the end of the period, where another one was chosen.' }),
  changeable: z.boolean().meta({ description: 'Whether previewPlanChange takes it.' }),
});
export type Subscription = z.infer<typeof subscriptionSchema>;

export const orderEventSchema = z.object({
  kind: z.enum(orderEventKinds),
  at: z.iso.datetime(),
  evidence: z
    .record(z.string(), z.string())
    .meta({ description: 'Vendor ids and times that prove the event; never a secret or an activation code.' }),
});
export type OrderEvent = z.infer<typeof orderEventSchema>;

export const orderSchema = z.object({
  id: idSchema('order'),
  state: z.enum(orderStates),
  items: z.array(
    z.object({
      productId: productIdSchema,
      name: z.string(),
      cycle: cycleSchema,
      quantity: z.number().int(),
      unitPrice: priceSchema,
      discount: priceSchema.meta({ description: 'What is taken off the price of all of them.' }),
      total: priceSchema,
    }),
  ),
  discount: discountSchema
    .nullable()
    .meta({ description: 'What the items’ discounts come to, and why they are given.' }),
  total: priceSchema.meta({ description: 'What is paid with money: without what credit pays.' }),
  tax: priceSchema.meta({ description: 'The part of the total that is tax; nothing before it is paid.' }),
  refunded: priceSchema,
  credit: z
    .object({
      amount: priceSchema.meta({ description: 'What the tokens take off the price, beside the total.' }),
      tokens: moneySchema,
      returned: moneySchema.meta({
        description:
          'Tokens of it that are free again: all of an order that was not paid, else the share that was refunded.',
      }),
    })
    .nullable()
    .meta({ description: 'What DOTM pay of the order. They are held until it is paid.' }),
  createdAt: z.iso.datetime(),
  deadlineAt: z.iso
    .datetime()
    .nullable()
    .meta({ description: 'When a paid order that is not released refunds itself.' }),
  paymentPending: z.boolean().meta({ description: 'The member has paid by a method that takes days to settle.' }),
  checkoutUrl: z.string().nullable().meta({ description: 'The payment page, while the order waits for money.' }),
  receiptUrl: z.string().nullable(),
  lineId: idSchema('line').nullable(),
  reward: moneySchema.nullable().meta({ description: 'DOTM earned by this order, after reversals.' }),
  timeline: z.array(orderEventSchema),
});
export type Order = z.infer<typeof orderSchema>;

export const lineSchema = z.object({
  id: idSchema('line'),
  state: z.enum(['provisioning', 'released', 'installed', 'active', 'suspended', 'terminated']),
  iccid: z.string().nullable().meta({ description: 'As printed: 19 digits, without the filler of the wire.' }),
  phoneNumber: z.string().nullable().meta({ description: 'E.164; null while the carrier has assigned none.' }),
  countryCode: z.string(),
  activation: z
    .object({ lpa: z.string(), smdpAddress: z.string(), matchingId: z.string(), confirmationCodeRequired: z.boolean() })
    .nullable()
    .meta({ description: 'What installs the eSIM. A secret of its owner.' }),
  dataRemaining: moneySchema.meta({ description: 'In bytes.' }),
  dataGranted: moneySchema.meta({ description: 'In bytes.' }),
  createdAt: z.iso.datetime(),
});
export type Line = z.infer<typeof lineSchema>;

export const listOrders = declareOperation({
  name: 'listOrders',
  method: 'GET',
  path: '/orders',
  access: 'member',
  input: z.object({ cursor: idSchema('order').optional() }),
  output: z.object({ orders: z.array(orderSchema), nextCursor: idSchema('order').nullable() }),
  idempotent: false,
  summary: 'Orders of the signed-in member, newest first, twenty at a time.',
  errors: [],
});

export const getOrder = declareOperation({
  name: 'getOrder',
  method: 'GET',
  path: '/orders/{orderId}',
  access: 'member',
  input: z.object({ orderId: idSchema('order') }),
  output: orderSchema,
  idempotent: false,
  summary: 'One order of the signed-in member with its timeline.',
  errors: ['not_found'],
});

const creditSchema = priceSchema.meta({
  description:
    'So much of the price is paid with free DOTM, at the rate that the catalogue publishes for its currency. In the currency of the price.',
});

/** What is bought: items at today's price, or what a quote says at the quote's price. One of the two, never both. */
const checkoutWishSchema = z.object({
  items: z
    .array(
      z.strictObject({
        productId: productIdSchema,
        cycle: cycleSchema
          .optional()
          .meta({ description: 'The one that the product is offered in first when left out.' }),
        quantity: z.number().int().min(1).max(10).default(1),
      }),
    )
    .min(1)
    .max(10)
    .optional(),
  currency: currencySchema.optional().meta({ description: 'With items.' }),
  country: countrySchema.optional().meta({ description: 'With items: where it is to be used.' }),
  promotionCode: promotionCodeSchema.optional().meta({ description: 'With items.' }),
  quote: quoteTokenSchema
    .optional()
    .meta({ description: 'Instead of items and what goes with them: its price is kept to the cent.' }),
  credit: creditSchema.optional(),
});
export type CheckoutWish = z.output<typeof checkoutWishSchema>;

export const startCheckout = declareOperation({
  name: 'startCheckout',
  method: 'POST',
  path: '/checkouts',
  access: 'member',
  input: checkoutWishSchema,
  output: z.object({ orderId: idSchema('order'), checkoutUrl: z.string() }),
  idempotent: true,
  summary: 'Makes an order, of items or of a quote, and opens its payment page.',
  errors: [
    'account.provisioning',
    'account.erased',
    'catalog.product_unavailable',
    'order.once_per_person',
    'order.membership_active',
    'order.mixed_billing',
    'promotion.unavailable',
    'quote.altered',
    'quote.expired',
    'quote.membership_required',
    'reward.insufficient',
    'request.rate_limited',
    'vendor.unavailable',
  ],
  rateLimit: { calls: 30, windowSeconds: 3600 },
});

export const previewCredit = declareOperation({
  name: 'previewCredit',
  method: 'POST',
  path: '/checkouts/credit',
  access: 'member',
  input: z.object({ quote: quoteTokenSchema, credit: creditSchema.optional() }),
  output: z.object({
    rate: z.string().meta({ description: 'DOTM for a whole unit of the currency.' }),
    free: moneySchema.meta({ description: 'DOTM that the member may use today.' }),
    held: moneySchema.meta({ description: 'DOTM that unpaid orders of the member hold.' }),
    worth: priceSchema.meta({ description: 'What the free DOTM pay for.' }),
    due: priceSchema.meta({ description: 'The price of the quote.' }),
    most: priceSchema.meta({ description: 'The most that DOTM can pay of it.' }),
    mostInPart: priceSchema.meta({
      description:
        'The most that leaves something to pay with money. Between this and the whole price nothing is possible.',
    }),
    smallestCharge: priceSchema.meta({ description: 'The least that can be charged, apart from nothing.' }),
    credit: priceSchema,
    tokens: moneySchema.meta({ description: 'What that credit costs.' }),
    left: priceSchema.meta({ description: 'What is left to pay with money, before tax.' }),
    reward: moneySchema.meta({ description: 'What the purchase earns: DOTM on what is paid with money.' }),
  }),
  idempotent: false,
  summary: 'How much of a quote DOTM can pay, and what paying so much of it comes to.',
  errors: ['quote.altered', 'quote.expired', 'reward.insufficient', 'request.rate_limited'],
  rateLimit: { calls: 120, windowSeconds: 60 },
});

export const cancelOrder = declareOperation({
  name: 'cancelOrder',
  method: 'POST',
  path: '/orders/{orderId}/cancel',
  access: 'member',
  input: z.object({ orderId: idSchema('order') }),
  output: orderSchema,
  idempotent: true,
  summary: 'Gives up an order that has not been paid.',
  errors: ['not_found', 'order.wrong_state', 'vendor.unavailable', 'request.rate_limited'],
  rateLimit: { calls: 30, windowSeconds: 3600 },
});

export const confirmInstallation = declareOperation({
  name: 'confirmInstallation',
  method: 'POST',
  path: '/lines/{lineId}/installed',
  access: 'member',
  input: z.object({ lineId: idSchema('line') }),
  output: lineSchema,
  idempotent: true,
  summary: 'The member says that the eSIM is on the phone.',
  errors: ['not_found', 'order.wrong_state'],
});

export const listLines = declareOperation({
  name: 'listLines',
  method: 'GET',
  path: '/lines',
  access: 'member',
  input: z.object({}),
  output: z.object({ lines: z.array(lineSchema) }),
  idempotent: false,
  summary: 'Lines of the signed-in member, with what installs each eSIM.',
  errors: [],
});

export const getLine = declareOperation({
  name: 'getLine',
  method: 'GET',
  path: '/lines/{lineId}',
  access: 'member',
  input: z.object({ lineId: idSchema('line') }),
  output: lineSchema,
  idempotent: false,
  summary: 'One line of the signed-in member.',
  errors: ['not_found'],
});

export const resendEsimMail = declareOperation({
  name: 'resendEsimMail',
  method: 'POST',
  path: '/lines/{lineId}/mail',
  access: 'member',
  input: z.object({ lineId: idSchema('line') }),
  output: z.object({ queuedAt: z.iso.datetime() }),
  idempotent: true,
  summary: 'Sends the mail with the QR code again.',
  errors: ['not_found', 'order.wrong_state', 'request.rate_limited'],
  rateLimit: { calls: 5, windowSeconds: 3600 },
});

export const openBillingPortal = declareOperation({
  name: 'openBillingPortal',
  method: 'POST',
  path: '/billing-portal',
  access: 'member',
  input: z.object({}),
  output: z.object({ url: z.string() }),
  idempotent: false,
  summary: 'Opens the page where the member manages cards, subscriptions and invoices.',
  errors: ['account.provisioning', 'request.rate_limited', 'vendor.unavailable'],
  rateLimit: { calls: 30, windowSeconds: 3600 },
});
