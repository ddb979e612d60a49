import { z } from 'zod';
import { priceSchema } from '../money-schemas.ts';
import { declareOperation } from '../operation.ts';
import { productIdSchema } from './catalog.ts';
import { promotionCodeSchema } from './pricing.ts';

const countSchema = z.number().int().min(1).max(10_000_000);

/** A promotion as operators see it. */
export const promotionSchema = z.object({
  code: z.string(),
  basisPoints: z
    .number()
    .int()
    .nullable()
    .meta({ description: 'Hundredths of a per cent; null where it takes amounts off.' }),
  amounts: z.array(priceSchema).meta({ description: 'What it takes off, for each currency; empty for a percentage.' }),
  productIds: z.array(productIdSchema).nullable().meta({ description: 'What it is taken off; null for everything.' }),
  startsAt: z.iso.datetime(),
  endsAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable().meta({ description: 'When an operator stopped it.' }),
  maxRedemptions: z.number().int().nullable(),
  maxPerPerson: z.number().int().nullable(),
  note: z.string(),
  createdAt: z.iso.datetime(),
  reserved: z.number().int().meta({ description: 'Orders that hold it and are not paid yet.' }),
  redeemed: z.number().int().meta({ description: 'Orders that were paid with it.' }),
});
export type PromotionView = z.infer<typeof promotionSchema>;

export const createPromotion = declareOperation({
  name: 'createPromotion',
  method: 'POST',
  path: '/admin/promotions',
  access: ['owner', 'operations'],
  input: z.object({
    code: promotionCodeSchema,
    basisPoints: z
      .number()
      .int()
      .min(1)
      .max(10_000)
      .optional()
      .meta({ description: 'A percentage; or amounts, not both.' }),
    amounts: z.array(priceSchema.strict()).min(1).max(20).optional(),
    productIds: z.array(productIdSchema).min(1).max(100).nullable().default(null),
    startsAt: z.iso.datetime().optional().meta({ description: 'At once when left out.' }),
    endsAt: z.iso.datetime().nullable().default(null),
    maxRedemptions: countSchema.nullable().default(null),
    maxPerPerson: countSchema.nullable().default(1),
    note: z.string().trim().max(500).default(''),
  }),
  output: promotionSchema,
  idempotent: true,
  summary:
    'Makes a promotion code that takes a percentage or an amount off, limited by count, time, product and person.',
  errors: ['promotion.exists'],
});

export const listPromotions = declareOperation({
  name: 'listPromotions',
  method: 'GET',
  path: '/admin/promotions',
  access: ['owner', 'operations', 'support', 'finance'],
  input: z.object({}),
  output: z.object({ promotions: z.array(promotionSchema) }),
  idempotent: false,
  summary: 'Promotions with how often each was used, newest first.',
  errors: [],
});

export const endPromotion = declareOperation({
  name: 'endPromotion',
  method: 'POST',
  path: '/admin/promotions/{code}/end',
  access: ['owner', 'operations'],
  input: z.object({ code: promotionCodeSchema, reason: z.string().trim().min(3).max(500) }),
  output: promotionSchema,
  idempotent: true,
  summary: 'Stops a promotion at once. Orders that hold it keep it.',
  errors: ['not_found'],
});
