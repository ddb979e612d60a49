import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { moneySchema } from '../money-schemas.ts';
import { declareOperation, type Role } from '../operation.ts';

/** What a run can be seen in. `planning`: its batches are being made, and nothing of it can be approved yet. */
export const runStates = ['planning', 'awaiting_approval', 'sending', 'done', 'rejected', 'failed'] as const;

/** Where a batch is. `conflict`: the chain tells otherwise than our books, and a person must look. */
export const batchStates = ['planned', 'signed', 'confirmed', 'conflict', 'released'] as const;

/** Why rewards that a member could have are in no batch. */
export const waitingReasons = [
  'no_wallet',
  'cooling_off',
  'open_note',
  'below_one_micro',
  'above_entry_ceiling',
] as const;

/** Who plans, approves and rejects payments. */
export const payers: readonly Role[] = ['owner', 'finance'];

/** One thing that must hold before anything is signed. */
export const runCheckSchema = z.object({
  name: z.string().meta({ description: 'paused, operator, run_budget, daily_limit, cap, fees, funds, chain, call.' }),
  ok: z.boolean(),
  detail: z.string().meta({ description: "What was seen and, where it fails, what to do; an operator's text." }),
});
export type RunCheckView = z.infer<typeof runCheckSchema>;

/** A payment round as operators see it in the list. */
export const distributionRunSchema = z.object({
  id: idSchema('distributionRun'),
  state: z.enum(runStates),
  requestedBy: z.string().meta({ description: '"schedule", or who asked for it.' }),
  total: moneySchema,
  recipients: z.number().int(),
  /** How many batches are in which state. */
  batches: z.object({
    planned: z.number().int(),
    signed: z.number().int(),
    confirmed: z.number().int(),
    conflict: z.number().int(),
    released: z.number().int(),
  }),
  createdAt: z.iso.datetime(),
  plannedAt: z.iso.datetime().nullable(),
  approvedBy: z.string().nullable().meta({ description: '"policy" below the amount that needs a second person.' }),
  approvedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  note: z.string().nullable(),
  mayApprove: z.boolean().meta({ description: 'Whether the caller may approve it: not who asked for it.' }),
  mayReject: z.boolean(),
});
export type DistributionRunView = z.infer<typeof distributionRunSchema>;

/** One transaction's worth of a run. */
export const distributionBatchSchema = z.object({
  id: z.string().meta({ description: 'Its number on chain.' }),
  state: z.enum(batchStates),
  entries: z.number().int(),
  total: moneySchema,
  attempts: z.number().int().meta({ description: 'How many transactions were signed for it.' }),
  transaction: z
    .object({ hash: z.string(), url: z.string().nullable() })
    .nullable()
    .meta({ description: 'Which paid it, or the newest that was signed.' }),
  block: z.number().int().nullable(),
  paidAt: z.iso.datetime().nullable(),
  releasedBecause: z.string().nullable().meta({ description: 'Why an operator had it given back after a conflict.' }),
  mayRelease: z.boolean().meta({ description: 'Whether the caller may have what it holds given back.' }),
});
export type DistributionBatchView = z.infer<typeof distributionBatchSchema>;

/** What a run planned now would pay, and what stands in its way. Nothing is reserved for it. */
export const distributionReportSchema = z.object({
  at: z.iso.datetime(),
  recipients: z.number().int(),
  batches: z.number().int(),
  total: moneySchema,
  needsApproval: z.boolean().meta({ description: 'Whether a second person would have to approve it.' }),
  largest: z
    .array(z.object({ wallet: z.string().meta({ description: 'Its first and last figures.' }), amount: moneySchema }))
    .meta({ description: 'The largest entries, largest first.' }),
  waiting: z
    .array(z.object({ reason: z.enum(waitingReasons), members: z.number().int(), total: moneySchema }))
    .meta({ description: 'What is vested and waits, by reason; reasons that nobody has are left out.' }),
  gas: z
    .object({
      units: z.string(),
      feeGwei: z.string().meta({ description: 'What a unit costs now.' }),
      ceilingGwei: z.string().meta({ description: 'Above it nothing is sent.' }),
      costEther: z.string(),
      costAtCeilingEther: z.string(),
    })
    .nullable()
    .meta({ description: 'What sending takes; null where the chain gives no answer.' }),
  checks: z.array(runCheckSchema),
});
export type DistributionReport = z.infer<typeof distributionReportSchema>;

export const planDistribution = declareOperation({
  name: 'planDistribution',
  method: 'POST',
  path: '/admin/distributions',
  access: payers,
  input: z.object({ dryRun: z.boolean().meta({ description: 'Only report; nothing is reserved, nothing is kept.' }) }),
  output: z.object({
    report: distributionReportSchema.nullable().meta({ description: 'Of a dry run.' }),
    run: distributionRunSchema
      .nullable()
      .meta({ description: 'What was planned; its batches follow in the background.' }),
  }),
  idempotent: true,
  summary: 'Plans a payment of rewards, or only says what it would be.',
  errors: ['chain.not_set_up', 'request.rate_limited'],
  rateLimit: { calls: 60, windowSeconds: 3600 },
});

export const approveDistribution = declareOperation({
  name: 'approveDistribution',
  method: 'POST',
  path: '/admin/distributions/{runId}/approve',
  access: payers,
  input: z.object({ runId: idSchema('distributionRun'), reason: z.string().trim().min(3).max(500) }),
  output: distributionRunSchema,
  idempotent: true,
  summary: 'Lets a planned payment go out. Never by who asked for it.',
  errors: ['not_found', 'distribution.wrong_state', 'distribution.second_person_required'],
});

export const rejectDistribution = declareOperation({
  name: 'rejectDistribution',
  method: 'POST',
  path: '/admin/distributions/{runId}/reject',
  access: payers,
  input: z.object({ runId: idSchema('distributionRun'), reason: z.string().trim().min(3).max(500) }),
  output: distributionRunSchema,
  idempotent: true,
  summary: 'Gives a planned payment up; what it held is free again.',
  errors: ['not_found', 'distribution.wrong_state'],
});

export const releaseConflict = declareOperation({
  name: 'releaseConflict',
  method: 'POST',
  path: '/admin/distribution-batches/{batchId}/release',
  access: payers,
  input: z.object({
    batchId: z
      .string()
      .regex(/^\d{1,18}$/)
      .meta({ description: 'Its number on chain.' }),
    reason: z.string().trim().min(3).max(500),
  }),
  output: distributionRunSchema.meta({ description: 'The payment that the batch is part of.' }),
  idempotent: true,
  summary:
    'Gives members back what a batch in conflict holds, once the chain can never pay it and has paid none of them.',
  errors: [
    'not_found',
    'distribution.wrong_state',
    'distribution.may_be_paid',
    'distribution.members_paid',
    'distribution.other_contract',
    'distribution.chain_unclear',
    'chain.not_set_up',
    'vendor.unavailable',
    'request.rate_limited',
  ],
  rateLimit: { calls: 60, windowSeconds: 3600 },
});

export const listDistributions = declareOperation({
  name: 'listDistributions',
  method: 'GET',
  path: '/admin/distributions',
  access: ['owner', 'finance', 'operations'],
  input: z.object({ before: idSchema('distributionRun').optional() }),
  output: z.object({ runs: z.array(distributionRunSchema), next: idSchema('distributionRun').nullable() }),
  idempotent: false,
  summary: 'Payments of rewards, newest first; `next` goes into `before` for the page after.',
  errors: [],
});

export const getDistribution = declareOperation({
  name: 'getDistribution',
  method: 'GET',
  path: '/admin/distributions/{runId}',
  access: ['owner', 'finance', 'operations'],
  input: z.object({ runId: idSchema('distributionRun') }),
  output: z.object({
    run: distributionRunSchema,
    paid: moneySchema.meta({ description: 'What the chain has confirmed of it.' }),
    checks: z.array(runCheckSchema).meta({ description: 'As they were before the last signing.' }),
    leftOut: z.number().int().meta({ description: 'Members whose address can not be paid to.' }),
    walletsChanged: z
      .number()
      .int()
      .meta({ description: 'Members taken out after it was planned: they have unlinked or changed their wallet.' }),
    batches: z.array(distributionBatchSchema),
  }),
  idempotent: false,
  summary: 'One payment of rewards: its batches with transaction and block, checks and result.',
  errors: ['not_found'],
});
