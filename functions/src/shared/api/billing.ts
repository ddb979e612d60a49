import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { priceSchema } from '../money-schemas.ts';
import { declareOperation } from '../operation.ts';
import { productIdSchema } from './catalog.ts';
import { subscriptionCycleSchema, subscriptionSchema } from './orders.ts';

const planWish = {
  subscriptionId: idSchema('subscription'),
  productId: productIdSchema,
  cycle: subscriptionCycleSchema,
};
const planSchema = z.object({ productId: productIdSchema, cycle: subscriptionCycleSchema, price: priceSchema });

/** What a change of plan costs and when it happens. All amounts are of the subscription's currency. */
export const planPreviewSchema = z.object({
  kind: z
    .enum(['upgrade', 'downgrade', 'keep'])
    .meta({ description: 'Up at once; down at the next renewal; keep takes a chosen downgrade back.' }),
  from: planSchema,
  to: planSchema,
  effectiveAt: z.iso.datetime().meta({ description: 'From when the new plan runs.' }),
  prorationDate: z.iso
    .datetime()
    .meta({ description: 'The second that is reckoned for. Hand it to changePlan: what is shown is what is charged.' }),
  daysLeft: z.number().int().meta({ description: 'Days begun of the period that is paid for.' }),
  credit: priceSchema.meta({ description: 'For time of the old plan that is not used, before tax.' }),
  charge: priceSchema.meta({ description: 'For the new plan until the next renewal, before tax.' }),
  tax: priceSchema,
  dueNow: priceSchema.meta({ description: 'Charge less credit, with tax. What the card is charged.' }),
  nextRenewal: z.object({ at: z.iso.datetime(), price: priceSchema }).meta({ description: 'Before tax.' }),
});
export type PlanPreview = z.infer<typeof planPreviewSchema>;

export const previewPlanChange = declareOperation({
  name: 'previewPlanChange',
  method: 'POST',
  path: '/subscriptions/{subscriptionId}/change-preview',
  access: 'member',
  input: z.object(planWish),
  output: planPreviewSchema,
  idempotent: false,
  summary: 'Says what changing a subscription to another plan costs now and at its next renewal. Changes nothing.',
  errors: ['not_found', 'plan.unavailable', 'plan.change_pending', 'request.rate_limited', 'vendor.unavailable'],
  rateLimit: { calls: 60, windowSeconds: 3600 },
});

export const changePlan = declareOperation({
  name: 'changePlan',
  method: 'POST',
  path: '/subscriptions/{subscriptionId}/change',
  access: 'member',
  input: z.object({
    ...planWish,
    prorationDate: planPreviewSchema.shape.prorationDate,
    dueNow: priceSchema.meta({ description: 'From the preview: another amount is never charged.' }),
  }),
  output: z.object({
    outcome: z.enum(['done', 'scheduled', 'kept', 'pending']).meta({
      description: 'pending: the payment provider did not answer; it is being tried, and the order tells of it.',
    }),
    orderId: idSchema('order').nullable().meta({ description: 'The order that the charge of an upgrade is.' }),
    subscription: subscriptionSchema,
  }),
  idempotent: true,
  summary: 'Changes a subscription to another plan: up at once for what the preview said, down at the next renewal.',
  errors: [
    'not_found',
    'payment.refused',
    'plan.unavailable',
    'plan.change_pending',
    'plan.preview_outdated',
    'request.rate_limited',
    'vendor.unavailable',
  ],
  rateLimit: { calls: 20, windowSeconds: 3600 },
});

const ofSubscription = z.object({ subscriptionId: idSchema('subscription') });

export const cancelSubscription = declareOperation({
  name: 'cancelSubscription',
  method: 'POST',
  path: '/subscriptions/{subscriptionId}/cancel',
  access: 'member',
  input: ofSubscription,
  output: subscriptionSchema,
  idempotent: true,
  summary: 'Lets a subscription end with the period that is paid for. What is billed together with it ends with it.',
  errors: ['not_found', 'plan.unavailable', 'request.rate_limited', 'vendor.unavailable'],
  rateLimit: { calls: 30, windowSeconds: 3600 },
});

export const resumeSubscription = declareOperation({
  name: 'resumeSubscription',
  method: 'POST',
  path: '/subscriptions/{subscriptionId}/resume',
  access: 'member',
  input: ofSubscription,
  output: subscriptionSchema,
  idempotent: true,
  summary: 'Takes the cancellation of a subscription back before its period has ended.',
  errors: ['not_found', 'plan.unavailable', 'request.rate_limited', 'vendor.unavailable'],
  rateLimit: { calls: 30, windowSeconds: 3600 },
});
