import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { moneySchema, priceSchema } from '../money-schemas.ts';
import { declareOperation } from '../operation.ts';

export const rewardSchema = z.object({
  id: idSchema('reward'),
  orderId: idSchema('order'),
  state: z.enum(['pending', 'vested', 'reversed']),
  amount: moneySchema.meta({ description: 'What is left after refunds.' }),
  paid: priceSchema.meta({ description: 'What was paid for the goods.' }),
  basisPoints: z.number().int(),
  accruedAt: z.iso.datetime(),
  vestsAt: z.iso.datetime(),
});
export type Reward = z.infer<typeof rewardSchema>;

export const getRewards = declareOperation({
  name: 'getRewards',
  method: 'GET',
  path: '/rewards',
  access: 'member',
  input: z.object({}),
  output: z.object({ pending: moneySchema, vested: moneySchema, rewards: z.array(rewardSchema) }),
  idempotent: false,
  summary: 'DOTM of the signed-in member by state.',
  errors: [],
});
