import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { currencySchema, moneySchema, priceSchema } from '../money-schemas.ts';
import { declareOperation } from '../operation.ts';
import { orderEventKinds, orderStates } from '../order.ts';
import { productIdSchema } from './catalog.ts';

export const subscriptionSchema = z.object({
  id: idSchema('subscription'),
  productId: productIdSchema,
  status: z.enum(['active', 'past_due', 'canceled']),
  currentPeriodEnd: z.iso.datetime(),
  cancelAtPeriodEnd: z.boolean(),
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
    z.object({ productId: productIdSchema, name: z.string(), quantity: z.number().int(), unitPrice: priceSchema }),
  ),
  total: priceSchema,
  refunded: priceSchema,
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

export const startCheckout = declareOperation({
  name: 'startCheckout',
  method: 'POST',
  path: '/checkouts',
  access: 'member',
  input: z.object({
    items: z
      .array(z.strictObject({ productId: productIdSchema, quantity: z.number().int().min(1).max(10).default(1) }))
      .min(1)
      .max(10),
    currency: currencySchema,
  }),
  output: z.object({ orderId: idSchema('order'), checkoutUrl: z.string() }),
  idempotent: true,
  summary: 'Makes an order and opens its payment page.',
  errors: [
    'account.provisioning',
    'account.erased',
    'catalog.product_unavailable',
    'order.once_per_person',
    'order.membership_active',
    'order.mixed_billing',
    'request.rate_limited',
    'vendor.unavailable',
  ],
  rateLimit: { calls: 30, windowSeconds: 3600 },
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
