import { z } from 'zod';
import type { Hex } from '../proofs/bytes.ts';
import { forms, isDay } from '../proofs/statement.ts';
import { declareOperation } from '../operation.ts';

function hexSchema(form: RegExp, description: string): z.ZodType<Hex, Hex> {
  return z.string().regex(form).meta({ description }) as unknown as z.ZodType<Hex, Hex>;
}

const hashSchema = hexSchema(forms.hash, '32 bytes: 0x and 64 lower-case digits.');
const addressSchema = hexSchema(forms.address, 'Address: 0x and 40 lower-case digits.');
const weiSchema = z
  .string()
  .regex(forms.wei)
  .meta({ description: 'Wei of DOTM as decimal digits; 10^18 are one DOTM.' });
const dateSchema = z
  .string()
  .regex(forms.date)
  .refine(isDay, 'must be a day of the calendar')
  .meta({ description: 'UTC day, for example 2026-11-23.' });
const dayOrLatestSchema = z
  .string()
  .regex(/^(?:latest|\d{4}-\d{2}-\d{2})$/)
  .refine((text) => text === 'latest' || isDay(text), 'must be a day of the calendar, or latest')
  .meta({ description: 'UTC day, for example 2026-11-23, or latest.' });

/** A signed statement, field for field what is signed and what the verifier reads. Bytes and rules: docs/proof.md. */
export const signedStatementSchema = z.object({
  statement: z.object({
    version: z.literal(1),
    date: dateSchema,
    takenAt: z.string().regex(forms.second).meta({ description: 'When the balances were read, UTC, to the second.' }),
    chainId: z.number().int(),
    token: addressSchema,
    distributor: addressSchema,
    block: z.object({ number: z.number().int(), hash: hashSchema }),
    supply: weiSchema,
    cap: weiSchema,
    root: hashSchema,
    leaves: z.number().int().meta({ description: 'Members to whom something is owed.' }),
    totals: z.object({ pending: weiSchema, vested: weiSchema, reserved: weiSchema, owed: weiSchema }),
    mayStillBeMinted: weiSchema.meta({ description: 'cap − supply. What is owed must not be above it.' }),
  }),
  signature: z.object({
    signer: addressSchema,
    value: hexSchema(forms.signature, 'EIP-712 signature: r, s and v, 65 bytes.'),
  }),
});

/** A member's proof with the statement that it belongs to. */
export const proofFileSchema = signedStatementSchema.extend({
  proof: z.object({
    leaf: z.object({
      member: z.string().regex(forms.memberId),
      salt: hashSchema,
      pending: weiSchema,
      vested: weiSchema,
      reserved: weiSchema,
    }),
    index: z.number().int(),
    siblings: z.array(z.object({ hash: hashSchema, sum: weiSchema })),
  }),
});

export const getRewardProof = declareOperation({
  name: 'getRewardProof',
  method: 'GET',
  path: '/rewards/proof',
  access: 'member',
  input: z.object({ date: dateSchema.optional() }),
  output: z.object({
    file: proofFileSchema.nullable().meta({
      description: 'Null when no day was named and the member is in no statement yet, or not in the newest.',
    }),
  }),
  idempotent: false,
  summary: 'Proof that the balance of the signed-in member is in the statement of a day, by default the newest.',
  errors: ['not_found'],
  // Each makes a few hundred hashes.
  rateLimit: { calls: 120, windowSeconds: 3_600 },
});

export const getRewardStatement = declareOperation({
  name: 'getRewardStatement',
  method: 'GET',
  path: '/rewards/statements/{date}',
  access: 'public',
  input: z.object({ date: dayOrLatestSchema }),
  output: signedStatementSchema,
  idempotent: false,
  summary: 'The signed statement of what is owed in rewards, of a UTC day or "latest".',
  errors: ['not_found'],
});

export const listRewardStatements = declareOperation({
  name: 'listRewardStatements',
  method: 'GET',
  path: '/rewards/statements',
  access: 'public',
  input: z.object({ before: dateSchema.optional().meta({ description: 'Only days before this one.' }) }),
  output: z.object({ statements: z.array(signedStatementSchema) }),
  idempotent: false,
  summary: 'Signed statements, newest first, 31 at a time.',
  errors: [],
});
