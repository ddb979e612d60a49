import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { localeSchema } from '../locale.ts';
import { currencySchema } from '../money-schemas.ts';
import { declareOperation, roles } from '../operation.ts';
import { subscriptionSchema } from './orders.ts';

export const provisioningSteps = ['member', 'payments', 'carrier_user', 'carrier_group'] as const;

export const accountSchema = z.object({
  memberId: idSchema('member'),
  email: z.string().nullable(),
  emailVerified: z.boolean(),
  displayName: z.string().nullable(),
  locale: localeSchema,
  currency: currencySchema,
  role: z.enum(roles).nullable(),
  createdAt: z.iso.datetime(),
  provisioning: z
    .array(z.object({ step: z.enum(provisioningSteps), done: z.boolean() }))
    .meta({ description: 'What is set up behind the account; the app works meanwhile.' }),
  subscriptions: z.array(subscriptionSchema),
  revision: z.number().int().meta({
    description: 'Rises with every change of anything that the member sees: of two answers the higher is newer.',
  }),
});
export type Account = z.infer<typeof accountSchema>;

export const getAccount = declareOperation({
  name: 'getAccount',
  method: 'GET',
  path: '/account',
  access: 'member',
  input: z.object({}),
  output: accountSchema,
  idempotent: false,
  summary: 'The signed-in member; starts any set-up step that has not been done.',
  errors: ['account.erased'],
});

export const updateAccount = declareOperation({
  name: 'updateAccount',
  method: 'PATCH',
  path: '/account',
  access: 'member',
  input: z.object({
    displayName: z.string().trim().min(1).max(80).optional(),
    locale: localeSchema.optional(),
    currency: currencySchema.optional(),
  }),
  output: accountSchema,
  idempotent: false,
  // A new name is a greeting to record, which costs money.
  rateLimit: { calls: 30, windowSeconds: 3600 },
  summary: 'Changes name, language or currency of the signed-in member.',
  errors: ['account.erased'],
});

export const exportAccount = declareOperation({
  name: 'exportAccount',
  method: 'POST',
  path: '/account/export',
  access: 'member',
  input: z.object({}),
  output: z.object({ generatedAt: z.iso.datetime(), data: z.record(z.string(), z.unknown()) }),
  idempotent: false,
  summary: 'Everything that we hold about the signed-in member, as JSON.',
  errors: ['account.erased', 'request.rate_limited'],
  rateLimit: { calls: 10, windowSeconds: 3600 },
});

export const deleteAccount = declareOperation({
  name: 'deleteAccount',
  method: 'POST',
  path: '/account/delete',
  access: 'member',
  input: z.object({ confirm: z.literal('DELETE') }),
  output: z.object({ acceptedAt: z.iso.datetime() }),
  idempotent: true,
  summary:
    'Deletes the signed-in member: cancels subscriptions, erases personal data, keeps the ledger. Needs a sign-in of the last five minutes.',
  errors: ['auth.recent_sign_in_required', 'account.erased'],
});
