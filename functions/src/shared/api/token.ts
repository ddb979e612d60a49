import { z } from 'zod';
import { moneySchema } from '../money-schemas.ts';
import { declareOperation } from '../operation.ts';
import { signedStatementSchema } from './reward-proofs.ts';

/** A batch of rewards that the chain says was paid. */
export const payoutSchema = z.object({
  batchId: z.string().regex(/^\d+$/),
  paidAt: z.iso.datetime(),
  members: z.number().int().meta({ description: 'Entries of the batch.' }),
  amount: moneySchema,
  blockNumber: z.number().int(),
  transactionHash: z.string(),
  planned: z.boolean().meta({ description: 'False when we did not plan this payment: operators were alerted.' }),
});
export type Payout = z.infer<typeof payoutSchema>;

export const getToken = declareOperation({
  name: 'getToken',
  method: 'GET',
  path: '/token',
  access: 'public',
  input: z.object({}),
  output: z.object({
    token: z
      .object({
        chainId: z.number().int(),
        address: z.string(),
        distributor: z.string(),
        explorerUrl: z.string().nullable().meta({ description: 'Block explorer, without a slash at the end.' }),
        reading: z
          .object({
            blockNumber: z.number().int(),
            readAt: z.iso.datetime().meta({ description: 'Time of that block.' }),
            supply: moneySchema,
            cap: moneySchema,
            holders: z.number().int(),
            payouts: z.array(payoutSchema).meta({ description: 'The newest 50.' }),
          })
          .nullable()
          .meta({ description: 'What the chain said at a settled block; null until it was first read.' }),
        statement: signedStatementSchema.nullable().meta({ description: 'The newest statement of what is owed.' }),
      })
      .nullable()
      .meta({ description: 'Null while no chain is set up.' }),
  }),
  idempotent: false,
  summary: 'The DOTM token on chain: supply, cap, holders, payouts, and the newest statement of what is owed.',
  errors: [],
});
