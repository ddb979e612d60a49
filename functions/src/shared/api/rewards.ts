import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { moneySchema, priceSchema } from '../money-schemas.ts';
import { declareOperation } from '../operation.ts';
import { walletSchema } from './wallets.ts';

export const rewardSchema = z.object({
  id: idSchema('reward'),
  kind: z.enum(['purchase', 'new_member', 'founding_member']),
  orderId: idSchema('order').meta({ description: 'The order that brought it.' }),
  state: z.enum(['pending', 'vested', 'reversed']),
  amount: moneySchema.meta({ description: 'What is left after refunds.' }),
  earned: moneySchema.meta({ description: 'What the arithmetic gives, before the daily cap.' }),
  accrued: moneySchema.meta({ description: 'What the daily cap left of it, before refunds.' }),
  free: moneySchema.meta({ description: 'What can be used today: vested, not on its way, not paid out, not spent.' }),
  paid: priceSchema.meta({ description: 'What was paid for the goods; nothing for a one-off reward.' }),
  basisPoints: z.number().int(),
  rate: z
    .string()
    .nullable()
    .meta({ description: 'DOTM for one whole unit of the currency, as the catalogue of the order said.' }),
  accruedAt: z.iso.datetime(),
  vestsAt: z.iso.datetime(),
  vestedAt: z.iso.datetime().nullable(),
});
export type Reward = z.infer<typeof rewardSchema>;

export const rewardTotalsSchema = z.object({
  pending: moneySchema.meta({ description: 'In the refund window.' }),
  vested: moneySchema.meta({ description: 'Free to be paid out or spent.' }),
  reserved: moneySchema.meta({ description: 'On its way to a wallet, or held for an order that is not paid yet.' }),
  paid: moneySchema.meta({ description: 'Paid out to wallets.' }),
  spent: moneySchema.meta({ description: 'Spent as credit at checkout.' }),
  reversed: moneySchema.meta({ description: 'Taken back for refunds, and what paid off a note.' }),
  note: moneySchema.meta({
    description: 'Gone already when its purchase was refunded: later rewards pay it off. Never a debt.',
  }),
  nextVestingAt: z.iso.datetime().nullable(),
});
/** A member's tokens by where they are; all but the note add up to what was ever accrued. */
export type RewardTotals = z.infer<typeof rewardTotalsSchema>;

const decimal = z.string().regex(/^-?\d+\.\d+$/);

export const rewardPointSchema = z
  .object({
    day: z.iso.date(),
    pending: decimal,
    vested: decimal,
    reserved: decimal,
    paid: decimal,
    spent: decimal,
  })
  .meta({ description: 'DOTM at the end of a day (UTC) on which something moved.' });
export type RewardPoint = z.infer<typeof rewardPointSchema>;

export const getRewards = declareOperation({
  name: 'getRewards',
  method: 'GET',
  path: '/rewards',
  access: 'member',
  input: z.object({}),
  output: rewardTotalsSchema.extend({
    rewards: z.array(rewardSchema).meta({ description: 'The newest 200.' }),
    chart: z.array(rewardPointSchema).meta({
      description: 'Oldest first; the newest 120 days on which something moved.',
    }),
    wallet: walletSchema.nullable().meta({ description: 'Where rewards go; null while none is linked.' }),
  }),
  idempotent: false,
  summary: 'DOTM of the signed-in member by state.',
  errors: [],
});

export const rewardPayoutSchema = z.object({
  batchId: z.string().meta({ description: 'Number of the batch on chain.' }),
  state: z.enum(['planned', 'sent', 'confirmed', 'released']).meta({
    description: 'confirmed: in a block that stays. released: given up before it was sent, and free again.',
  }),
  txHash: z.string().nullable(),
  blockNumber: z.number().int().nullable(),
  blockAt: z.iso.datetime().nullable(),
  explorerUrl: z.url().nullable().meta({ description: 'The transaction in a block explorer, where one is set up.' }),
});
export type RewardPayout = z.infer<typeof rewardPayoutSchema>;

const useSchema = z.object({
  kind: z.enum(['payout', 'credit', 'set_off', 'lapse']),
  amount: moneySchema,
  returned: moneySchema.meta({ description: 'What came back of it.' }),
  state: z.enum(['held', 'final']),
  madeAt: z.iso.datetime(),
  settledAt: z.iso.datetime().nullable(),
  orderId: idSchema('order').nullable().meta({ description: 'Of credit, the order that it pays for.' }),
  payout: rewardPayoutSchema.nullable(),
});

export const rewardExplanationSchema = z.object({
  reward: rewardSchema,
  order: z.object({
    id: idSchema('order'),
    at: z.iso.datetime(),
    charged: priceSchema.meta({ description: 'In money, tax included.' }),
    refunded: priceSchema,
  }),
  product: z.object({ id: z.string(), name: z.string(), quantity: z.number().int() }).nullable(),
  cappedOff: moneySchema.meta({ description: 'What the daily cap took off: not earned.' }),
  reversals: z.array(
    z.object({
      at: z.iso.datetime(),
      amount: moneySchema.meta({ description: 'The share that a refund took back.' }),
      noted: moneySchema.meta({ description: 'The part of it that was gone already: later rewards pay it off.' }),
    }),
  ),
  uses: z.array(useSchema),
  ifRefunded: z
    .object({ amount: moneySchema, noted: moneySchema })
    .nullable()
    .meta({ description: 'What a whole refund of the order would take back now, and what of it would be a note.' }),
});
export type RewardExplanation = z.infer<typeof rewardExplanationSchema>;

export const explainReward = declareOperation({
  name: 'explainReward',
  method: 'GET',
  path: '/rewards/{rewardId}',
  access: 'member',
  input: z.object({ rewardId: idSchema('reward') }),
  output: rewardExplanationSchema,
  idempotent: false,
  summary: 'Every number behind a reward of the caller, from the arithmetic to the transaction on chain.',
  errors: ['not_found'],
});

const transferId = z.string().regex(/^tfr_\d{16}$/);

export const rewardMovementSchema = z.object({
  id: transferId,
  kind: z.enum([
    'accrued',
    'vested',
    'reversed',
    'set_off',
    'lapsed',
    'payout_reserved',
    'payout_released',
    'paid',
    'credit_held',
    'credit_released',
    'spent',
    'credit_returned',
  ]),
  amount: moneySchema.meta({ description: 'How many tokens it was about, above zero.' }),
  noted: moneySchema.meta({ description: 'Of a reversal, what was gone already and became a note.' }),
  at: z.iso.datetime(),
  rewardId: idSchema('reward').nullable(),
  orderId: idSchema('order').nullable(),
  payout: rewardPayoutSchema.nullable(),
});
/** One transfer of the ledger that touched the member's rewards. */
export type RewardMovement = z.infer<typeof rewardMovementSchema>;

export const listRewardMovements = declareOperation({
  name: 'listRewardMovements',
  method: 'GET',
  path: '/rewards/movements',
  access: 'member',
  input: z.object({ cursor: transferId.optional() }),
  output: z.object({ movements: z.array(rewardMovementSchema), nextCursor: transferId.nullable() }),
  idempotent: false,
  summary: 'What has moved the DOTM of the caller, newest first: ledger and chain in one history.',
  errors: [],
});
